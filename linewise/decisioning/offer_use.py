"""What is expected of an action of the catalogue once a customer takes it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.behaviour import SEEN, revolving
from linewise.decisioning.economics import Economics
from linewise.decisioning.offers import Offers
from linewise.decisioning.offers_used import used
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
    """What the catalogue and the assumptions alone say, (n_offers,) each.

    place: of the amount in _AMOUNT_OF, -1 where there is none; bounds_amt (2, n_offers): the least and the most that
    may be borrowed; ratios (4, n_offers): the cost of a year, the balance-years of the first one, the fee of what is
    no credit, and the share of purchases that moves.
    """

    place: Ints
    borrows_anew: Bools
    is_credit: Bools
    bounds_amt: Floats
    ratios: Floats
    terminal_years: Floats


@lru_cache(maxsize=16)
def _fixed(offers: Offers, economics: Economics) -> _Fixed:
    purposes = list(_AMOUNT_OF)
    first_year, after = outstanding_years(or_zero(offers.term_months))
    is_credit = or_zero(offers.term_months) > 0
    lasting = np.where(offers.is_new_card, economics.terminal_years, 0.0)
    return _Fixed(
        place=np.array([purposes.index(one) if one in purposes else -1 for one in offers.credit_purpose], np.int64),
        # Cash is lent anew; a bill or a purchase of a revolver would have borne the card's interest without a plan.
        borrows_anew=np.array([one == "cash" for one in offers.credit_purpose], dtype=np.bool_),
        is_credit=is_credit,
        bounds_amt=np.array([offers.minimum_amt, offers.maximum_amt], dtype=np.float64),
        ratios=np.array(
            [
                or_zero(offers.annualised_cost_ratio),
                first_year,
                offers.annual_fee_amt + offers.margin_amt,
                offers.card_spend_share_ratio,
            ]
        ),
        # A schedule tells how many years like the first follow it.
        terminal_years=np.where(is_credit, after / first_year, lasting)[None, :],
    )


def offer_use(customers: Customers, offers: Offers, pd_12m: Floats, economics: Economics) -> ExpectedUse:
    """The use of each offer by each customer, (n_customers, n_offers); pd_12m (n_customers,) as the line stands.

    What is no credit earns its fee, the margin that the catalogue names, and purchases that move to the
    card, as long as it is kept: a new card as long as any use goes on, any other for the year. A credit
    earns its own interest instead, less that of the card on what would have been carried over anyway;
    only the rest is new balance.
    """
    fixed = _fixed(offers, economics)
    balance, spend, fee = used(
        or_zero(customers.features_of((*_AMOUNT_OF.values(), "debit_sum_amt_90d"))),
        revolving(customers.features_of(SEEN[:2]), economics.revolver_prior_ratio),
        (fixed.place, fixed.borrows_anew, fixed.is_credit, fixed.bounds_amt, fixed.ratios),
        economics.card_rate_ratio,
    )
    return ExpectedUse(
        limit_amt=balance,
        pd_12m=pd_12m[:, None],
        revolving_amt=balance,
        later_revolving_amt=balance,
        transacting_amt=NOTHING,
        owed_at_default_amt=balance,
        # What it earns stands in the fees: the interest of the plan less that of the card.
        rate_ratio=NOTHING,
        spend_amt=spend,
        fee_amt=fee,
        attrition_amt=NOTHING,
        one_off_cost_amt=NOTHING,
        revolver_ratio=WHOLE,
        utilisation_ratio=WHOLE,
        terminal_years=fixed.terminal_years,
    )
