"""What each term of a plan is worth to the bank beside doing nothing."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.plans.uses import plan_values
from linewise.decisioning.types import Floats, Ints
from linewise.decisioning.value import rates_of

__all__ = ["PlanCase", "plan_worth"]


@dataclass(frozen=True, slots=True)
class PlanCase:
    """What the worth of plans is made of, minor units.

    amount_amt, room_amt (what a month bears), due_now_amt (the minimum payment on the amount without a plan),
    own_share_ratio (of each bill that is paid without a plan; 1 where nothing would be owed), pd_12m:
    (n_customers,); term_months (n_terms,); payment_amt, rate_ratio: (n_customers, n_terms).
    """

    amount_amt: Ints
    room_amt: Ints
    due_now_amt: Ints
    own_share_ratio: Floats
    pd_12m: Floats
    term_months: Ints
    payment_amt: Ints
    rate_ratio: Floats
    burden_hazard: float


def plan_worth(case: PlanCase, economics: Economics, cost_amt: Floats) -> Floats:
    """The value of each term less that of doing nothing, (n_customers, n_terms), minor units.

    A longer plan earns interest for longer and is at risk for longer; its lower payment eases the month. Which
    of these weighs more depends on the customer's risk, so that the longest term is not simply the best.
    cost_amt (n_customers,): what the plan costs the bank once.
    """
    debts = case.amount_amt, case.room_amt, case.due_now_amt, case.own_share_ratio, case.pd_12m, cost_amt
    terms, register = (case.term_months, case.payment_amt, case.rate_ratio), (rates_of(economics), *economics.exposure)
    return np.asarray(plan_values(debts, terms, register, economics.card_rate_ratio, case.burden_hazard))
