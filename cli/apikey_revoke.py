"""`linewise apikey revoke`: a key that opens nothing any more."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["revoke_command"]


@click.command("revoke")
@click.argument("key_id", metavar="KEY_ID")
@click.option("--reason", required=True, help="Why; it stays in the ledger.")
@click.option("--by", required=True, help="Who revokes it.")
@json_option
@home_options
def revoke_command(settings: "Settings", key_id: str, reason: str, by: str, as_json: bool) -> None:
    """Let a key open nothing any more, within two seconds in every worker of a running service.

    \b
    Example:
      linewise apikey revoke 3f0c9a51b2d4 --reason "left in a repository" --by olga
    """
    from datetime import UTC, datetime

    from linewise.ledger.api_keys import revoke_key

    with opened_ledger(settings) as ledger:
        key = revoke_key(ledger, key_id, reason, by, datetime.now(UTC))
    say(f"The key {key.key_id} of {key.name} opens nothing any more.")
    if as_json:
        show_json(asdict(key) | {"scopes": sorted(key.scopes)})
