"""What a customer is asked to agree to, in figures, and the hash that binds an act to it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from linewise.core.actions import plan_action
from linewise.core.errors import Conflict
from linewise.ledger.canonical import rounded
from linewise.ledger.quotes import Quote
from linewise.ledger.record import DecisionRecord

__all__ = ["MOST_AMOUNTS", "amounts_of", "hash_of_terms", "terms_of"]

MOST_AMOUNTS = 60
"""So many amounts stand in a list at the most; of a long raise they are some steps apart."""

OF_PLAN = (
    "term_months", "amount_amt", "payment_amt", "last_payment_amt", "total_cost_amt", "annualised_rate_ratio",
    "schedule", "early_settlement",
)  # fmt: skip
"""The fields of a plan in an answer that a customer agrees to; all of them are the customer's to see."""

QUOTED = ("term_months", "payment_amt", "total_cost_amt", "annualised_rate_ratio")
"""Those of them that stand in the quote as well."""


def amounts_of(quote: Quote, step_amt: int) -> list[int]:
    """What a customer may take of a raise, minor units, the most first: what was quoted, and steps down to above today.

    Of anything else that is quoted it is what was quoted alone.
    """
    current_amt = quote.terms.get("current_amt")
    if quote.kind != "limit" or current_amt is None or step_amt <= 0:
        return [quote.amount_amt]
    steps = -(-(quote.amount_amt - current_amt) // step_amt)
    apart = -(-steps // MOST_AMOUNTS) * step_amt
    return list(range(quote.amount_amt, current_amt, -apart))


def terms_of(decision: DecisionRecord, quote: Quote) -> dict[str, Any]:
    """The figures of a limit or a plan, minor units: as the record keeps them, and as the quote promises them.

    Raises Conflict where the two differ, or where the decision holds no table of costs for the plan.
    """
    currency = decision.answer["currency"]
    if quote.kind == "limit":
        days = quote.terms.get("days")
        return {
            "kind": "limit",
            "currency": currency,
            "old_amt": int(quote.terms.get("current_amt", 0)),
            "new_amt": quote.amount_amt,
            "days": None if days is None else int(days),
        }
    plans = [one for one in decision.answer["plans"] if plan_action(one["term_months"]) == quote.action_id]
    plan: Mapping[str, Any] = plans[0] if plans else {}
    differing = [name for name in QUOTED if rounded(quote.terms.get(name)) != rounded(plan.get(name))]
    if differing or quote.amount_amt != plan.get("amount_amt"):
        raise Conflict(
            f"The quote {quote.quote_id} of {quote.action_id} and the decision {decision.decision_id} differ.",
            "The same amount, term, payment and cost were expected in both.",
            "Ask for a new decision.",
        )
    return {
        "kind": "plan",
        "currency": currency,
        "plan_kind": quote.terms.get("kind", ""),
        **{name: plan[name] for name in OF_PLAN},
    }


def hash_of_terms(decision: DecisionRecord, quote: Quote, terms: Mapping[str, Any]) -> str:
    """SHA-256 over customer, decision, quote, action and all figures: one that is altered is another act."""
    bound = {
        "customer_id": decision.customer_id,
        "quoted_to": quote.customer_id,
        "decision_id": decision.decision_id,
        "quote_id": quote.quote_id,
        "action_id": quote.action_id,
        "amount_amt": quote.amount_amt,
        "quoted": dict(quote.terms),
        "terms": dict(terms),
    }
    text = json.dumps(rounded(bound), ensure_ascii=False, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
