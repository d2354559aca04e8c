"""`linewise bank`: the commands on contract tables."""

import click

from cli.bank_check import check
from cli.bank_import import import_
from cli.bank_quarantine import quarantine
from cli.bank_simulate import simulate

__all__ = ["command"]


@click.group("bank")
def command() -> None:
    """Contract tables: import a bank's extract, simulate a bank, check what is loaded, see what was put aside.

    \b
    Example:
      linewise bank import berka --source ../shared/data/berka
    """


command.add_command(import_)
command.add_command(check)
command.add_command(quarantine)
command.add_command(simulate)
