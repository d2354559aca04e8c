"""What each term of a plan is worth beside doing nothing, to the bank and to the customer, and which to suggest."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from linewise.decisioning.economics import Economics
from linewise.decisioning.hazard import monthly_hazard
from linewise.decisioning.plans.outstanding import owed_share_months
from linewise.decisioning.plans.policy import PlanPolicy
from linewise.decisioning.types import Bools, Floats, Ints
from linewise.decisioning.value import NOTHING, WHOLE, ExpectedUse, value_of

__all__ = ["PlanCase", "plan_worth", "suggested_terms", "take_up", "use_with_plan"]

YEAR = 12


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


def _hazard(case: PlanCase) -> Floats:
    """The hazard of a month in each plan, (n_customers, n_terms): the customer's own, by how the burden changes."""
    bears = np.maximum(case.room_amt, 1)
    now = np.minimum(case.due_now_amt / bears, 1.0)
    then = np.minimum(case.payment_amt / bears[:, None], 1.0)
    return monthly_hazard(case.pd_12m)[:, None] * np.exp(case.burden_hazard * (then - now[:, None]))


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
    terms = np.broadcast_to(case.term_months, case.payment_amt.shape)
    amount = case.amount_amt[:, None].astype(np.float64)
    first = np.minimum(terms, YEAR)
    within = owed_share_months(case.rate_ratio, terms, first)
    after = owed_share_months(case.rate_ratio, terms, terms) - within
    hazard = _hazard(case)
    is_long = terms > YEAR
    stays = np.exp(-hazard * (terms + YEAR) / 2.0)
    later_years = np.where(is_long, (terms - YEAR) / YEAR * stays, 0.0)
    later = np.where(is_long, amount * after / np.where(is_long, terms - YEAR, 1), amount * within / YEAR)
    lasts = amount * within / first
    at_default = (lasts + later_years * later) / (1.0 + later_years)
    return _use(amount * within / YEAR, later, later_years, at_default, case.rate_ratio, -np.expm1(-hazard * first))


def _without_plan(case: PlanCase, card_rate_ratio: float) -> ExpectedUse:
    """The balance shrinks by the share of each bill that is paid, and earns the card's own rate, (n_customers, 1)."""
    share = np.clip(case.own_share_ratio, 0.0, 1.0)[:, None]
    kept = np.minimum((1.0 + card_rate_ratio / 12.0) * (1.0 - share), 0.999)
    amount = np.where(share < 1.0, case.amount_amt[:, None], 0).astype(np.float64)
    after_year = kept**YEAR
    owed = amount * (1.0 - after_year) / (YEAR * (1.0 - kept))
    later = amount * after_year
    hazard = monthly_hazard(case.pd_12m)[:, None]
    # A balance of this kind is followed for as long as the longest plan.
    lasts = (1.0 - (kept * np.exp(-hazard)) ** (4 * YEAR)) / (YEAR * (1.0 - kept * np.exp(-hazard)))
    later_years = np.where(amount > 0.0, lasts, 0.0)
    at_default = (owed + later_years * later) / (1.0 + later_years)
    return _use(owed, later, later_years, at_default, card_rate_ratio, case.pd_12m[:, None])


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
    burden = np.minimum(case.payment_amt / np.maximum(case.room_amt, 1)[:, None], 1.0)
    saving = np.clip(saved_amt / np.maximum(case.amount_amt, 1)[:, None], -1.0, 1.0)
    odds = policy.take_up_comfort * (1.0 - burden) + policy.take_up_saving * saving
    return np.asarray(expit(logit(policy.take_up_ratio) + odds))


def suggested_terms(gain_amt: Floats, taken: Floats, is_open: Bools, most: int) -> tuple[Bools, Ints]:
    """The terms that are shown, (n_customers, n_terms), at most so many, and the place of the best; -1 where none is.

    gain_amt: what a term brings bank and customer together, which is what counts times how likely it is
    taken; of a term that brings nothing the loss alone counts. Of two alike the shorter one stands first.
    """
    score = np.where(gain_amt > 0.0, gain_amt * taken, gain_amt)
    order = np.argsort(np.where(is_open, -score, np.inf), axis=1, kind="stable")
    place = np.argsort(order, axis=1)
    return is_open & (place < most), np.where(is_open.any(axis=1), order[:, 0], -1).astype(np.int64)
