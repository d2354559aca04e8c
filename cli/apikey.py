"""`linewise apikey`: the commands on keys for machines."""

import click

from cli.apikey_create import create_command
from cli.apikey_list import list_command
from cli.apikey_revoke import revoke_command

__all__ = ["command"]


@click.group("apikey")
def command() -> None:
    """Keys with which machines ask: telephony, the app, the core system.

    \b
    Example:
      linewise apikey create telephony --scope calls:write --by olga
    """


for one in (create_command, list_command, revoke_command):
    command.add_command(one)
