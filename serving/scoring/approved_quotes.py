"""What a reviewer lets go through is quoted too: out of the share put aside, and beyond it out of the rest."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from linewise.core.actions import LIMIT_ACTION
from linewise.core.clock import as_utc
from linewise.core.errors import BudgetSpent
from linewise.decisioning.raises import USED_FROM
from linewise.ledger.approvals import Needed
from linewise.ledger.budgets import PROPOSED, REQUESTED, Budget
from linewise.ledger.pots import Use
from linewise.ledger.quotes import Quote, end_quote, make_quote, standing_quotes
from linewise.ledger.record import DecisionRecord
from linewise.ledger.reviews import Review
from linewise.ledger.usable_budgets import usable_budgets
from linewise.ledger.within import Transaction
from linewise.policy.promises import PromisePolicy
from serving.scoring.promises import RAISE_KINDS

__all__ = ["quote_approved"]


def quote_approved(
    connection: Transaction,
    decision: DecisionRecord,
    review: Review,
    policy: PromisePolicy,
    needed: Needed | None,
    at: datetime,
) -> Quote | None:
    """Quote a higher limit that a person approved, in the transaction of the verdict; None where it is none.

    A limit quoted before is replaced: the person decided on this one. Raises BudgetSpent where neither part of a
    budget has so much left; then the verdict does not stand either.
    """
    limit = decision.answer["limit"]
    amount, current = review.amount_amt or 0, int(limit["current_amt"])
    if review.verdict != "approved" or review.duty.action_id != LIMIT_ACTION or amount <= current:
        return None
    budgets = [
        one for one in usable_budgets(connection, as_utc(at), needed, {}) if one.kind in RAISE_KINDS and not one.covers
    ]
    uses = [Use(one.budget_id, _used(limit, one.kind, amount, current)) for one in budgets]
    for standing in standing_quotes(connection, [decision.customer_id], as_utc(at)):
        if standing.slot == LIMIT_ACTION:
            end_quote(connection, standing, "replaced", f"review {review.duty.duty_id}", at)
    quote = Quote(
        quote_id=str(uuid5(NAMESPACE_URL, f"linewise:review:{review.duty.duty_id}:quote")),
        customer_id=decision.customer_id,
        decision_id=decision.decision_id,
        kind="limit",
        action_id=LIMIT_ACTION,
        amount_amt=amount,
        made_at=as_utc(at),
        valid_until=as_utc(at) + policy.quote_valid["limit"],
        terms={"current_amt": current, "exposure_amt": amount - current},
        pot=_pot_for(budgets, uses),
    )
    return make_quote(connection, quote, uses)


def _used(limit: dict[str, Any], kind: str, amount_amt: int, current_amt: int) -> int:
    """What the approved limit uses of a budget: of loss and capital by the curve, at the first rung that reaches it."""
    if kind == "exposure":
        return amount_amt - current_amt
    curve, field = limit["curve"], USED_FROM[kind]
    if field not in curve[0]:
        # Decisions that were recorded before the cautious end was wait for their person too.
        field = "expected_loss_amt"
    reached = next((one for one in curve if one["limit_amt"] >= amount_amt), curve[-1])
    return max(int(reached[field]) - int(curve[0][field]), 0)


def _pot_for(budgets: list[Budget], uses: list[Use]) -> str:
    for pot in (REQUESTED, PROPOSED):
        lacking = [one for one, use in zip(budgets, uses, strict=True) if one.pot(pot).left_amt < use.used_amt]
        if not lacking:
            return pot
    raise BudgetSpent(lacking[0].budget_id, f"{REQUESTED} or {PROPOSED}")
