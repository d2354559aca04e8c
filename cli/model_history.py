"""`linewise model history`: what was champion when."""

from typing import TYPE_CHECKING

import click

from cli.console import show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["history_command"]


@click.command("history")
@json_option
@home_options
def history_command(settings: "Settings", as_json: bool) -> None:
    """Every promotion of this home, oldest first.

    \b
    Example:
      linewise model history
    """
    from training.promotion import history

    rows = history(settings)
    if as_json:
        show_json([row.model_dump(mode="json") for row in rows])
        return
    show_table(
        "Promotions",
        ("at (UTC)", "model", "version", "before", "reason"),
        [
            (f"{row.at:%Y-%m-%d %H:%M:%S}", row.name, row.version, row.previous_version or "none", row.reason)
            for row in rows
        ],
    )
