"""`linewise release`: the commands on what decides, and on who signed it."""

import click

from cli.release_approve import approve_command
from cli.release_impact import impact_command
from cli.release_key import key_command
from cli.release_kill import kill_command
from cli.release_list import list_command
from cli.release_propose import propose_command
from cli.release_resume import resume_command
from cli.release_revive import revive_command
from cli.release_show import show_command
from cli.release_stop import stop_command
from cli.release_withdraw import withdraw_command

__all__ = ["command"]


@click.group("release")
def command() -> None:
    """What decides, who signed it, what it did, and how it is stopped.

    \b
    Example:
      linewise release list
      linewise release approve 32af95203abe8cc0 --key bo.pem --meaning "impact read, limits checked"
      linewise release stop 32af95203abe8cc0 --reason "wrong limits" --by anna
    """


command.add_command(list_command)
command.add_command(show_command)
command.add_command(impact_command)
command.add_command(key_command)
command.add_command(propose_command)
command.add_command(approve_command)
command.add_command(stop_command)
command.add_command(resume_command)
command.add_command(kill_command)
command.add_command(revive_command)
command.add_command(withdraw_command)
