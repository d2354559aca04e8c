"""`linewise duties`: the commands on duties."""

import click

from cli.duties_done import done_command
from cli.duties_due import due_command
from cli.duties_extend import extend_command
from cli.duties_review import review_command

__all__ = ["command"]


@click.group("duties")
def command() -> None:
    """What a rule obliges somebody to, and by when.

    \b
    Example:
      linewise duties due
      linewise duties done 5d2f0d7e-8f0c-5f3b-9a3e-2b6f2a1c4d10 --evidence "letter 4711" --by ops-3
    """


command.add_command(due_command)
command.add_command(done_command)
command.add_command(extend_command)
command.add_command(review_command)
