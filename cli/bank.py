"""`linewise bank`: the commands on contract tables."""

import click

from cli.bank_check import check
from cli.bank_import import import_

__all__ = ["command"]


@click.group("bank")
def command() -> None:
    """Contract tables: import a bank's extract, check what is loaded.

    \b
    Example:
      linewise bank import berka --source ../shared/data/berka
    """


command.add_command(import_)
command.add_command(check)
