"""`linewise user list`: who may sign in, in which roles."""

from typing import TYPE_CHECKING

import click

from cli.console import show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["list_command"]


@click.command("list")
@json_option
@home_options
def list_command(settings: "Settings", as_json: bool) -> None:
    """Everybody of the users' file; no password and no hash.

    \b
    Example:
      linewise user list
    """
    from serving.access.local_users import LocalUsers

    users = LocalUsers(settings).all().values()
    if as_json:
        names = ("name", "roles", "is_disabled", "is_demo", "changed_at")
        show_json([{name: getattr(one, name) for name in names} for one in users])
        return
    rows = [
        (
            one.name,
            ", ".join(one.roles),
            "disabled" if one.is_disabled else "demo" if one.is_demo else "",
            one.changed_at,
        )
        for one in users
    ]
    show_table("Users", ("name", "roles", "state", "changed"), rows, whole_names=True)
