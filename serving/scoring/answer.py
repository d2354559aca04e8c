"""The full answer of one customer: every field, for those who may see all (reviewer, risk, audit)."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from linewise.core.clock import as_utc
from linewise.decisioning import losing
from linewise.decisioning.cells import cells_of
from linewise.decisioning.personalisation import is_personal
from linewise.decisioning.plans import LOAN, Settlement, schedule_of_plan, settlements_of_plan
from linewise.decisioning.types import Decisions
from linewise.policy.catalogue import CatalogueOffer
from linewise.policy.catalogue.entry import Proposal
from linewise.policy.catalogue.texts import Disclosure, Rebuttals
from linewise.policy.policy import Policy
from serving.scoring.hardship_answer import hardship_of
from serving.scoring.held import control_of
from serving.scoring.limit_answer import limit_answer
from serving.scoring.release import Versions
from serving.scoring.treating import treatments_of
from serving.scoring.why_not import drops_of_each, principal, said

__all__ = ["ARBITRATION", "complete_answer", "full_answer", "utc_of", "words_of"]

ARBITRATION = "arbitration"


def utc_of(moment: np.datetime64) -> datetime:
    """A moment of an array as a datetime in UTC."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment.astype("datetime64[us]").astype(int)))


def _offer_reasons(decisions: Decisions, row: int, column: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    width = decisions.offers.rank.shape[1]
    coded = decisions.offers.contributions[row * width + column] if decisions.offers.contributions else ()
    if not coded:
        is_listed = not is_personal(decisions.customers.facts, len(decisions.customers))[row]
        code = "FIXED_ORDER" if is_listed else "NO_SPECIFIC_REASON"
        return [{"code": code, "text": policy.reasons.constraints[code].in_language(language), "weight": 0.0}]
    return [
        {"code": code, "text": policy.reasons.take_up[code].in_language(language), "weight": weight}
        for code, weight in coded
    ]


def _script(script: Proposal, language: str) -> dict[str, Any]:
    """What is said of a raise or a plan, and read before a yes."""
    return {
        "talk_track": script.talk_track.in_language(language),
        "rebuttals": _rebuttals(script.rebuttals, language),
        "disclosures": [_disclosure(one, language) for one in script.disclosures],
    }


def _rebuttals(rebuttals: Rebuttals | None, language: str) -> dict[str, str]:
    if rebuttals is None:
        return {}
    return {name: getattr(rebuttals, name).in_language(language) for name in ("too_expensive", "no_need")}


def _disclosure(disclosure: Disclosure, language: str) -> dict[str, str]:
    named = {"disclosure_id": disclosure.disclosure_id, "version": disclosure.version}
    return named | {"text": disclosure.text.in_language(language)}


def words_of(offer: CatalogueOffer, language: str) -> dict[str, Any]:
    """What is said of an action, and how long it takes to say it."""
    return {
        "title": offer.title.in_language(language),
        "benefit": offer.benefit.in_language(language),
        "talk_track": offer.talk_track.in_language(language),
        "rebuttals": _rebuttals(offer.rebuttals, language),
        "terms": offer.terms.in_language(language),
        "disclosure": _disclosure(offer.disclosure, language),
        "say_seconds": offer.say_seconds["zh-CN" if language == "zh-CN" else "en"],
    }


def _help(decisions: Decisions, row: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    """What must be told and what helps, in the order in which it stands above the suggestions."""
    places = decisions.offers.help_rank[row].tolist()
    shown = sorted((place, column) for column, place in enumerate(places) if place >= 0)
    actions = [policy.catalogue.offer(decisions.offers.offer_id[column]) for _, column in shown]
    return [{"offer_id": action.offer_id, "kind": action.kind, **words_of(action, language)} for action in actions]


HIGH, MEDIUM = 0.20, 0.07
"""Where the bands of confidence begin; an agent sees the band, never the probability."""


def _confidence(propensity: float) -> str:
    return "high" if propensity >= HIGH else "medium" if propensity >= MEDIUM else "low"


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
                **words_of(offer, language),
                "annual_fee_amt": offer.annual_fee_amt,
                "saved_amt": _saved_amt(decisions, row, offer),
                "annualised_cost_ratio": offer.annualised_cost_ratio,
                "propensity": float(decided.propensity[row, column]),
                "confidence": _confidence(float(decided.propensity[row, column])),
                "value_amt": int(decided.value_amt[row, column]),
                "priority": int(decided.priority[row, column]),
                "pscore": float(decided.pscore[row, column]),
                "reasons": _offer_reasons(decisions, row, column, policy, language),
            }
        )
    return answers


def _saved_amt(decisions: Decisions, row: int, offer: CatalogueOffer) -> int | None:
    customers = decisions.customers
    if offer.saves is None or not customers.has_feature(offer.saves.of):
        return None
    return offer.saved_amt(float(customers.feature(offer.saves.of)[row]))


def _not_offered(decisions: Decisions, row: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    """Every rule that took an offer away, one entry a rule; arbitration where no rule did."""
    decided = decisions.offers
    entries: list[dict[str, Any]] = []
    columns = np.flatnonzero((decided.rank[row] < 0) & (decided.help_rank[row] < 0))
    drops_of_offer = drops_of_each(
        decided.rules,
        decided.hits[row, columns],
        decided.hit_value[row, columns],
        decided.hit_threshold[row, columns],
        policy,
        language,
        is_asked_for=bool(decisions.asks_for("offer")[row]),
    )
    lost = [] if all(drops_of_offer) else _lost(decisions, row, policy)
    title_of = {one.offer_id: one.title for one in policy.catalogue.offers}
    for column, drops in zip(columns.tolist(), drops_of_offer, strict=True):
        offer_id = decided.offer_id[column]
        named = {"offer_id": offer_id, "title": title_of[offer_id].in_language(language)}
        entries += [named | drop for drop in drops]
        if not drops:
            entries.append(named | _lost_in_arbitration(decisions, row, column, lost[column], policy, language))
    return entries


def _lost(decisions: Decisions, row: int, policy: Policy) -> list[str]:
    """The word of the arbitration for each offer, (n_offers,)."""
    terms = policy.decision
    words = losing.lost_because(decisions, terms.offers, terms.arbitration, slice(row, row + 1))[0]
    return [str(word) for word in words.tolist()]


def _figures(decisions: Decisions, row: int, column: int, code: str, policy: Policy) -> tuple[int, int] | None:
    """The value that lost in arbitration and what it was held against; None where there is none."""
    decided, actions, arbitration = decisions.offers, policy.decision.offers, policy.decision.arbitration
    match code:
        case losing.MAX_SHOWN:
            most = arbitration.help_shown_count if actions.serves[column] else arbitration.shown_count
            return most + 1, most
        case losing.VALUE_NOT_POSITIVE:
            return int(decided.priority[row, column]), 0
        case losing.NOT_AFFORDABLE_TOGETHER:
            return int(actions.need_amt[column]), int(decided.room_amt[row])
    return None


def _lost_in_arbitration(
    decisions: Decisions, row: int, column: int, code: str, policy: Policy, language: str
) -> dict[str, Any]:
    sentence = policy.reasons.constraints[code].in_language(language)
    value, threshold = _figures(decisions, row, column, code, policy) or (None, None)
    return {
        "stage": "applicability" if code == losing.NOT_RELEVANT else ARBITRATION,
        "rule_id": code,
        "effect": "SUPPRESS",
        "because": sentence,
        "tell": "agent",
        "neutral": sentence,
        "for_customer": sentence,
        "value": value,
        "threshold": threshold,
    }


def _whole(value: float) -> int | None:
    """An amount in whole minor units; None where it is missing, or never ends."""
    return round(value) if math.isfinite(value) else None


def _plans(decisions: Decisions, row: int, policy: Policy, first_day: date) -> list[dict[str, Any]]:
    plans, terms = decisions.plans, policy.decision.plan
    answers = []
    for column in np.flatnonzero(plans.is_shown[row]).tolist():
        schedule = schedule_of_plan(plans, row, column, terms, first_day)
        cost = int(plans.total_cost_amt[row, column])
        own_way, minimum = (_whole(float(one[row])) for one in (plans.own_way_cost_amt, plans.minimum_cost_amt))
        answers.append(
            {
                "kind": str(plans.kind[row]),
                "is_suggested": bool(plans.suggested[row] == column),
                "fee_form": terms.form_of(str(plans.kind[row])),
                "term_months": int(plans.term_months[column]),
                "amount_amt": int(plans.amount_amt[row]),
                "payment_amt": int(plans.payment_amt[row, column]),
                "last_payment_amt": schedule[-1].payment_amt,
                "total_cost_amt": cost,
                "value_amt": int(plans.value_amt[row, column]),
                "annualised_rate_ratio": float(plans.annualised_rate_ratio[row, column]),
                "without_plan": {
                    "minimum_payments_cost_amt": minimum,
                    "own_way_cost_amt": own_way,
                    "saved_amt": None if own_way is None else own_way - cost,
                },
                "early_settlement": [
                    {name: getattr(one, name) for name in Settlement.__slots__}
                    for one in settlements_of_plan(plans, row, schedule, terms)
                ],
                "schedule": [line.as_json() for line in schedule],
            }
        )
    return answers


def _plans_not_offered(decisions: Decisions, row: int, policy: Policy, language: str) -> list[dict[str, Any]]:
    """Every rule that took a term away, once each, with the terms it took."""
    plans = decisions.plans
    found: dict[str, dict[str, Any]] = {}
    drops_of_term = drops_of_each(
        plans.rules,
        plans.hits[row],
        plans.hit_value[row],
        plans.hit_threshold[row],
        policy,
        language,
        is_asked_for=bool(decisions.asks_for("plan")[row]),
    )
    for term, drops in zip(plans.term_months.tolist(), drops_of_term, strict=True):
        for drop in drops:
            entry = found.setdefault(drop["rule_id"], {"term_months": []} | drop)
            entry["term_months"].append(term)
    return list(found.values())


def _plan_reasons(
    decisions: Decisions,
    row: int,
    drops: list[dict[str, Any]],
    limit: dict[str, Any],
    policy: Policy,
    language: str,
) -> list[dict[str, Any]]:
    """Why no plan is offered: what forbids plans, then what is wrong with the amount, or that none fits or saves.

    A loan is for what is lent: where nothing is, the limit's reasons come first, for rules over a plan of
    nothing say little.
    """
    plans = decisions.plans
    if plans.is_shown[row].any():
        return []
    kept = ("because", "tell", "neutral", "for_customer")
    of_rules = [
        {"code": drop["rule_id"], "kind": "rule", "weight": None} | {name: drop[name] for name in kept}
        for drop in drops
    ]
    problem = str(plans.problem[row])
    of_problem = (
        [] if not problem else [said(problem, "constraint", policy.reasons.constraints[problem].in_language(language))]
    )
    if str(plans.kind[row]) != LOAN:
        return principal([*of_rules, *of_problem] if plans.amount_amt[row] > 0 else [*of_problem, *of_rules])
    of_limit = limit["principal_reasons"]
    has_amount = bool(plans.amount_amt[row] > 0)
    return principal([*of_rules, *of_problem, *of_limit] if has_amount else [*of_problem, *of_limit, *of_rules])


def _measuring(decisions: Decisions, row: int, policy: Policy) -> dict[str, Any]:
    """The standing cell, holdouts and controls of campaigns of the customer: every answer says so, and its record."""
    year = as_utc(decisions.context.decided_at).year
    cells = cells_of(decisions.customers.customer_id[row : row + 1], policy.cells, decisions.seed, year)
    return {
        "standing_cell": str(cells.cell[0]),
        "holdouts": cells.holdouts_of(0),
        "is_held_out": bool(cells.is_held_out[0]),
        "control_of_campaigns": control_of(decisions.customers, row),
    }


def full_answer(decisions: Decisions, row: int, policy: Policy) -> dict[str, Any]:
    """All that was decided for one customer of the chunk, in the language of its context."""
    context, language = decisions.context, decisions.context.language
    as_of = utc_of(decisions.customers.as_of[row])
    offers = _offers(decisions, row, policy, language)
    words = policy.catalogue.proposals
    limit = limit_answer(decisions, row, policy, language)
    is_raised = limit["suggested_amt"] > limit["current_amt"] or limit["temporary"] is not None
    limit["script"] = _script(words.limit, language) if is_raised else None
    plans = _plans(decisions, row, policy, context.decided_at.date())
    not_offered = _not_offered(decisions, row, policy, language)
    plans_not_offered = _plans_not_offered(decisions, row, policy, language)
    plan_reasons = _plan_reasons(decisions, row, plans_not_offered, limit, policy, language)
    answer = {
        "customer_id": str(decisions.customers.customer_id[row]),
        "as_of": as_of.isoformat(),
        "decided_at": context.decided_at.isoformat(),
        # Of last night's offers alone, which stand in where no decision comes in time.
        "prepared_at": None,
        "channel": context.channel,
        "language": language,
        "currency": decisions.customers.currency,
        "help": _help(decisions, row, policy, language),
        "offers": offers,
        "offers_none_because": None if offers else not_offered[0]["because"],
        "not_offered": not_offered,
        "limit": limit,
        "plans": plans,
        "plans_script": _script(words.plan, language) if plans else None,
        "plans_not_offered": plans_not_offered,
        "plans_principal_reasons": plan_reasons,
        "plans_none_because": None
        if plans
        else (plan_reasons[0]["because"] if plan_reasons else limit["binding_text"]),
        "hardship": hardship_of(decisions, row, policy, language),
        "measuring": _measuring(decisions, row, policy),
    }
    return answer | {"treatments": treatments_of(answer, policy.catalogue)}


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
