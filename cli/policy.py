"""`linewise policy`: the commands on rules, catalogue and texts."""

import click

from cli.policy_check import check
from cli.policy_diff import diff

__all__ = ["command"]


@click.group("policy")
def command() -> None:
    """Rules, catalogue and texts: check a folder, and see what another one would change for this bank.

    \b
    Example:
      linewise policy check
    """


command.add_command(check)
command.add_command(diff)
