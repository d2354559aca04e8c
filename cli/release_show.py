"""`linewise release show`: one release, its parts, and every signature on it."""

import json
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["show_command"]


@click.command("show")
@click.argument("release_id", metavar="RELEASE")
@json_option
@home_options
def show_command(settings: "Settings", release_id: str, as_json: bool) -> None:
    """Show what a release is made of, who signed it, which rows do not count and why, and what is still missing.

    \b
    Example:
      linewise release show 32af95203abe8cc0
    """
    from linewise.ledger.approvals import signatures_of
    from linewise.ledger.releases import read_release
    from linewise.ledger.stops import read_stops
    from linewise.policy.roles import load_roles

    needed = load_roles(settings.policy).needed["promote"]
    with opened_ledger(settings) as ledger, ledger.engine.connect() as connection:
        release = read_release(connection, release_id)
        signatures = signatures_of(connection, release)
        stop = read_stops(connection).releases.get(release_id)
    acts = [
        {"act": act.act, "name": act.person.name, "role": act.person.role, "meaning": act.meaning, "at": act.at}
        for act in (*signatures.authors, *signatures.approvals)
    ]
    shown = {
        "release_id": release.release_id,
        "sha256": release.sha256,
        "parts": json.loads(release.parts),
        "first_seen_at": release.first_seen_at.isoformat(),
        "signatures": acts,
        "problems": list(signatures.problems),
        "lacks": signatures.lacks(needed),
        "stopped": None if stop is None else {"reason": stop.reason, "name": stop.name, "at": stop.at},
    }
    if as_json:
        show_json(shown)
        return
    show_table(f"Release {release_id}", ["part", "hash"], list(json.loads(release.parts).items()))
    show_table("Signatures", ["act", "name", "role", "meaning", "at (UTC)"], [list(act.values()) for act in acts])
    for problem in signatures.problems:
        say(f"Does not count: {problem}.")
    if stop is not None:
        say(f"Stopped by {stop.name} at {stop.at}: {stop.reason}.")
    say(f"Before it may decide in production: {shown['lacks'] or 'nothing is missing'}.")
