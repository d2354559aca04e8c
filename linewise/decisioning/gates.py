"""The gates: every rule is evaluated for every candidate and every hit is kept: why-not is complete."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.offers import Offers
from linewise.decisioning.personalisation import is_personal
from linewise.decisioning.plans.amounts import PlanAmounts
from linewise.decisioning.rule import CandidateKind, Hits, Rule
from linewise.decisioning.types import Bools, Context, Customers, Floats, Ints, State

__all__ = [
    "Columns",
    "Hits",
    "Rule",
    "Rules",
    "asked_for",
    "customer_columns",
    "is_asked_for",
    "limit_columns",
    "offer_columns",
    "personal_plan_columns",
    "plan_columns",
]

Columns = dict[str, NDArray[Any]]
"""Columns by name: of a customer (n_customers,), of a candidate to be broadcast to (n_customers, n_candidates)."""


class Rules(Protocol):
    """A compiled rule pack."""

    def evaluate(
        self,
        applies_to: CandidateKind,
        columns: Mapping[str, NDArray[Any]],
        shape: tuple[int, ...] | None = None,
        *,
        with_values: bool = True,
    ) -> Hits:
        """All rules of that kind, (*shape, n_rules), with SQL's NULL logic; NaN and absent columns are NULL.

        Without values, what is only shown (`value`, `threshold`) is NaN.
        """


def customer_columns(customers: Customers, state: State, context: Context) -> Columns:
    """What a rule may name of a customer, each (n_customers,): what the facts tell goes before the rest."""
    count = len(customers)
    columns: Columns = dict(zip(customers.feature_names, customers.features.T, strict=True))
    columns["current_limit_amt"] = customers.current_limit_amt
    columns |= {name: values for name in State.__slots__ if (values := getattr(state, name)).ndim == 1}
    columns |= _told_by(context, count)
    columns |= customers.facts
    return columns


_TOLD_OF_A_REQUEST = tuple(name for name in Context.__slots__ if name in RULE_COLUMNS)


@lru_cache(maxsize=16)
def _told_by(context: Context, count: int) -> Columns:
    """What a request tells, alike for all; kept, for every chunk of a call's or a frame's customers asks for it."""
    return _alike({name: getattr(context, name) for name in _TOLD_OF_A_REQUEST}, count)


def is_asked_for(columns: Columns) -> Bools:
    """Whose request this is, (n_customers,): the customer's, or the bank's own proposal."""
    told = columns["is_customer_initiated"]
    return told if told.dtype == np.bool_ else np.asarray(or_zero(told.astype(np.float64)) != 0.0)


def asked_for(columns: Columns, context: Context, kind: CandidateKind) -> Columns:
    """The columns as the rules of one kind see them: who asks for a plan has not asked for a limit.

    A request that names no kind asks for any.
    """
    if not context.asked_for or context.asked_for == kind:
        return columns
    return columns | {"is_customer_initiated": np.zeros_like(columns["is_customer_initiated"])}


def offer_columns(columns: Columns, state: State, offers: Offers) -> Columns:
    """The customers' columns beside those of the offers, (1, n_offers), and of pairs, (n_customers, n_offers).

    A column of the register is a field of the offers by its own name, or without `offer_` or `action_`,
    unless the facts tell it of the customer.
    """
    of_pair = {name: values for name in State.__slots__ if (values := getattr(state, name)).ndim == 2}
    of_pair["is_personalised"] = is_personal(columns, len(state.is_opted_out)).astype(np.float64)[:, None]
    return _of_offers(offers) | columns | of_pair


@lru_cache(maxsize=16)
def _of_offers(offers: Offers) -> Columns:
    """What rules may name of the offers alone, (1, n_offers) each; nobody writes into it, so that rules may keep it."""
    fields = {name: _field(offers, name) for name, column in RULE_COLUMNS.items() if column.of in {"offer", "action"}}
    columns = {name: np.asarray(values)[None, :] for name, values in fields.items() if values is not None}
    for values in columns.values():
        values.setflags(write=False)
    return columns


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


def _alike(values: Mapping[str, Any], count: int) -> Columns:
    return {name: np.array([value]).repeat(count) for name, value in values.items()}


@lru_cache(maxsize=16)
def _of_any_limit(count: int) -> Columns:
    return _alike({**CREDIT, **LIMIT}, count)


@lru_cache(maxsize=16)
def _of_any_plan(count: int) -> Columns:
    return _alike({**CREDIT, **PLAN}, count)


def limit_columns(columns: Columns, current_amt: Ints, step_amt: int, context: Context) -> Columns:
    """The customers' columns beside those of the limit, each (n_customers,).

    What is proposed is the least that could be suggested, unless the facts tell what was asked for; it stands
    until it is changed, unless the customer asks for a temporary one.
    """
    days = float("nan") if context.asked_days is None else float(context.asked_days)
    asked = _alike({"limit_kind": context.asked_kind, "temporary_days": days}, len(current_amt))
    of_limit = _of_any_limit(len(current_amt)) | asked
    of_limit["proposed_limit_amt"] = current_amt + step_amt
    of_limit["is_new_line"] = (current_amt == 0).astype(np.float64)
    return of_limit | columns


def plan_columns(columns: Columns, amounts: PlanAmounts, term_months: Ints, annualised_rate_ratio: Floats) -> Columns:
    """The customers' columns beside those of their plans, to be broadcast to (n_customers, n_terms)."""
    of_plan = _of_any_plan(len(amounts.kind)) | {"plan_kind": amounts.kind}
    of_plan["plan_amt"] = amounts.amount_amt
    of_plan["plan_is_of_instalment"] = amounts.is_of_instalment.astype(np.float64)
    # What is owed already is owed no more of by being spread; only a loan lends anew.
    of_plan["increases_debt"] = amounts.is_loan.astype(np.float64)
    of_plan["plan_term_months"] = term_months[None, :]
    of_plan["plan_annualised_cost_ratio"] = annualised_rate_ratio
    return of_plan | columns


PERSONAL_PLAN: Mapping[str, float | str] = {
    # It helps and lends nothing: what is owed is agreed anew (银监会令2011年第2号, Art. 70).
    "plan_kind": "art70",
    "action_kind": "service",
    "is_credit": 0.0,
    "increases_debt": 0.0,
    "plan_is_of_instalment": 0.0,
}


def personal_plan_columns(
    columns: Columns, owed_amt: Ints, term_months: Ints, annualised_rate_ratio: Floats
) -> Columns:
    """The customers' columns beside those of the personal plan of each, all (n_customers,)."""
    of_plan = _alike({**PLAN, **PERSONAL_PLAN}, len(owed_amt))
    of_plan |= {
        "plan_amt": owed_amt,
        "plan_term_months": term_months,
        "plan_annualised_cost_ratio": annualised_rate_ratio,
    }
    return of_plan | columns
