"""`linewise audit`: the commands on the decision record."""

import click

from cli.audit_erase import erase
from cli.audit_export import export
from cli.audit_hold import hold
from cli.audit_looks import looks
from cli.audit_purge import purge
from cli.audit_verify import verify

__all__ = ["command"]


@click.group("audit")
def command() -> None:
    """The decision record: verify its chain, export a case, erase a customer, hold or purge what it keeps; who looked.

    \b
    Example:
      linewise audit verify
    """


command.add_command(verify)
command.add_command(export)
command.add_command(erase)
command.add_command(hold)
command.add_command(purge)
command.add_command(looks)
