"""`linewise portfolio budgets`: what there is, what is promised and spent, and how fast."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.ledger.budgets import Budget
    from linewise.ledger.pacing import Pace

__all__ = ["budgets_command"]


@click.command("budgets")
@json_option
@home_options
def budgets_command(settings: "Settings", as_json: bool) -> None:
    """Show every budget of the ledger: amount, reserved, consumed, left, and its pace against the plan.

    Quotes past their date give back what they had reserved before it is shown. Amounts are minor units of the
    bank's currency, or a count.

    \b
    Example:
      linewise portfolio budgets --json
    """
    from linewise.bank.tables import open_bank
    from linewise.ledger.breaker import trips_of
    from linewise.ledger.budgets import budgets_of
    from linewise.ledger.pacing import pace_of
    from linewise.ledger.quotes import release_expired
    from linewise.policy.promises import load_promises
    from linewise.policy.standard_folder import policy_folder

    now = open_bank(settings.paths).clock(settings).now()
    policy = load_promises(policy_folder(settings.policy)).pacing
    with opened_ledger(settings) as ledger:
        released = release_expired(ledger, now)
        with ledger.engine.connect() as connection:
            found, trips = budgets_of(connection), trips_of(connection)
    paces = [pace_of(one, now, policy) for one in found]
    if as_json:
        show_json({"now": now.isoformat(), "released": released, "budgets": list(map(_as_json, found, paces))})
        return
    rows = [
        (
            f"{one.budget_id}\n{one.kind}, {pot}\n{one.begins_at:%Y-%m-%d} to {one.ends_at:%Y-%m-%d}",
            f"{of.amount_amt:,}",
            f"{of.reserved_amt:,}",
            f"{of.consumed_amt:,}",
            f"{of.left_amt:,}",
            f"{pace.spent_ratio:.0%} of {pace.planned_ratio:.0%}\nprice ×{pace.multiplier:.2f}"
            if pot == "proposed"
            else "",
        )
        for one, pace in zip(found, paces, strict=True)
        for pot, of in (("proposed", one.proposed), ("requested", one.requested))
        if of.amount_amt or pot == "proposed"
    ]
    show_table("Budgets", ["budget", "amount", "reserved", "consumed", "left", "spent"], rows)
    for trip in trips:
        say(f"{trip.at:%Y-%m-%d %H:%M}: raises stopped by themselves, {trip.watched} {trip.found_amt:,} above "
            f"{trip.bound_amt:,}.")  # fmt: skip


def _as_json(budget: "Budget", pace: "Pace") -> dict[str, object]:
    def told(pot: str) -> dict[str, int]:
        of = budget.pot(pot)
        return {
            "amount_amt": of.amount_amt,
            "reserved_amt": of.reserved_amt,
            "consumed_amt": of.consumed_amt,
            "released_amt": of.released_amt,
            "left_amt": of.left_amt,
        }

    return {
        "budget_id": budget.budget_id,
        "kind": budget.kind,
        "covers": budget.covers,
        "begins_at": budget.begins_at.isoformat(),
        "ends_at": budget.ends_at.isoformat(),
        "proposal_id": budget.proposal_id,
        "proposed": told("proposed"),
        "requested": told("requested"),
        "planned_ratio": pace.planned_ratio,
        "spent_ratio": pace.spent_ratio,
        "price_multiplier": pace.multiplier,
    }
