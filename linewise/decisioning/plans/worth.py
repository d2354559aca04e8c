"""What each term of a plan is worth beside doing nothing, to the bank and to the customer, and which to suggest."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from linewise.decisioning.economics import Economics
from linewise.decisioning.plans.policy import PlanPolicy
from linewise.decisioning.plans.showing import best_terms, taken
from linewise.decisioning.plans.uses import with_plan, without_plan
from linewise.decisioning.types import Bools, Floats, Ints
from linewise.decisioning.value import NOTHING, WHOLE, ExpectedUse, value_of

__all__ = ["PlanCase", "plan_worth", "suggested_terms", "take_up", "use_with_plan"]


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


def _use(
    owed: Floats, later: Floats, later_years: Floats, at_default: Floats, rate: Floats | float, pd_12m: Floats
) -> ExpectedUse:
    return ExpectedUse(
        limit_amt=NOTHING,
        pd_12m=pd_12m,
        revolving_amt=owed,
        later_revolving_amt=later,
        transacting_amt=NOTHING,
        owed_at_default_amt=at_default,
        rate_ratio=np.asarray(rate, dtype=np.float64),
        spend_amt=NOTHING,
        fee_amt=NOTHING,
        attrition_amt=NOTHING,
        one_off_cost_amt=NOTHING,
        revolver_ratio=WHOLE,
        utilisation_ratio=WHOLE,
        terminal_years=later_years,
    )


def use_with_plan(case: PlanCase) -> ExpectedUse:
    """The balance runs off by the schedule; what is owed after the first year counts by who is still paying.

    A plan is broken within the year while it lasts, and no longer; all (n_customers, n_terms).
    """
    amount, room, due_now, pd_12m = (
        one[:, None] for one in (case.amount_amt, case.room_amt, case.due_now_amt, case.pd_12m)
    )
    owed, later, later_years, at_default, breaks = with_plan(
        amount, case.term_months, case.rate_ratio, case.payment_amt, due_now, room, pd_12m, case.burden_hazard
    )
    return _use(owed, later, later_years, at_default, case.rate_ratio, breaks)


def _without_plan(case: PlanCase, card_rate_ratio: float) -> ExpectedUse:
    """The balance shrinks by the share of each bill that is paid, and earns the card's own rate, (n_customers, 1)."""
    share, pd_12m = case.own_share_ratio[:, None], case.pd_12m[:, None]
    owed, later, later_years, at_default = without_plan(case.amount_amt[:, None], share, card_rate_ratio, pd_12m)
    return _use(owed, later, later_years, at_default, card_rate_ratio, pd_12m)


def plan_worth(case: PlanCase, economics: Economics, cost_amt: Floats) -> Floats:
    """The value of each term less that of doing nothing, (n_customers, n_terms), minor units.

    A longer plan earns interest for longer and is at risk for longer; its lower payment eases the month. Which
    of these weighs more depends on the customer's risk, so that the longest term is not simply the best.
    cost_amt (n_customers,): what the plan costs the bank once.
    """
    with_plan = value_of(use_with_plan(case), economics).value_amt
    without = value_of(_without_plan(case, economics.card_rate_ratio), economics).value_amt
    return np.asarray(with_plan - without - (1.0 - economics.tax_ratio) * cost_amt[:, None])


def take_up(case: PlanCase, saved_amt: Floats, policy: PlanPolicy) -> Floats:
    """How likely each term is taken, (n_customers, n_terms): by how light its payment is and by what it saves.

    An assumption of the register until the plans of the bank have taught a model.
    """
    amount, room = case.amount_amt[:, None], case.room_amt[:, None]
    at_worst = logit(policy.take_up_ratio)
    return np.asarray(
        taken(case.payment_amt, room, saved_amt, amount, at_worst, policy.take_up_comfort, policy.take_up_saving)
    )


def suggested_terms(gain_amt: Floats, taken_ratio: Floats, is_open: Bools, most: int) -> tuple[Bools, Ints]:
    """The terms that are shown, (n_customers, n_terms), at most so many, and the place of the best; -1 where none is.

    gain_amt: what a term brings bank and customer together, which is what counts times how likely it is
    taken; of a term that brings nothing the loss alone counts. Of two alike the shorter one stands first.
    """
    is_shown, best = best_terms(gain_amt, taken_ratio, is_open, most)
    return is_shown, best
