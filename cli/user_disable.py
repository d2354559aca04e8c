"""`linewise user disable`: somebody who may sign in no more."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["disable_command"]


@click.command("disable")
@click.argument("name")
@click.option("--enable", "is_enabled", is_flag=True, help="Let them sign in again.")
@json_option
@home_options
def disable_command(settings: "Settings", name: str, is_enabled: bool, as_json: bool) -> None:
    """Let a user sign in no more; sessions that are open end with their next request. The name stays taken.

    \b
    Example:
      linewise user disable li.na
    """
    from serving.access.local_users import LocalUsers

    user = LocalUsers(settings).change(name, is_disabled=not is_enabled)
    say(f"{user.name} may {'sign in again' if is_enabled else 'sign in no more'}.")
    if as_json:
        show_json({"name": user.name, "is_disabled": user.is_disabled})
