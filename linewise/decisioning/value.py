"""What a use of credit or of a product is worth: one formula for offers, limits and plans.

Over twelve months and the years after them, which count as `terminal_years` years more, after funding,
rewards, the cost of capital and tax, with the expected loss once:

    value = (1 - tax) * {(1 - PD) * earned + PD * paid before default - PD * (LGD + collection) * EAD - one-off cost}

Profit by components that are each modelled, never a model of profit itself.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.types import Floats, Ints
from linewise.decisioning.valuing import RATES, provisioned, valued

__all__ = ["NOTHING", "WHOLE", "Economics", "ExpectedUse", "Valuation", "provision_amt", "rates_of", "value_of"]

NOTHING, WHOLE = np.zeros(1), np.ones(1)
"""A part of a use that is zero, or one, whatever the customer."""


@dataclass(frozen=True, slots=True)
class ExpectedUse:
    """What is expected of one use of credit; arrays that broadcast to one shape, minor units.

    limit_amt: what may be drawn; pd_12m: the probability of default within twelve months. revolving_amt,
    later_revolving_amt: the interest-bearing balance, on average within the twelve months and from then
    on; transacting_amt: the balance that is paid in full; owed_at_default_amt: what is owed at the least by
    who defaults. rate_ratio: what a year of the interest-bearing balance earns. spend_amt: purchases of a
    year; fee_amt: fees and instalment interest of a year; attrition_amt: what a year loses by customers who
    leave; one_off_cost_amt. revolver_ratio: the probability that the balance is a revolver's, for capital
    counts the whole of it then; utilisation_ratio: how much of the line is used now, which tells how much of
    it a defaulter owes. terminal_years: how many years more the use goes on, weighed by who is left and by
    time.
    """

    limit_amt: Ints | Floats
    pd_12m: Floats
    revolving_amt: Floats
    later_revolving_amt: Floats
    transacting_amt: Floats
    owed_at_default_amt: Floats
    rate_ratio: Floats
    spend_amt: Floats
    fee_amt: Floats
    attrition_amt: Floats
    one_off_cost_amt: Floats
    revolver_ratio: Floats
    utilisation_ratio: Floats
    terminal_years: Floats


@dataclass(frozen=True, slots=True)
class Valuation:
    """What it comes to, arrays of one shape, minor units.

    value_amt after tax. expected_loss_amt of the twelve months, capital_amt tied up and exposure_amt at
    default are in the value already; they are told so that they can be budgeted.
    """

    value_amt: Floats
    expected_loss_amt: Floats
    exposure_amt: Floats
    capital_amt: Floats


def value_of(use: ExpectedUse, economics: Economics) -> Valuation:
    """The value of each use, and what it takes of the budgets; see the module for the formula.

    A defaulter owes the share of the limit that goes with its utilisation, and never less than what is known
    to be owed; what undrawn credit costs is paid whether it is drawn or not.
    """
    found = valued(
        use.limit_amt,
        use.pd_12m,
        use.revolving_amt,
        use.later_revolving_amt,
        use.transacting_amt,
        use.owed_at_default_amt,
        use.rate_ratio,
        use.spend_amt,
        use.fee_amt,
        use.attrition_amt,
        use.one_off_cost_amt,
        use.revolver_ratio,
        use.terminal_years,
        use.utilisation_ratio,
        rates_of(economics),
        *economics.exposure,
    )
    return Valuation(*found)


def provision_amt(pd_12m: Floats, exposure_amt: Floats, economics: Economics) -> Floats:
    """The accounting view beside the value, same shape: the expected credit loss that would be booked.

    Never taken off the value as well, for of a performing balance it *is* the expected loss. What would be booked is
    twelve months' loss, and the lifetime's for the share that moves to stage 2 (IFRS 9 5.5.3, 5.5.20): that share
    is a multiple of the probability of default, and the life of a revolving line is that of behaviour, not of the
    contract.
    """
    return np.asarray(
        provisioned(
            pd_12m,
            exposure_amt,
            economics.behavioural_life_years,
            economics.loss_given_default_ratio,
            economics.stage_move_factor,
        )
    )


@lru_cache(maxsize=16)
def rates_of(economics: Economics) -> Floats:
    """The numbers of the register that the formula takes, in the order of RATES."""
    return np.array([getattr(economics, name) for name in RATES], dtype=np.float64)
