"""`linewise apikey list`: every key that was made."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["list_command"]


@click.command("list")
@json_option
@home_options
def list_command(settings: "Settings", as_json: bool) -> None:
    """Keys with their scopes and last day, the latest first; never the keys themselves.

    \b
    Example:
      linewise apikey list
    """
    from datetime import UTC, datetime

    from linewise.ledger.api_keys import list_keys

    now = datetime.now(UTC)
    with opened_ledger(settings) as ledger:
        keys = list_keys(ledger)
    if as_json:
        show_json([asdict(one) | {"scopes": sorted(one.scopes), "holds": one.holds(now)} for one in keys])
        return
    rows = [
        (
            one.key_id,
            one.name,
            " ".join(sorted(one.scopes)),
            f"{one.expires_at:%Y-%m-%d}",
            "holds" if one.holds(now) else f"revoked by {one.revoked_by}" if one.revoked_at else "past its last day",
        )
        for one in keys
    ]
    show_table("Keys", ("key", "name", "scopes", "until", "state"), rows, whole_names=True)
