"""`linewise policy`: the commands on rules, catalogue and texts."""

import click

from cli.policy_check import check

__all__ = ["command"]


@click.group("policy")
def command() -> None:
    """Rules, catalogue and texts: check a folder.

    \b
    Example:
      linewise policy check
    """


command.add_command(check)
