"""What plans are on offer: terms, prices by kind, bounds, and what early settlement costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.special import logit

from linewise.decisioning.plans.rates import annuity_factor
from linewise.decisioning.types import Bools, Floats, Ints

__all__ = ["KINDS", "LOAN", "FeeForm", "PlanPolicy", "PricesByKind", "SettlementTerms"]

LOAN = "loan"
KINDS = ("purchase", "statement", "balance", LOAN)
"""What is put into a plan: one purchase, a statement, all that is owed on cards; or a loan within the raise."""

REDUCING, FLAT = "reducing", "flat"
FeeForm = str
SettlementTerms = str


# Compared by identity: what follows from one policy is kept, and asked for at every decision.
@dataclass(frozen=True, slots=True, eq=False)
class PlanPolicy:
    """From parameters.yaml and the register; ratios a year, amounts in minor units.

    annual_rate_ratio: of a loan within the raise; rate_ratios: of a plan on a card by its kind, on the
    reducing balance. fee_forms: the kinds whose cost is a flat fee on the original principal each month
    instead, by term in flat_fee_ratios; they are the legacy form, for contracts that still are so.
    card_rate_ratio: what the balance costs without a plan. minimum_amt, maximum_amt bound what may be put
    into a plan. settlement: what is due beside the principal when a plan is settled early, by its form:
    nothing, a penalty (settlement_penalty_ratio of the remaining principal) or the remaining fees.
    burden_hazard: as in HardshipPolicy. take_up_ratio: how often a plan is taken whose payment takes all that a
    month bears and that saves nothing; take_up_comfort, take_up_saving: the log-odds that are added for a payment
    of nothing, and for all of the amount saved.
    """

    term_months: tuple[int, ...]
    annual_rate_ratio: float
    shown_count: int
    rate_ratios: Mapping[str, float] = field(default_factory=dict)
    fee_forms: Mapping[str, FeeForm] = field(default_factory=dict)
    flat_fee_ratios: Mapping[int, float] = field(default_factory=dict)
    card_rate_ratio: float = 0.1825
    minimum_amt: int = 1
    maximum_amt: int = 1 << 53
    settlement: Mapping[FeeForm, SettlementTerms] = field(default_factory=dict)
    settlement_penalty_ratio: float = 0.0
    burden_hazard: float = 0.8
    take_up_ratio: float = 0.05
    take_up_comfort: float = 3.0
    take_up_saving: float = 4.0

    @property
    def terms(self) -> Ints:
        """The terms on offer, (n_terms,), ascending."""
        return _terms(self)

    @property
    def by_kind(self) -> "PricesByKind":
        """What each kind of plan costs on the reducing balance, and which carry a flat fee instead."""
        return _prices(self)

    @property
    def habits(self) -> tuple[float, float, float]:
        """How plans are taken: take_up_ratio as log-odds, and what is added to them; see the class."""
        return _habits(self)

    def form_of(self, kind: str) -> FeeForm:
        """How a plan of that kind is priced."""
        return self.fee_forms.get(kind, REDUCING)

    def rate_of(self, kind: str) -> float:
        """The yearly rate of a kind on the reducing balance."""
        return self.rate_ratios.get(kind, self.annual_rate_ratio)

    def fees(self) -> Floats:
        """The flat fee of a month for each term, (n_terms,): of a term without one, that of the next one that has."""
        known = sorted(self.flat_fee_ratios)
        if not known:
            return np.zeros(len(self.term_months))
        nearest = [min((one for one in known if one >= term), default=known[-1]) for term in self.term_months]
        return np.array([self.flat_fee_ratios[one] for one in nearest])


@dataclass(frozen=True, slots=True)
class PricesByKind:
    """In the order of KINDS, and at the end what any other costs.

    monthly (n_kinds + 1,): the rate of a month on the reducing balance; factor (n_kinds + 1, n_terms): the level
    payment on one unit; is_flat (n_kinds + 1,): whether it carries a flat fee instead.
    """

    monthly: Floats
    factor: Floats
    is_flat: Bools


@lru_cache(maxsize=16)
def _terms(policy: PlanPolicy) -> Ints:
    return np.array(policy.term_months, dtype=np.int64)


@lru_cache(maxsize=16)
def _habits(policy: PlanPolicy) -> tuple[float, float, float]:
    return float(logit(policy.take_up_ratio)), policy.take_up_comfort, policy.take_up_saving


@lru_cache(maxsize=16)
def _prices(policy: PlanPolicy) -> PricesByKind:
    yearly = np.array([*map(policy.rate_of, KINDS), policy.annual_rate_ratio], dtype=np.float64)
    is_flat = np.array([*(policy.form_of(kind) == FLAT for kind in KINDS), False], dtype=np.bool_)
    return PricesByKind(yearly / 12.0, annuity_factor(yearly[:, None], policy.terms), is_flat)
