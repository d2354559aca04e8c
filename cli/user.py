"""`linewise user`: the commands on who signs in."""

import click

from cli.user_add import add_command
from cli.user_disable import disable_command
from cli.user_list import list_command
from cli.user_roles import roles_command

__all__ = ["command"]


@click.group("user")
def command() -> None:
    """Who signs in at the agent's screen, in which roles; in the users' file of this home.

    \b
    Example:
      linewise user add li.na --role agent
    """


for one in (add_command, list_command, roles_command, disable_command):
    command.add_command(one)
