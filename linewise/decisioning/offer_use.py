"""What is expected of an action of the catalogue once a customer takes it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.behaviour import revolver_ratio
from linewise.decisioning.economics import Economics
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Customers, Floats, Ints
from linewise.decisioning.value import NOTHING, WHOLE, ExpectedUse

__all__ = ["offer_use", "outstanding_years"]

_AMOUNT_OF = {"bill": "statement_balance_amt", "purchase": "purchase_sum_amt_30d", "cash": "income_mean_amt_6m"}
"""What there is to put into instalments of each purpose; of cash it is a month of income, for want of a request."""


def outstanding_years(term_months: Floats) -> tuple[Floats, Floats]:
    """The balance-years of one unit repaid in equal parts: within twelve months, and after, same shape.

    A unit over n months is owed for (n + 1) / 24 years in all; in month k what is left is (n - k) / n.
    >>> [round(float(one), 4) for one in outstanding_years(np.array(24.0))]
    [0.7708, 0.2708]
    """
    months = np.maximum(term_months, 1.0)
    within = np.minimum(months, 12.0)
    first_year = within * (2.0 * months - within + 1.0) / (24.0 * months)
    return first_year, (months + 1.0) / 24.0 - first_year


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What the catalogue and the assumptions alone say, (1, n_offers) each; place: of its amount in _AMOUNT_OF."""

    place: Ints
    has_amount: Bools
    borrows_anew: Bools
    is_credit: Bools
    cost_ratio: Floats
    first_year: Floats
    fee_amt: Floats
    terminal_years: Floats


@lru_cache(maxsize=16)
def _fixed(offers: Offers, economics: Economics) -> _Fixed:
    purposes = list(_AMOUNT_OF)
    first_year, after = outstanding_years(or_zero(offers.term_months))
    is_credit = or_zero(offers.term_months) > 0
    lasting = np.where(offers.is_new_card, economics.terminal_years, 0.0)
    found = _Fixed(
        place=np.array([purposes.index(one) if one in purposes else 0 for one in offers.credit_purpose], np.int64),
        has_amount=np.array([one in purposes for one in offers.credit_purpose], dtype=np.bool_),
        # Cash is lent anew; a bill or a purchase of a revolver would have borne the card's interest without a plan.
        borrows_anew=np.array([one == "cash" for one in offers.credit_purpose], dtype=np.bool_),
        is_credit=is_credit,
        cost_ratio=or_zero(offers.annualised_cost_ratio),
        first_year=first_year,
        fee_amt=np.where(is_credit, 0.0, offers.annual_fee_amt + offers.margin_amt),
        # A schedule tells how many years like the first follow it.
        terminal_years=np.where(is_credit, after / first_year, lasting),
    )
    return _Fixed(*(getattr(found, name)[None, :] for name in _Fixed.__slots__))


def _principal_amt(customers: Customers, offers: Offers, fixed: _Fixed) -> Floats:
    """The amount that would be put into each credit, (n_customers, n_offers), zero for what is no credit."""
    there_is = or_zero(customers.features_of(tuple(_AMOUNT_OF.values())))[:, fixed.place[0]]
    return np.where(fixed.has_amount, np.minimum(np.maximum(there_is, offers.minimum_amt), offers.maximum_amt), 0.0)


def offer_use(customers: Customers, offers: Offers, pd_12m: Floats, economics: Economics) -> ExpectedUse:
    """The use of each offer by each customer, (n_customers, n_offers); pd_12m (n_customers,) as the line stands.

    What is no credit earns its fee, the margin that the catalogue names, and purchases that move to the
    card, as long as it is kept: a new card as long as any use goes on, any other for the year. A credit
    earns its own interest instead, less that of the card on what would have been carried over anyway;
    only the rest is new balance.
    """
    fixed = _fixed(offers, economics)
    spend = 365.0 / 90.0 * or_zero(customers.feature("debit_sum_amt_90d"))
    amount = _principal_amt(customers, offers, fixed)
    revolves = np.where(fixed.borrows_anew, 0.0, revolver_ratio(customers, economics)[:, None])
    gained_ratio = fixed.cost_ratio - revolves * economics.card_rate_ratio
    balance = amount * (1.0 - revolves) * fixed.first_year
    return ExpectedUse(
        limit_amt=balance,
        pd_12m=pd_12m[:, None],
        revolving_amt=balance,
        later_revolving_amt=balance,
        transacting_amt=NOTHING,
        owed_at_default_amt=balance,
        # What it earns stands in the fees: the interest of the plan less that of the card.
        rate_ratio=NOTHING,
        spend_amt=spend[:, None] * offers.card_spend_share_ratio,
        fee_amt=np.where(fixed.is_credit, gained_ratio * amount * fixed.first_year, fixed.fee_amt),
        attrition_amt=NOTHING,
        one_off_cost_amt=NOTHING,
        revolver_ratio=WHOLE,
        utilisation_ratio=WHOLE,
        terminal_years=fixed.terminal_years,
    )
