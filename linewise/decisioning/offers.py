"""The actions of a catalogue as columns, the form in which a decision ranks them."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.plans.rates import annuity_factor
from linewise.decisioning.types import Bools, Floats, Ints

__all__ = ["SERVES", "Offers", "modelled_of", "places_of_modelled"]

SERVES = frozenset({"service", "mandatory"})
"""The kinds that help or inform and sell nothing: no rule that guards a sale takes them away."""


# Compared by identity: two catalogues are the same only where they are one, and what follows from one is kept.
@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """One row an action, (n_offers,); amounts in minor units of the bank's currency, over twelve months.

    attributes (n_offers, n_attributes) are what the take-up model knows of an offer, so that a new one
    starts warm. card_spend_share_ratio is the share of the customer's outflow that moves to the card.
    prior_take_up_ratio stands in for the model's take-up, NaN where the model scores the offer.
    annualised_cost_ratio (by IRR) and term_months are NaN where the action is no credit; minimum_amt and
    maximum_amt bound what may be borrowed by it. grant_amt and grant_cap_amt, NaN but for retention: what
    the action gives, and the most that a customer may be given so in a year. relevant_when: the columns of
    which one must be above zero. excludes (n_offers, n_offers), symmetric: never shown beside each other.
    say_seconds: how long an agent takes to say it with its disclosure, the longer of the languages.

    From these follow, once: serves, which actions help or inform; is_mandatory, which must be shown wherever
    they are due; is_modelled, which the take-up model scores; borrows, which are credit or increase debt;
    need_amt, what the least of each costs the customer a month, minor units; clash (n_offers, n_offers), what
    may not stand beside each other: what is excluded, and two that borrow.
    """

    offer_id: tuple[str, ...]
    kind: tuple[str, ...]
    group: tuple[str, ...]
    product: tuple[str, ...]
    tier: Ints
    is_new_card: Bools
    is_principal_card: Bools
    is_over_limit_service: Bools
    is_prescreened: Bools
    uses_affiliate_data: Bools
    is_credit: Bools
    increases_debt: Bools
    minimum_age_years: Ints
    maximum_age_years: Ints
    minimum_income_amt: Ints
    annual_fee_amt: Ints
    margin_amt: Ints
    cost_amt: Ints
    card_spend_share_ratio: Floats
    prior_take_up_ratio: Floats
    annualised_cost_ratio: Floats
    term_months: Floats
    credit_purpose: tuple[str, ...]
    minimum_amt: Ints
    maximum_amt: Ints
    grant_amt: Floats
    grant_cap_amt: Floats
    relevant_when: tuple[tuple[str, ...], ...]
    channels: tuple[frozenset[str], ...]
    excludes: Bools
    attribute_names: tuple[str, ...]
    attributes: Floats
    say_seconds: Floats
    serves: Bools = field(init=False)
    is_mandatory: Bools = field(init=False)
    is_modelled: Bools = field(init=False)
    borrows: Bools = field(init=False)
    need_amt: Ints = field(init=False)
    clash: Bools = field(init=False)

    def __post_init__(self) -> None:
        serves = np.array([kind in SERVES for kind in self.kind], dtype=np.bool_)
        borrows = self.is_credit | self.increases_debt
        two_borrow = borrows[:, None] & borrows[None, :] & ~np.eye(len(self), dtype=np.bool_)
        follows = {
            "serves": serves,
            "is_mandatory": np.array([kind == "mandatory" for kind in self.kind], dtype=np.bool_),
            "is_modelled": np.isnan(self.prior_take_up_ratio) & ~serves,
            "borrows": borrows,
            "need_amt": -(-self.annual_fee_amt // 12) + self._least_payment_amt(),
            "clash": self.excludes | two_borrow,
        }
        for name, values in follows.items():
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.offer_id)

    def _least_payment_amt(self) -> Ints:
        """The level payment of the least that may be borrowed by each, (n_offers,), zero where it is no credit."""
        term = np.nan_to_num(self.term_months, nan=1.0)
        factor = annuity_factor(or_zero(self.annualised_cost_ratio), term)
        return np.where(self.is_credit, np.ceil(self.minimum_amt * factor), 0.0).astype(np.int64)

    def scored_by_models(self, offer_ids: Collection[str]) -> "Offers":
        """The same actions, where the take-up model scores these, too, in place of what stands in for it."""
        is_learnt = np.array([one in offer_ids for one in self.offer_id], dtype=np.bool_) & ~self.is_modelled
        if not (is_learnt & ~self.serves).any():
            return self
        return replace(self, prior_take_up_ratio=np.where(is_learnt, np.nan, self.prior_take_up_ratio))

    def only(self, kept: Bools) -> "Offers":
        """The actions of a mask (n_offers,), in the same order."""
        places = np.flatnonzero(kept)

        def taken(name: str) -> Any:
            value = getattr(self, name)
            if name == "attribute_names":
                return value
            if name == "excludes":
                return value[np.ix_(places, places)]
            return value[places] if isinstance(value, np.ndarray) else tuple(value[i] for i in places.tolist())

        return Offers(**{one.name: taken(one.name) for one in fields(self) if one.init})


@lru_cache(maxsize=16)
def modelled_of(offers: Offers) -> Offers:
    """The offers that the take-up model scores; kept, for every decision asks for them."""
    return offers.only(offers.is_modelled)


@lru_cache(maxsize=16)
def places_of_modelled(offers: Offers) -> Ints:
    """The place of each offer among those that are modelled, (n_offers,)."""
    return np.asarray(np.cumsum(offers.is_modelled) - 1, dtype=np.int64)
