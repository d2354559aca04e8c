"""`linewise portfolio reconcile`, also `linewise reconcile`: what the core system did, tied to what was decided."""

from copy import copy
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import MOMENT, home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.portfolio.reconciling import Reconciliation

__all__ = ["command"]

SHOWN = 20
DEFAULT_DAYS = 31


class _NamedAsCalled(click.Command):
    """One command under two names: its example is spelt as it was called."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        spelt = copy(self)
        if ctx.parent is not None and ctx.parent.info_name == "portfolio":
            spelt.help = (self.help or "").replace("linewise reconcile", "linewise portfolio reconcile")
        super(_NamedAsCalled, spelt).format_help_text(ctx, formatter)


@click.command("reconcile", cls=_NamedAsCalled)
@click.option("--since", type=MOMENT, help="What came to stand in the bank's books from then on (default: a month).")
@json_option
@home_options
def command(settings: "Settings", since: datetime | None, as_json: bool) -> None:
    """Tie every change of a limit or plan that the core system reports to its decision, quote and consent.

    What cannot be tied is listed with the reasons, and so is what was booked and is not reported; the exit code is 4
    where there is any.

    \b
    Example:
      linewise reconcile --since 2026-11-01
    """
    from linewise.bank.tables import open_bank
    from linewise.core.errors import Unreconciled
    from serving.portfolio.core_changes import changes_since, consents_of
    from serving.portfolio.reconciling import reconcile

    bank = open_bank(settings.paths)
    until = bank.clock(settings).now()
    begins = since.replace(tzinfo=UTC) if since else until - timedelta(days=DEFAULT_DAYS)
    changes = changes_since(bank, begins, until)
    consents = consents_of(bank, {one.customer_id for one in changes})
    with opened_ledger(settings) as ledger:
        found = reconcile(changes, consents, ledger, begins, until)
    if as_json:
        show_json(_as_json(found))
    else:
        _show(found)
    if found.untied:
        raise Unreconciled(
            f"{len(found.untied):,} of {len(found.rows):,} changes since {begins:%Y-%m-%d} cannot be tied.",
            "A decision, a quote and a consent behind each was expected.",
            "Tell the ledger of bookings that are missing (POST /v1/bookings); see the others with: --json",
        )


def _show(found: "Reconciliation") -> None:
    from serving.portfolio.reconciling import REASONS

    say(
        f"{len(found.rows):,} changes of limits and plans from {found.since:%Y-%m-%d %H:%M} to "
        f"{found.until:%Y-%m-%d %H:%M} UTC, {len(found.rows) - len(found.untied):,} tied."
    )
    counts = {code: sum(code in one.reasons for one in found.untied) for code in REASONS}
    show_table(
        "Why not", ["reason", "changes", "meaning"], [(code, n, REASONS[code]) for code, n in counts.items() if n]
    )
    rows = [
        (one.kind, one.reference, one.customer_id, f"{one.at:%Y-%m-%d}", one.amount_amt, ", ".join(one.reasons))
        for one in found.untied
    ]
    if rows:
        show_table("Not tied", ["what", "reference", "customer", "at", "amount", "reasons"], rows[:SHOWN])
    if len(rows) > SHOWN:
        say(f"… and {len(rows) - SHOWN:,} more: see --json.")


def _as_json(found: "Reconciliation") -> dict[str, object]:
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "changes": len(found.rows),
        "tied": [asdict(one) for one in found.rows if not one.reasons],
        "untied": [asdict(one) for one in found.untied],
    }
