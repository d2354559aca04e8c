"""`linewise policy`: the commands on rules, catalogue and texts."""

import click

from cli.policy_check import check
from cli.policy_diff import diff
from cli.policy_vet import vet

__all__ = ["command"]


@click.group("policy")
def command() -> None:
    """Rules, catalogue and texts: check a folder, compare two, hold a campaign or a screen against the rules.

    \b
    Example:
      linewise policy check
    """


command.add_command(check)
command.add_command(diff)
command.add_command(vet)
