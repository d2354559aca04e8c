"""`linewise campaign stop`: no export any more, and its control group is let go."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import KEY_FILE, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["stop_command"]


@click.command("stop")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--reason", required=True, help="Why, in a sentence that a later reader understands.")
@click.option("--by", help="Who stops it; or --key instead.")
@click.option("--key", "key_path", type=KEY_FILE, help="The key file of whoever stops it.")
@json_option
@home_options
def stop_command(
    settings: "Settings", *, campaign_id: str, reason: str, by: str | None, key_path: Path | None, as_json: bool
) -> None:
    """Stop a campaign at once; one person is enough. What a gateway has already it does not take back.

    \b
    Example:
      linewise campaign stop SPRING_CARDS --reason "a wrong price in the text" --by sue
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.campaigns import stop_campaign
    from linewise.ledger.signing import read_key_file

    if (by is None) == (key_path is None):
        raise UsageError("Either --by NAME or --key FILE was expected.", "One of the two says who stops it.")
    who = by if key_path is None else read_key_file(key_path)
    with opened_ledger(settings) as ledger:
        stopped = stop_campaign(ledger, campaign_id, reason, who or "", signing_now(settings))
    say(f"{campaign_id} is stopped by {stopped.changed_by}: {stopped.reason}")
    if stopped.exported_at is not None:
        say(f"Its list went out on {stopped.exported_at:%Y-%m-%d}: tell whoever sends it.")
    if as_json:
        show_json({"campaign_id": campaign_id, "state": stopped.state, "by": stopped.changed_by})
