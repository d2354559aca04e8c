"""The terms of a plan priced, and those that are shown: affordable, allowed, and cheaper than doing nothing."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import first_match
from linewise.decisioning.economics import Economics
from linewise.decisioning.plans.amounts import PlanAmounts
from linewise.decisioning.plans.doing_nothing import costs_without_plan, own_share_ratio
from linewise.decisioning.plans.policy import LOAN, PlanPolicy
from linewise.decisioning.plans.rates import annualised_rate, round_rate_up
from linewise.decisioning.plans.schedule import flat_plans, level_plans
from linewise.decisioning.plans.worth import PlanCase, plan_worth, suggested_terms, take_up
from linewise.decisioning.rule import Hits
from linewise.decisioning.types import Bools, Customers, Floats, Ints, PlanDecisions, Texts

__all__ = ["NO_SAVING", "UNAFFORDABLE", "PlanGates", "PricedTerms", "offer_plans", "priced_terms"]

UNAFFORDABLE, NO_SAVING = "PLAN_UNAFFORDABLE", "PLAN_NO_SAVING"


@dataclass(frozen=True, slots=True)
class PlanGates:
    """What the rules say of each plan: hits and is_taken (n_customers, n_terms, …); is_asked_for (n_customers,)."""

    hits: Hits
    is_taken: Bools
    is_asked_for: Bools


@dataclass(frozen=True, slots=True)
class PricedTerms:
    """Each term of a policy for each amount, before anybody asks who may have it; see PlanDecisions."""

    term_months: Ints
    payment_amt: Ints
    last_payment_amt: Ints
    total_cost_amt: Ints
    annualised_rate_ratio: Floats


def priced_terms(amounts: PlanAmounts, policy: PlanPolicy) -> PricedTerms:
    """The terms of the policy for each customer's amount and kind, minor units."""
    terms, owed = policy.terms, amounts.amount_amt
    payment, last, total = level_plans(owed, policy.rates(amounts.kind), terms)
    is_flat = policy.is_flat(amounts.kind)
    if is_flat.any():
        flat = flat_plans(owed, policy.fees(), terms)
        payment, last, total = (
            np.where(is_flat[:, None], one, other) for one, other in zip(flat, (payment, last, total), strict=True)
        )
    owed_by_term = np.repeat(owed[:, None], len(terms), axis=1)
    rate = round_rate_up(annualised_rate(owed_by_term, payment, last, np.broadcast_to(terms, payment.shape)))
    return PricedTerms(terms, payment, last, total - owed_by_term, rate)


def _is_cheaper(
    terms: PricedTerms, is_loan: Bools, minimum_cost_amt: Floats, own_cost_amt: Floats, policy: PlanPolicy
) -> tuple[Bools, Bools]:
    """Which terms cost less a year than the card, and in all than going on as before, (n_customers, n_terms).

    A loan takes the place of no debt: there is nothing to compare it with.
    """
    goes_on = np.where(np.isnan(own_cost_amt), minimum_cost_amt, own_cost_amt)
    is_below_card = (terms.annualised_rate_ratio < policy.card_rate_ratio) | is_loan[:, None]
    return is_below_card, is_below_card & ((terms.total_cost_amt < goes_on[:, None]) | is_loan[:, None])


def offer_plans(
    customers: Customers,
    amounts: PlanAmounts,
    terms: PricedTerms,
    budget: Budget,
    pd_12m: Floats,
    policy: PlanPolicy,
    economics: Economics,
    gates: PlanGates,
) -> PlanDecisions:
    """The plans shown: terms that the budget bears, that no rule takes away and that cost less than the card.

    What the bank proposes must also cost less than going on as before: who pays in full saves nothing by a
    plan. Of these the best few are shown, by what they bring bank and customer together and by how likely they
    are taken; a loan by its length alone, the shortest first. pd_12m (n_customers,).
    """
    is_loan = amounts.kind == LOAN
    own_share = own_share_ratio(customers, budget.minimum)
    minimum_cost, own_cost = costs_without_plan(amounts.amount_amt, policy.card_rate_ratio, own_share, budget.minimum)
    room = np.where(is_loan, budget.available_amt, budget.beside_plan_amt(amounts.amount_amt))
    has_amount = (amounts.amount_amt > 0) & (amounts.problem == "")
    fits = has_amount[:, None] & (terms.payment_amt <= room[:, None])
    is_below_card, saves = _is_cheaper(terms, is_loan, minimum_cost, own_cost, policy)
    is_worth = np.where(gates.is_asked_for[:, None], is_below_card, saves)
    is_open = fits & is_worth & ~gates.is_taken

    case = PlanCase(
        amount_amt=amounts.amount_amt,
        room_amt=room,
        due_now_amt=np.where(is_loan, 0, budget.minimum.of(amounts.amount_amt)),
        own_share_ratio=np.where(is_loan, 1.0, np.where(np.isnan(own_share), budget.minimum.ratio, own_share)),
        pd_12m=pd_12m,
        term_months=terms.term_months,
        payment_amt=terms.payment_amt,
        rate_ratio=terms.annualised_rate_ratio,
        burden_hazard=policy.burden_hazard,
    )
    value = plan_worth(case, economics, np.where(is_loan, float(economics.loan_operating_cost_amt), 0.0))
    saved = _saved(amounts, terms, minimum_cost, own_cost)
    gain = np.where(is_loan[:, None], -terms.term_months.astype(np.float64), value + saved)
    is_shown, suggested = suggested_terms(gain, take_up(case, saved, policy), is_open, policy.shown_count)
    return PlanDecisions(
        kind=amounts.kind,
        term_months=terms.term_months,
        amount_amt=amounts.amount_amt,
        payment_amt=terms.payment_amt,
        last_payment_amt=terms.last_payment_amt,
        total_cost_amt=terms.total_cost_amt,
        annualised_rate_ratio=terms.annualised_rate_ratio,
        minimum_cost_amt=np.where(is_loan, np.nan, minimum_cost),
        own_way_cost_amt=np.where(is_loan, np.nan, own_cost),
        value_amt=np.where(has_amount[:, None], np.rint(value), 0.0).astype(np.int64),
        is_shown=is_shown,
        suggested=suggested,
        problem=_problem(amounts.problem, has_amount, fits.any(axis=1), (fits & is_worth).any(axis=1)),
        rules=gates.hits.rules,
        hits=gates.hits.hit,
        hit_value=gates.hits.value,
        hit_threshold=gates.hits.threshold,
    )


def _saved(amounts: PlanAmounts, terms: PricedTerms, minimum_cost_amt: Floats, own_cost_amt: Floats) -> Floats:
    """What each term saves the customer beside going on as before, (n_customers, n_terms), minor units.

    Who would never be done saves no more than the amount itself is worth: an endless cost is no measure.
    """
    goes_on = np.where(np.isnan(own_cost_amt), minimum_cost_amt, own_cost_amt)
    return np.minimum(goes_on, amounts.amount_amt)[:, None] - terms.total_cost_amt


def _problem(problem: Texts, has_amount: Bools, has_fitting: Bools, has_worth: Bools) -> Texts:
    """Why none is shown, beside the rules: what is wrong with the amount, the budget, or that none would save."""
    return first_match(
        [problem != "", has_amount & ~has_fitting, has_amount & ~has_worth], [problem, UNAFFORDABLE, NO_SAVING], ""
    )
