"""`linewise model history`: what was champion when."""

from typing import TYPE_CHECKING

import click

from cli.console import show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from training.promotion_log import Promotion

__all__ = ["history_command"]


@click.command("history")
@json_option
@home_options
def history_command(settings: "Settings", as_json: bool) -> None:
    """Every promotion and rollback of this home, oldest first, and whether a row was altered since.

    \b
    Example:
      linewise model history
    """
    from linewise.core.errors import DataCheckFailed
    from training.promotion_log import log_trouble, read_promotions

    rows, trouble = read_promotions(settings.paths), log_trouble(settings.paths)
    if as_json:
        show_json([row.model_dump(mode="json") for row in rows])
    else:
        show_table(
            "Promotions",
            ("at (UTC)", "model", "champion", "why"),
            [(f"{row.at:%Y-%m-%d %H:%M:%S}", row.name, _move(row), row.reason) for row in rows],
        )
    if trouble:
        raise DataCheckFailed(
            f"The log of promotions is not what was written: {'; '.join(trouble)}.",
            "Each row was expected to carry the hash of the one before it.",
            "Compare it with a copy of the home.",
        )


def _move(row: "Promotion") -> str:
    """From which version to which, and by whom where that is known."""
    before = "none" if row.previous_version is None else row.previous_version
    rolled = "rolled back " if row.act == "rollback" else ""
    by = f", {' and '.join(row.by)}" if row.by else ""
    return f"{rolled}{before} → {row.version}{by}"
