"""What goes into a decision and what comes out: structs of numpy arrays, one row a customer.

Axis names used everywhere: `n_customers`, `n_offers` (of the catalogue), `n_rules`, `n_grid` (candidate
limits), `n_terms` (of a plan), `n_shown` (suggestions on a screen).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.arrays import some

if TYPE_CHECKING:
    from linewise.decisioning.hardship.ladder import HardshipDecisions

__all__ = [
    "Bools",
    "Context",
    "Customers",
    "Decisions",
    "Floats",
    "Ints",
    "LimitDecisions",
    "Moments",
    "OfferDecisions",
    "PlanDecisions",
    "Rows",
    "State",
    "Texts",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]
Rows = NDArray[np.int64] | slice
"""Some of the customers of a chunk: their places, or a slice of them."""

Moments = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Customers:
    """What is known of the customers from their history and master data.

    customer_id (n_customers,); as_of (n_customers,) the moment up to which the features know the
    customer, UTC; features (n_customers, n_features), NaN where missing; current_limit_amt
    (n_customers,) minor units; facts: what else rules may name of a customer, each
    (n_customers,): numbers and flags with NaN where missing, texts as objects with None.
    """

    customer_id: Texts
    as_of: Moments
    currency: str
    feature_names: tuple[str, ...]
    features: Floats
    current_limit_amt: Ints
    facts: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.customer_id)

    def feature(self, name: str) -> Floats:
        """One feature of all customers, (n_customers,)."""
        return self.features[:, _positions(self.feature_names)[name]]

    def has_feature(self, name: str) -> bool:
        """Whether the features hold one of that name."""
        return name in _positions(self.feature_names)

    def only(self, rows: Rows) -> "Customers":
        """Some of the customers."""
        return replace(
            self,
            customer_id=self.customer_id[rows],
            as_of=self.as_of[rows],
            features=self.features[rows],
            current_limit_amt=self.current_limit_amt[rows],
            facts={name: values[rows] for name, values in self.facts.items()},
        )

    def features_of(self, names: tuple[str, ...]) -> Floats:
        """Some features of all customers, (n_customers, n_names)."""
        return self.features.take(self.places_of(names), axis=1)

    def places_of(self, names: tuple[str, ...]) -> Ints:
        """Where these features stand, (n_names,)."""
        return _places(self.feature_names, names)

    def facts_of(self, names: tuple[str, ...]) -> Floats:
        """Some numbers among the facts, (n_names, n_customers); missing where nobody tells them."""
        found = np.full((len(names), len(self)), np.nan)
        for place, name in enumerate(names):
            known = self.facts.get(name)
            if known is not None:
                found[place] = known
        return found

    def fact(self, name: str) -> Floats:
        """One number among the facts, (n_customers,); missing for all where nobody tells it."""
        known = self.facts.get(name)
        return np.full(len(self), np.nan) if known is None else np.asarray(known, dtype=np.float64)


_LAST: tuple[tuple[str, ...], Mapping[str, int]] = ((), {})
"""The features that were asked for last, and where each stands among them."""


def _positions(feature_names: tuple[str, ...]) -> Mapping[str, int]:
    global _LAST  # noqa: PLW0603
    among, position = _LAST
    # By identity: features are always the same ones, and comparing two hundred names costs more than using them.
    if among is not feature_names:
        position = {name: place for place, name in enumerate(feature_names)}
        _LAST = (feature_names, position)
    return position


_FOUND: dict[tuple[str, ...], tuple[tuple[str, ...], Ints]] = {}
"""Among which features those of some names stood when they were last asked for, and where."""


def _places(feature_names: tuple[str, ...], names: tuple[str, ...]) -> Ints:
    among, places = _FOUND.get(names, ((), np.empty(0, dtype=np.int64)))
    if among is not feature_names:
        position = _positions(feature_names)
        places = np.array([position[name] for name in names], dtype=np.int64)
        _FOUND[names] = (feature_names, places)
    return places


@dataclass(frozen=True, slots=True)
class State:
    """What is in force now: holdings, contacts and their outcomes, open cases.

    Arrays over offers are (n_customers, n_offers), the others (n_customers,). Days since a decline are
    NaN where there was none; so are the days until an offer may be made again, which are below zero once
    it may. granted_amt_365d: what the customer took of a retention action within a year, minor units;
    is_grant_budget_spent: its pot or quota has not enough left for one more; is_contact_budget_spent: the budgets of
    contacts and money have not enough left to propose it. is_campaign_control: a live campaign makes this offer and
    keeps the customer in its control group.
    """

    held_tier: Floats
    days_since_declined: Floats
    days_since_group_declined: Floats
    postponed_until_days: Floats
    granted_amt_365d: Floats
    has_said_already_has: Bools
    is_grant_budget_spent: Bools
    is_contact_budget_spent: Bools
    is_campaign_control: Bools
    has_open_complaint: Bools
    has_open_fraud_case: Bools
    is_in_hardship: Bools
    is_opted_out: Bools

    def only(self, rows: Rows) -> "State":
        """What is in force for some of the customers."""
        return State(*(getattr(self, one.name)[rows] for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one request, alike for all customers of a chunk.

    is_customer_initiated: the customer asked; asked_for says for what: offer, limit or plan, empty for any;
    asked_offer_id, asked_plan_kind (of a plan: what is put into it) and asked_amt (minor units) narrow it. Of a
    limit, asked_kind says permanent or temporary, and asked_days for how long. is_willing_to_repay: None where
    nobody asked. has_reported_fraud: fraud, a lost card or a dispute was reported in this call, which counts as an open
    case of it; needs_specialist: a bereavement or vulnerability was, which counts as the customer's own mark.
    """

    channel: str
    decided_at: datetime
    language: str = "zh-CN"
    is_identity_verified: bool = True
    explain: bool = True
    tone: str | None = None
    call_reason: str | None = None
    is_outbound: bool = False
    is_third_person_calling: bool = False
    has_voiced_complaint: bool = False
    has_signalled_hardship: bool = False
    has_asked_for_human: bool = False
    is_willing_to_repay: bool | None = None
    is_customer_initiated: bool = False
    asked_for: str = ""
    asked_offer_id: str = ""
    asked_amt: int | None = None
    asked_kind: str = "permanent"
    asked_days: int | None = None
    decline_count_call: int = 0
    debt_action_count_call: int = 0
    asked_plan_kind: str = ""
    has_reported_fraud: bool = False
    needs_specialist: bool = False


@dataclass(frozen=True, slots=True)
class OfferDecisions:
    """The offers of all customers.

    propensity, uplift (what showing it adds to that), value_amt (minor units, 12 months and a terminal term),
    priority (minor units), pscore: (n_customers, n_offers), propensity, uplift and priority 0 where the offer is not
    open, for no model was asked;
    rank (n_customers, n_offers): 0 is the primary suggestion, -1 not shown. help_rank, likewise: the place
    among what helps or must be told, which stands above all suggestions and is none; is_relevant: whether the
    action is of use to the customer in this channel at all. room_amt (n_customers,): what a month
    leaves beside all that is shown, the limit among it, minor units.
    hits, hit_value, hit_threshold (n_customers, n_offers, n_rules): which rules hit the offer, on what
    value, at which threshold; the rules are `rules` in that order. contributions: reason codes with
    their weight in log-odds, one tuple a pair, customers outermost.
    """

    offer_id: tuple[str, ...]
    propensity: Floats
    uplift: Floats
    value_amt: Ints
    priority: Ints
    pscore: Floats
    rank: Ints
    help_rank: Ints
    is_relevant: Bools
    room_amt: Ints
    rules: tuple[Any, ...]
    hits: Bools
    hit_value: Floats
    hit_threshold: Floats
    contributions: tuple[tuple[tuple[str, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LimitDecisions:
    """The limits of all customers, minor units.

    suggested_amt, max_amt, budget_amt (a month): (n_customers,); kind (n_customers,): raise, hold, decrease
    (by the customer's own wish alone) or temporary; binding (n_customers,): the code of the constraint that
    decided. candidate_amt, of which the first is the line in force, and of each candidate profit_amt (the
    value), gain_amt (above the line in force), gain_lower_amt (at the cautious end), pd_12m, balance_amt and
    spend_amt (twelve months on), expected_loss_amt, cautious_loss_amt (the same at the cautious end of default),
    provision_change_amt (the accounting view), exposure_amt (at default) and capital_amt: (n_customers, n_grid).
    asked_amt: 0 where no amount was asked for; request_answer: approved, countered, referred, declined, or empty
    where the bank proposes; promised_amt: of a quote that stands, else 0. temporary_amt: a limit for the time
    being, else 0, with paydown_amt (what must be paid off when it ends) and paydown_payment_amt (the whole payment
    then). sources: component to (n_customers,) what balance, spending and default were taken from, as in
    LimitResponse. hits, hit_value, hit_threshold: (n_customers, n_rules). contributions: reason codes, one tuple a
    customer.
    """

    current_amt: Ints
    suggested_amt: Ints
    max_amt: Ints
    budget_amt: Ints
    cautious_income_amt: Ints
    kind: Texts
    binding: Texts
    candidate_amt: Ints
    profit_amt: Ints
    gain_amt: Ints
    gain_lower_amt: Ints
    pd_12m: Floats
    balance_amt: Ints
    spend_amt: Ints
    expected_loss_amt: Ints
    cautious_loss_amt: Ints
    provision_change_amt: Ints
    exposure_amt: Ints
    capital_amt: Ints
    asked_amt: Ints
    request_answer: Texts
    promised_amt: Ints
    temporary_amt: Ints
    paydown_amt: Ints
    paydown_payment_amt: Ints
    sources: Mapping[str, Texts]
    rules: tuple[Any, ...]
    hits: Bools
    hit_value: Floats
    hit_threshold: Floats
    contributions: tuple[tuple[tuple[str, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDecisions:
    """Repayment plans, (n_customers, n_terms); minor units.

    kind, amount_amt (n_customers,): what is put into the plan, and how much. minimum_cost_amt, own_way_cost_amt
    (n_customers,): the interest until it is repaid by minimum payments, and by the customer's own way of
    paying; missing where there is nothing to compare with. value_amt: what each term brings the bank beside
    doing nothing. is_shown marks the terms that the budget bears, that no rule takes away and that cost less
    than the card; suggested (n_customers,): the place of the best of them, -1 where none is. problem
    (n_customers,): the code of what stands against any plan beside the rules, empty where nothing does.
    hits, hit_value, hit_threshold: (n_customers, n_terms, n_rules).
    """

    kind: Texts
    term_months: Ints
    amount_amt: Ints
    payment_amt: Ints
    last_payment_amt: Ints
    total_cost_amt: Ints
    annualised_rate_ratio: Floats
    minimum_cost_amt: Floats
    own_way_cost_amt: Floats
    value_amt: Ints
    is_shown: Bools
    suggested: Ints
    problem: Texts
    rules: tuple[Any, ...]
    hits: Bools
    hit_value: Floats
    hit_threshold: Floats

    @property
    def dearest_amt(self) -> Ints:
        """The highest payment of a month among the plans shown, (n_customers,); 0 where none is."""
        return np.asarray(np.where(self.is_shown, self.payment_amt, 0).max(axis=1, initial=0))

    @property
    def planned_amt(self) -> Ints:
        """What the plans shown are for, (n_customers,); 0 where none is."""
        return np.where(self.is_shown.any(axis=1), self.amount_amt, 0)

    def closed(self, is_closed: Bools, problem: str) -> "PlanDecisions":
        """These plans with none shown to some customers, (n_customers,), for a reason that comes before the others."""
        if not some(is_closed):
            return self
        return replace(
            self,
            is_shown=self.is_shown & ~is_closed[:, None],
            suggested=np.where(is_closed, -1, self.suggested),
            problem=np.where(is_closed, problem, self.problem),
        )

    def placed(self, rows: Rows, others: "PlanDecisions") -> "PlanDecisions":
        """These plans with `others` in the place of those of some customers; terms and rules are the same."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in {"term_months", "rules"}}
        for name, ours in values.items():
            theirs = getattr(others, name)
            values[name] = ours.astype(np.promote_types(ours.dtype, theirs.dtype))
            values[name][rows] = theirs
        return replace(self, **values)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Everything that was decided for a chunk of customers.

    Where hardship is on for a customer nothing is for sale: no offer, no raise and no plan but its own.

    is_asked_for (n_customers,): whether the customer asked for it, who is then not held back by a HOLD.
    """

    customers: Customers
    state: State
    context: Context
    seed: int
    offers: OfferDecisions
    limit: LimitDecisions
    plans: PlanDecisions
    hardship: "HardshipDecisions"
    is_asked_for: Bools

    def asks_for(self, kind: str) -> Bools:
        """Whose request is for that kind of candidate, (n_customers,): who asks for a plan asks for no limit."""
        return self.is_asked_for & (self.context.asked_for in {"", kind})
