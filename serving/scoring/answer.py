"""The full answer of one customer: every field, for those who may see all (reviewer, risk, audit)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from linewise.decisioning.plans import schedule_of
from linewise.decisioning.rule import Rule, takers
from linewise.decisioning.types import Decisions
from linewise.policy.catalogue import CatalogueOffer
from linewise.policy.policy import Policy
from serving.scoring.release import Versions

__all__ = ["ARBITRATION", "complete_answer", "full_answer", "utc_of"]

ARBITRATION = "arbitration"


def utc_of(moment: np.datetime64) -> datetime:
    """A moment of an array as a datetime in UTC."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment.astype("datetime64[us]").astype(int)))


def _number(value: float) -> float | int | None:
    """A finite number, whole where it is whole; None for a missing one (JSON knows no NaN)."""
    if not np.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _offer_reasons(decisions: Decisions, row: int, column: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    width = decisions.offers.rank.shape[1]
    coded = decisions.offers.contributions[row * width + column] if decisions.offers.contributions else ()
    if not coded:
        text = policy.reasons.constraints["NO_SPECIFIC_REASON"].in_language(language)
        return [{"code": "NO_SPECIFIC_REASON", "text": text, "weight": 0.0}]
    return [
        {"code": code, "text": policy.reasons.take_up[code].in_language(language), "weight": weight}
        for code, weight in coded
    ]


def _words(offer: CatalogueOffer, language: str) -> dict[str, Any]:
    """What is said of an action, and how long it takes to say it."""
    rebuttals = offer.rebuttals
    return {
        "title": offer.title.in_language(language),
        "benefit": offer.benefit.in_language(language),
        "talk_track": offer.talk_track.in_language(language),
        "rebuttals": {}
        if rebuttals is None
        else {
            "too_expensive": rebuttals.too_expensive.in_language(language),
            "no_need": rebuttals.no_need.in_language(language),
        },
        "terms": offer.terms.in_language(language),
        "disclosure": {
            "disclosure_id": offer.disclosure.disclosure_id,
            "version": offer.disclosure.version,
            "text": offer.disclosure.text.in_language(language),
        },
        "say_seconds": offer.say_seconds["zh-CN" if language == "zh-CN" else "en"],
    }


def _help(decisions: Decisions, row: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    """What must be told and what helps, in the order in which it stands above the suggestions."""
    places = decisions.offers.help_rank[row].tolist()
    shown = sorted((place, column) for column, place in enumerate(places) if place >= 0)
    actions = [policy.catalogue.offer(decisions.offers.offer_id[column]) for _, column in shown]
    return [{"offer_id": action.offer_id, "kind": action.kind, **_words(action, language)} for action in actions]


def _offers(decisions: Decisions, row: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    """What is shown, primary first."""
    decided = decisions.offers
    shown = sorted((rank, column) for column, rank in enumerate(decided.rank[row].tolist()) if rank >= 0)
    answers = []
    for rank, column in shown:
        offer = policy.catalogue.offer(decided.offer_id[column])
        answers.append(
            {
                "offer_id": offer.offer_id,
                "rank": rank,
                "kind": offer.kind,
                **_words(offer, language),
                "annual_fee_amt": offer.annual_fee_amt,
                "annualised_cost_ratio": offer.annualised_cost_ratio,
                "propensity": float(decided.propensity[row, column]),
                "value_amt": int(decided.value_amt[row, column]),
                "priority": int(decided.priority[row, column]),
                "pscore": float(decided.pscore[row, column]),
                "reasons": _offer_reasons(decisions, row, column, policy, language),
            }
        )
    return answers


def _rule_drop(rule: Rule, value: float, threshold: float, language: str) -> dict[str, Any]:
    return {
        "stage": rule.stage,
        "rule_id": rule.rule_id,
        "effect": rule.effect,
        "because": rule.because[language],
        "tell": rule.tell,
        "neutral": rule.neutral[language],
        "value": _number(value),
        "threshold": _number(threshold),
    }


def _not_offered(decisions: Decisions, row: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    """Every rule that took an offer away, one entry a rule; arbitration where no rule did."""
    decided = decisions.offers
    entries: list[dict[str, Any]] = []
    for column in np.flatnonzero((decided.rank[row] < 0) & (decided.help_rank[row] < 0)).tolist():
        offer = policy.catalogue.offer(decided.offer_id[column])
        named = {"offer_id": offer.offer_id, "title": offer.title.in_language(language)}
        hit = takers(decided.rules, decided.hits[row, column], is_asked_for=bool(decisions.is_asked_for[row]))
        entries += [
            named
            | _rule_drop(
                decided.rules[i],
                float(decided.hit_value[row, column, i]),
                float(decided.hit_threshold[row, column, i]),
                language,
            )
            for i in hit
        ]
        if not hit:
            entries.append(named | _lost_in_arbitration(decisions, row, column, policy, language))
    return entries


def _lost_because(decisions: Decisions, row: int, column: int, policy: Policy) -> tuple[str, int | None, int | None]:
    """The code, the value and the threshold of what kept an action off the screen that no rule took away."""
    decided, actions, arbitration = decisions.offers, policy.decision.offers, policy.decision.arbitration
    priority = int(decided.priority[row, column])
    if not decided.is_relevant[row, column]:
        return "NOT_RELEVANT", None, None
    if actions.serves[column]:
        return "MAX_SHOWN", arbitration.help_shown_count + 1, arbitration.help_shown_count
    if priority <= 0:
        return "VALUE_NOT_POSITIVE", priority, 0
    if (actions.excludes[column] & (decided.rank[row] >= 0)).any():
        return "NOT_TOGETHER", None, None
    return "MAX_SHOWN", arbitration.shown_count + 1, arbitration.shown_count


def _lost_in_arbitration(decisions: Decisions, row: int, column: int, policy: Policy, language: str) -> dict[str, Any]:
    code, value, threshold = _lost_because(decisions, row, column, policy)
    sentence = policy.reasons.constraints[code].in_language(language)
    return {
        "stage": "applicability" if code == "NOT_RELEVANT" else ARBITRATION,
        "rule_id": code,
        "effect": "SUPPRESS",
        "because": sentence,
        "tell": "agent",
        "neutral": sentence,
        "value": value,
        "threshold": threshold,
    }


def _binding_text(decisions: Decisions, binding: str, policy: Policy, language: str) -> str:
    if binding in policy.reasons.constraints:
        return policy.reasons.constraints[binding].in_language(language)
    rules: tuple[Rule, ...] = decisions.limit.rules
    return next(rule.because[language] for rule in rules if rule.rule_id == binding)


def _limit(decisions: Decisions, row: int, policy: Policy, language: str) -> dict[str, Any]:
    limit = decisions.limit
    binding = str(limit.binding[row])
    is_suggested = limit.suggested_amt[row] > limit.current_amt[row]
    book = policy.reasons.in_favour if is_suggested else policy.reasons.against
    hits = takers(limit.rules, limit.hits[row], is_asked_for=bool(decisions.is_asked_for[row]))
    reasons: list[dict[str, Any]] = [
        {"code": binding, "text": _binding_text(decisions, binding, policy, language), "weight": None}
    ]
    reasons += [
        {"code": code, "text": book[code].in_language(language), "weight": weight}
        for code, weight in (limit.contributions[row] if limit.contributions else ())
    ]
    return {
        "current_amt": int(limit.current_amt[row]),
        "suggested_amt": int(limit.suggested_amt[row]),
        "max_amt": int(limit.max_amt[row]),
        "binding": binding,
        "binding_text": reasons[0]["text"],
        "budget_amt": int(limit.budget_amt[row]),
        "cautious_income_amt": int(limit.cautious_income_amt[row]),
        "reasons": reasons,
        "why_not": [
            _rule_drop(limit.rules[i], float(limit.hit_value[row, i]), float(limit.hit_threshold[row, i]), language)
            for i in hits
        ],
        "curve": [
            {"limit_amt": amount, "expected_profit_amt": profit, "pd_12m": pd_12m}
            for amount, profit, pd_12m in zip(
                limit.candidate_amt[row].tolist(),
                limit.profit_amt[row].tolist(),
                limit.pd_12m[row].tolist(),
                strict=True,
            )
        ],
    }


def _plans(decisions: Decisions, row: int, first_day: date) -> list[dict[str, Any]]:
    plans = decisions.plans
    amount = int(plans.amount_amt[row])
    answers = []
    for column in np.flatnonzero(plans.is_shown[row]).tolist():
        term = int(plans.term_months[column])
        payment = int(plans.payment_amt[row, column])
        schedule = schedule_of(amount, payment, plans.nominal_rate_ratio, term, first_day)
        answers.append(
            {
                "term_months": term,
                "amount_amt": amount,
                "payment_amt": payment,
                "last_payment_amt": schedule[-1].payment_amt,
                "total_cost_amt": int(plans.total_cost_amt[row, column]),
                "annualised_rate_ratio": float(plans.annualised_rate_ratio[row, column]),
                "schedule": [
                    {
                        "number": line.number,
                        "due_on": line.due_on.isoformat(),
                        "payment_amt": line.payment_amt,
                        "interest_amt": line.interest_amt,
                        "principal_amt": line.principal_amt,
                        "remaining_amt": line.remaining_amt,
                    }
                    for line in schedule
                ],
            }
        )
    return answers


def full_answer(decisions: Decisions, row: int, policy: Policy) -> dict[str, Any]:
    """All that was decided for one customer of the chunk, in the language of its context."""
    context, language = decisions.context, decisions.context.language
    as_of = utc_of(decisions.customers.as_of[row])
    offers = _offers(decisions, row, policy, language)
    limit = _limit(decisions, row, policy, language)
    plans = _plans(decisions, row, context.decided_at.date())
    not_offered = _not_offered(decisions, row, policy, language)
    return {
        "customer_id": str(decisions.customers.customer_id[row]),
        "as_of": as_of.isoformat(),
        "decided_at": context.decided_at.isoformat(),
        "channel": context.channel,
        "language": language,
        "currency": decisions.customers.currency,
        "help": _help(decisions, row, policy, language),
        "offers": offers,
        "offers_none_because": None if offers else not_offered[0]["because"],
        "not_offered": not_offered,
        "limit": limit,
        "plans": plans,
        "plans_none_because": None if plans else limit["binding_text"],
    }


def complete_answer(
    decisions: Decisions, row: int, policy: Policy, versions: Versions, known_at: datetime, *, has_control_group: bool
) -> dict[str, Any]:
    """The full answer with what decided it and how old its features were; all but the decision_id.

    `known_at` is the moment up to which the bank knew the customer.
    """
    age = (known_at - utc_of(decisions.customers.as_of[row])) / timedelta(days=1)
    return full_answer(decisions, row, policy) | {
        "feature_age_days": round(age, 3),
        "has_control_group": has_control_group,
        "value_basis": "uplift × value" if has_control_group else "take-up × value, for want of a control group",
        "release_id": versions.release_id,
        "versions": versions.as_json(),
    }
