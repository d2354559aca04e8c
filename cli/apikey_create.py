"""`linewise apikey create`: a key for a machine, shown once."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["create_command"]


@click.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it opens; see docs/access.md.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="How long it holds.")
@click.option("--by", required=True, help="Who makes it.")
@json_option
@home_options
def create_command(settings: "Settings", name: str, scopes: tuple[str, ...], days: int, by: str, as_json: bool) -> None:
    """Make a key and show it this once: the ledger keeps a hash of it.

    \b
    Example:
      linewise apikey create app --scope decisions:write --scope view:customer --days 90 --by olga
    """
    from datetime import UTC, datetime

    from linewise.core.errors import UsageError
    from linewise.ledger.api_keys import make_key
    from serving.access.scopes import KEY_SCOPES

    unknown = sorted(set(scopes) - set(KEY_SCOPES))
    if unknown:
        raise UsageError(f"The scope {unknown[0]!r} is none of a key.", f"One of {', '.join(KEY_SCOPES)} was expected.")
    with opened_ledger(settings) as ledger:
        key, made = make_key(ledger, name, scopes, days, by, datetime.now(UTC))
    say(
        f"The key {made.key_id} of {made.name} holds until {made.expires_at:%Y-%m-%d %H:%M} UTC; it is not shown again."
    )
    if as_json:
        show_json({"key": key, "key_id": made.key_id, "scopes": sorted(made.scopes), "expires_at": made.expires_at})
    else:
        click.echo(key)
