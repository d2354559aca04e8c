"""The gates: every rule is evaluated for every candidate and every hit is kept: why-not is complete."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.described import Columns, Described, Known
from linewise.decisioning.offers import Offers
from linewise.decisioning.plans.amounts import PlanAmounts
from linewise.decisioning.rule import CandidateKind, Hits, Rule
from linewise.decisioning.types import Bools, Context, Customers, Floats, Ints, State

__all__ = [
    "Hits",
    "Rule",
    "Rules",
    "asked_for",
    "is_asked_for",
    "known_of",
    "limit_columns",
    "offer_columns",
    "personal_plan_columns",
    "plan_columns",
]


class Rules(Protocol):
    """A compiled rule pack."""

    def evaluate(
        self,
        applies_to: CandidateKind,
        columns: Columns | Described,
        shape: tuple[int, ...] | None = None,
        *,
        with_values: bool = True,
    ) -> Hits:
        """All rules of that kind, (*shape, n_rules), with SQL's NULL logic; NaN and absent columns are NULL.

        Without values, what is only shown (`value`, `threshold`) is NaN.
        """


def known_of(customers: Customers, state: State, context: Context) -> Known:
    """What a rule may name of a customer: what the facts tell goes before the rest."""
    told: dict[str, NDArray[Any]] = {"current_limit_amt": customers.current_limit_amt}
    told |= {name: values for name in State.__slots__ if (values := getattr(state, name)).ndim == 1}
    told |= _told_by(context, len(customers))
    told |= customers.facts
    return Known(customers, told)


_TOLD_OF_A_REQUEST = tuple(name for name in Context.__slots__ if name in RULE_COLUMNS)


@lru_cache(maxsize=16)
def _told_by(context: Context, count: int) -> Columns:
    """What a request tells, alike for all; kept, for every chunk of a call's or a frame's customers asks for it."""
    return {name: np.array([getattr(context, name)]).repeat(count) for name in _TOLD_OF_A_REQUEST}


def is_asked_for(described: Described) -> Bools:
    """Whose request this is, (n_customers,): the customer's, or the bank's own proposal."""
    name = "is_customer_initiated"
    told = described.own.get(name, described.known.told[name])
    return told if told.dtype == np.bool_ else np.asarray(or_zero(told.astype(np.float64)) != 0.0)


def asked_for(known: Known, context: Context, kind: CandidateKind) -> Described:
    """What is known as the rules of one kind see it: who asks for a plan has not asked for a limit.

    A request that names no kind asks for any.
    """
    if not context.asked_for or context.asked_for == kind:
        return Described(known)
    return Described(known, {"is_customer_initiated": np.zeros(len(known), dtype=np.bool_)})


def offer_columns(
    described: Described, state: State, offers: Offers, personal: Bools, asked_offer_id: str = ""
) -> Described:
    """What is known beside the columns of the offers, (1, n_offers), and of pairs, (n_customers, n_offers).

    A column of the register is a field of the offers by its own name, or without `offer_` or `action_`,
    unless the facts tell it of the customer. personal (n_customers,): as `is_personal` has it. asked_offer_id: what
    is asked for by its name, empty for any.
    """
    of_pair = {name: values for name in State.__slots__ if (values := getattr(state, name)).ndim == 2}
    of_pair["is_personalised"] = personal[:, None]
    of_pair["is_offer_asked_for"] = is_asked_for(described)[:, None] & _is_named_or_any(offers, asked_offer_id)
    return Described(described.known, {**described.own, **of_pair}, _of_offers(offers))


@lru_cache(maxsize=64)
def _is_named_or_any(offers: Offers, asked_offer_id: str) -> Bools:
    """What of the catalogue a request for an offer is for, (1, n_offers)."""
    return np.array([[asked_offer_id in {"", one} for one in offers.offer_id]], dtype=np.bool_)


@lru_cache(maxsize=16)
def _of_offers(offers: Offers) -> Columns:
    """What rules may name of the offers alone, (1, n_offers) each."""
    fields = {name: _field(offers, name) for name, column in RULE_COLUMNS.items() if column.of in {"offer", "action"}}
    return {name: np.asarray(values)[None, :] for name, values in fields.items() if values is not None}


def _field(offers: Offers, name: str) -> Any:
    short = name.removeprefix("offer_").removeprefix("action_")
    return getattr(offers, name, getattr(offers, short, None))


CREDIT: Mapping[str, float | str] = {"action_kind": "promotional", "is_credit": 1.0, "increases_debt": 1.0}
"""A limit and the plans for it lend."""

LIMIT: Mapping[str, float | str] = {"limit_has_own_act": 1.0}
"""A limit that is suggested begins by the customer's own act alone."""

PLAN: Mapping[str, float | str] = {
    # What `offer_plans` makes is separate and has its schedule complete to the minor unit.
    "plan_has_own_application": 1.0,
    "plan_pays_to_own_account": 1.0,
    "plan_has_minimum_payment": 0.0,
    "plan_charges_all_interest_first": 0.0,
    "plan_lists_all_terms": 1.0,
}

PERSONAL_PLAN: Mapping[str, float | str] = {
    # It helps and lends nothing: what is owed is agreed anew (银监会令2011年第2号, Art. 70).
    "plan_kind": "art70",
    "action_kind": "service",
    "is_credit": 0.0,
    "increases_debt": 0.0,
    "plan_is_of_instalment": 0.0,
}


def _of_all(values: Mapping[str, Any]) -> Columns:
    """Columns of one value each, (1,), for every candidate of everybody."""
    return {name: np.array([value]) for name, value in values.items()}


_OF_ANY_PLAN, _OF_A_PERSONAL_PLAN = _of_all({**CREDIT, **PLAN}), _of_all({**PLAN, **PERSONAL_PLAN})


@lru_cache(maxsize=16)
def _of_any_limit(asked_kind: str, asked_days: int | None) -> Columns:
    days = float("nan") if asked_days is None else float(asked_days)
    return _of_all({**CREDIT, **LIMIT, "limit_kind": asked_kind, "temporary_days": days})


def limit_columns(described: Described, current_amt: Ints, step_amt: int, context: Context) -> Described:
    """What is known beside the columns of the limit, each (n_customers,).

    What is proposed is the least that could be suggested, unless the facts tell what was asked for; it stands
    until it is changed, unless the customer asks for a temporary one.
    """
    of_limit = {
        "proposed_limit_amt": current_amt + step_amt,
        "is_new_line": (current_amt == 0).astype(np.float64),
    }
    return described.of_candidates(of_limit, _of_any_limit(context.asked_kind, context.asked_days))


def plan_columns(
    described: Described, amounts: PlanAmounts, term_months: Ints, annualised_rate_ratio: Floats
) -> Described:
    """What is known beside the columns of plans, to be broadcast to (n_customers, n_terms)."""
    of_plan = {
        "plan_kind": amounts.kind,
        "plan_amt": amounts.amount_amt,
        "plan_is_of_instalment": amounts.is_of_instalment,
        # What is owed already is owed no more of by being spread; only a loan lends anew.
        "increases_debt": amounts.is_loan,
        "plan_term_months": term_months[None, :],
        "plan_annualised_cost_ratio": annualised_rate_ratio,
    }
    return described.of_candidates(of_plan, _OF_ANY_PLAN)


def personal_plan_columns(
    described: Described, owed_amt: Ints, term_months: Ints, annualised_rate_ratio: Floats
) -> Described:
    """What is known beside the columns of the personal plan of each, all (n_customers,)."""
    of_plan = {
        "plan_amt": owed_amt,
        "plan_term_months": term_months,
        "plan_annualised_cost_ratio": annualised_rate_ratio,
    }
    return described.of_candidates(of_plan, _OF_A_PERSONAL_PLAN)
