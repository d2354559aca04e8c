"""The limit in an answer: what is suggested and why, what was asked and what would change it, what the line is."""

from datetime import timedelta
from typing import Any

import numpy as np

from linewise.decisioning.limits import ASKED
from linewise.decisioning.rule import Rule
from linewise.decisioning.types import Decisions
from linewise.policy.policy import Policy
from serving.scoring.why_not import drops_of, limit_reasons, number

__all__ = ["limit_answer"]

CHANGES_SHOWN = 3
"""Things that would change the answer, at the most: more help nobody."""

COMPONENTS = (
    "permanent_limit_amt", "temporary_limit_amt", "temporary_limit_days", "cash_limit_amt", "instalment_limit_amt",
    "line_card_count",
)  # fmt: skip

LEVELS = 20
"""In how many steps an agent sees what a candidate is worth: enough for the form of a curve, too few for its money."""

CURVE = {
    "limit_amt": "candidate_amt",
    "expected_profit_amt": "profit_amt",
    "gain_amt": "gain_amt",
    "gain_lower_amt": "gain_lower_amt",
    "pd_12m": "pd_12m",
    "balance_amt": "balance_amt",
    "spend_amt": "spend_amt",
    "expected_loss_amt": "expected_loss_amt",
    "cautious_loss_amt": "cautious_loss_amt",
    "provision_change_amt": "provision_change_amt",
    "exposure_amt": "exposure_amt",
    "capital_amt": "capital_amt",
}
"""A point of the curve, by the field of the decision that it is taken from."""


def limit_answer(decisions: Decisions, row: int, policy: Policy, language: str) -> dict[str, Any]:
    """The `limit` of the full answer of one customer of the chunk."""
    limit = decisions.limit
    binding = str(limit.binding[row])
    is_granted = limit.suggested_amt[row] > limit.current_amt[row] or limit.temporary_amt[row] > 0
    book = policy.reasons.in_favour if is_granted else policy.reasons.against
    drops = drops_of(
        limit.rules,
        limit.hits[row],
        limit.hit_value[row],
        limit.hit_threshold[row],
        policy,
        language,
        is_asked_for=bool(decisions.asks_for("limit")[row]),
    )
    reasons: list[dict[str, Any]] = [
        {"code": binding, "text": _binding_text(decisions, binding, policy, language), "weight": None}
    ]
    reasons += [
        {"code": code, "text": book[code].in_language(language), "weight": weight}
        for code, weight in (limit.contributions[row] if limit.contributions else ())
    ]
    because = limit_reasons(decisions, row, drops, policy, language)
    points = {name: getattr(limit, field)[row].tolist() for name, field in CURVE.items()}
    return {
        "current_amt": int(limit.current_amt[row]),
        "suggested_amt": int(limit.suggested_amt[row]),
        "max_amt": int(limit.max_amt[row]),
        "kind": str(limit.kind[row]),
        "binding": binding,
        "binding_text": reasons[0]["text"],
        "budget_amt": int(limit.budget_amt[row]),
        "cautious_income_amt": int(limit.cautious_income_amt[row]),
        "reasons": reasons,
        "why_not": drops,
        "principal_reasons": because,
        "request": _request(decisions, row, because, policy, language),
        "temporary": _temporary(decisions, row),
        "standing_quote": _standing_quote(decisions, row),
        "components": {name: number(float(decisions.customers.fact(name)[row])) for name in COMPONENTS},
        "sources": {name: str(texts[row]) for name, texts in limit.sources.items()},
        "shape": _shape(decisions, row),
        "curve": [dict(zip(points, values, strict=True)) for values in zip(*points.values(), strict=True)],
    }


def _shape(decisions: Decisions, row: int) -> list[dict[str, Any]]:
    """The curve as whoever speaks of it may see it: no money, only where it rises, where it falls and where it ends.

    worth_level: what a candidate is worth above the line in force at its cautious end, in twentieths of the largest
    difference: below nothing where it is worth less; is_open: whether caps and rules leave it. Empty where no raise is
    open.
    """
    limit = decisions.limit
    most_amt, gain_amt = int(limit.max_amt[row]), limit.gain_lower_amt[row]
    widest_amt = int(np.abs(gain_amt).max())
    if most_amt <= limit.current_amt[row] or widest_amt == 0:
        return []
    levels = np.rint(LEVELS * gain_amt / widest_amt).astype(np.int64)
    points = sorted(zip(limit.candidate_amt[row].tolist(), levels.tolist(), strict=True))
    return [{"limit_amt": amount, "worth_level": level, "is_open": amount <= most_amt} for amount, level in points]


def _binding_text(decisions: Decisions, binding: str, policy: Policy, language: str) -> str:
    if binding in policy.reasons.constraints:
        return policy.reasons.constraints[binding].in_language(language)
    rules: tuple[Rule, ...] = decisions.limit.rules
    return next(rule.because[language] for rule in rules if rule.rule_id == binding)


def _request(
    decisions: Decisions, row: int, because: list[dict[str, Any]], policy: Policy, language: str
) -> dict[str, Any] | None:
    """What became of the customer's own request; None where the bank proposes.

    counter_amt: what is offered in place of what was asked, None where nothing is.
    """
    limit = decisions.limit
    answer = str(limit.request_answer[row])
    if not answer:
        return None
    offered = int(limit.temporary_amt[row] or limit.suggested_amt[row])
    return {
        "asked_amt": int(limit.asked_amt[row]) or None,
        "kind": decisions.context.asked_kind,
        "answer": answer,
        "counter_amt": offered if answer == "countered" else None,
        "what_would_change": [] if answer == "approved" else _changes(because, policy, language),
    }


def _changes(because: list[dict[str, Any]], policy: Policy, language: str) -> list[dict[str, Any]]:
    """What would change the answer, by the reasons that may be told; nothing of a rule that must not be."""
    book = policy.reasons
    told = [one["code"] for one in because if one["tell"] != "risk_only"]
    codes = dict.fromkeys(book.change_of[code] for code in told if code in book.change_of)
    return [{"code": code, "text": book.changes[code].in_language(language)} for code in [*codes][:CHANGES_SHOWN]]


def _temporary(decisions: Decisions, row: int) -> dict[str, Any] | None:
    """A temporary limit that is granted: until when, and what its end asks of the customer; else None."""
    limit, context = decisions.limit, decisions.context
    if limit.temporary_amt[row] == 0 or context.asked_days is None:
        return None
    return {
        "amount_amt": int(limit.temporary_amt[row]),
        "days": context.asked_days,
        "until": (context.decided_at + timedelta(days=context.asked_days)).isoformat(),
        "falls_back_to_amt": int(limit.current_amt[row]),
        "paydown_amt": int(limit.paydown_amt[row]),
        "payment_at_end_amt": int(limit.paydown_payment_amt[row]),
    }


def _standing_quote(decisions: Decisions, row: int) -> dict[str, Any] | None:
    """What was promised and stands, and for how many days more; None where nothing is."""
    amount = int(decisions.limit.promised_amt[row])
    if amount == 0:
        return None
    days = float(decisions.customers.fact("standing_limit_quote_until_days")[row])
    is_kept = bool(decisions.limit.suggested_amt[row] == amount) or str(decisions.limit.binding[row]) == ASKED
    return {"amount_amt": amount, "days_left": int(np.floor(days)), "is_kept": is_kept}
