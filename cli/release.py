"""`linewise release`: the commands on releases."""

import click

from cli.release_impact import impact_command

__all__ = ["command"]


@click.group("release")
def command() -> None:
    """What decides, who signed it, and what it did.

    \b
    Example:
      linewise release impact --release 32af95203abe8cc0
    """


command.add_command(impact_command)
