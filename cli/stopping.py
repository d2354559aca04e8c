"""What the four commands that stop and let go on share: who does it, and what is said of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.signing import KEY_FILE, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["by_option", "lift_it", "own_key_option", "reason_option", "stop_it"]

reason_option = click.option("--reason", required=True, help="Why, in a sentence that a later reader understands.")
by_option = click.option("--by", help="Who stops it; one person is enough, at once.")
own_key_option = click.option("--key", "key_path", type=KEY_FILE, help="Instead of --by: the person's key file.")

Kind = Literal["release", "action_kind"]


def stop_it(
    settings: "Settings", kind: Kind, target: str, reason: str, by: str | None, key_path: Path | None, as_json: bool
) -> None:
    """Stop a release or a kind of action, in the name given or by the key."""
    from linewise.core.errors import UsageError
    from linewise.ledger.signing import read_key_file
    from linewise.ledger.stops import stop

    if (by is None) == (key_path is None):
        raise UsageError("Either --by NAME or --key FILE was expected.", "One of the two says who stops it.")
    who = by if key_path is None else read_key_file(key_path)
    with opened_ledger(settings) as ledger:
        done = stop(ledger, kind, target, reason, who or "", signing_now(settings))
    say(f"{target} is stopped from the next decision on, by {done.name}: {done.reason}.")
    if as_json:
        show_json({"stopped": target, "reason": done.reason, "name": done.name, "at": done.at})


def lift_it(settings: "Settings", kind: Kind, target: str, reason: str, key_path: Path, as_json: bool) -> None:
    """Let it go on, by the key of another person."""
    from linewise.ledger.signing import read_key_file
    from linewise.ledger.stops import lift

    with opened_ledger(settings) as ledger:
        lift(ledger, kind, target, reason, read_key_file(key_path), signing_now(settings))
    say(f"{target} goes on from the next decision.")
    if as_json:
        show_json({"goes_on": target, "reason": reason})
