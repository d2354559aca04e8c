"""`linewise release list`: what decided here, what may decide, what is stopped."""

from typing import TYPE_CHECKING, Any

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["list_command"]


@click.command("list")
@json_option
@home_options
def list_command(settings: "Settings", as_json: bool) -> None:
    """List the releases of this home in the order in which they came, and the kinds of action switched off.

    \b
    Example:
      linewise release list
    """
    from linewise.ledger.approvals import signatures_of
    from linewise.ledger.releases import releases_seen
    from linewise.ledger.stops import read_stops
    from linewise.policy.roles import load_roles

    needed = load_roles(settings.policy).needed["promote"]
    with opened_ledger(settings) as ledger, ledger.engine.connect() as connection:
        stops = read_stops(connection)
        signed = [(one, signatures_of(connection, one)) for one in releases_seen(ledger)]
    rows: list[dict[str, Any]] = [
        {
            "release_id": one.release_id,
            "first_seen_at": one.first_seen_at.isoformat(),
            "authors": [act.person.name for act in signatures.authors],
            "approved_by": [f"{act.person.name} ({act.person.role})" for act in signatures.approvals],
            "lacks": signatures.lacks(needed),
            "stopped": _stopped(stops.releases.get(one.release_id)),
        }
        for one, signatures in signed
    ]
    problems = sorted({*stops.problems, *(problem for _, signatures in signed for problem in signatures.problems)})
    if as_json:
        kinds = {kind: _stopped(one) for kind, one in stops.kinds.items()}
        show_json({"releases": rows, "switched_off": kinds, "problems": problems})
        return
    show_table(
        "Releases",
        ["release", "first seen (UTC)", "made by", "approved by", "state"],
        [
            (
                row["release_id"],
                row["first_seen_at"][:16].replace("T", " "),
                ", ".join(row["authors"]) or "nobody signed",
                ", ".join(row["approved_by"]) or "nobody",
                f"stopped: {row['stopped']}" if row["stopped"] else row["lacks"] or "approved",
            )
            for row in rows
        ],
    )
    for kind, one in stops.kinds.items():
        say(f"Switched off: {kind} ({_stopped(one)}).")
    for problem in problems:
        say(f"Does not count: {problem}.")


def _stopped(stop: object) -> str | None:
    from linewise.ledger.stops import Stop

    return f"{stop.reason} ({stop.name}, {stop.at[:16].replace('T', ' ')} UTC)" if isinstance(stop, Stop) else None
