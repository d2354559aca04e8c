"""The terms of a plan priced, and those that are shown: affordable, allowed, and cheaper than doing nothing."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import first_match
from linewise.decisioning.plans.amounts import PlanAmounts
from linewise.decisioning.plans.doing_nothing import minimum_payments_cost_amt, own_way_cost_amt
from linewise.decisioning.plans.policy import LOAN, PlanPolicy
from linewise.decisioning.plans.rates import annualised_rate, round_rate_up
from linewise.decisioning.plans.schedule import flat_plans, level_plans
from linewise.decisioning.rule import Hits
from linewise.decisioning.types import Bools, Customers, Floats, Ints, PlanDecisions, Texts

__all__ = ["NO_SAVING", "UNAFFORDABLE", "PricedTerms", "offer_plans", "priced_terms"]

UNAFFORDABLE, NO_SAVING = "PLAN_UNAFFORDABLE", "PLAN_NO_SAVING"


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
    policy: PlanPolicy,
    hits: Hits,
    is_taken: Bools,
    is_asked_for: Bools,
) -> PlanDecisions:
    """The plans shown: terms that the budget bears, that no rule takes away and that cost less than the card.

    What the bank proposes must also cost less than going on as before: who pays in full saves nothing by a
    plan. The shortest come first, for a longer term costs more and stays longer at risk.
    hits and is_taken (n_customers, n_terms, …); is_asked_for (n_customers,).
    """
    is_loan = amounts.kind == LOAN
    minimum_cost = minimum_payments_cost_amt(amounts.amount_amt, policy.card_rate_ratio, budget.minimum)
    own_cost = own_way_cost_amt(customers, amounts.amount_amt, policy.card_rate_ratio, budget.minimum)
    room = np.where(is_loan, budget.available_amt, budget.beside_plan_amt(amounts.amount_amt))
    has_amount = (amounts.amount_amt > 0) & (amounts.problem == "")
    fits = has_amount[:, None] & (terms.payment_amt <= room[:, None])
    is_below_card, saves = _is_cheaper(terms, is_loan, minimum_cost, own_cost, policy)
    is_worth = np.where(is_asked_for[:, None], is_below_card, saves)
    is_open = fits & is_worth & ~is_taken
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
        is_shown=is_open & (np.cumsum(is_open, axis=1) <= policy.shown_count),
        problem=_problem(amounts.problem, has_amount, fits.any(axis=1), (fits & is_worth).any(axis=1)),
        rules=hits.rules,
        hits=hits.hit,
        hit_value=hits.value,
        hit_threshold=hits.threshold,
    )


def _problem(problem: Texts, has_amount: Bools, has_fitting: Bools, has_worth: Bools) -> Texts:
    """Why none is shown, beside the rules: what is wrong with the amount, the budget, or that none would save."""
    return first_match(
        [problem != "", has_amount & ~has_fitting, has_amount & ~has_worth], [problem, UNAFFORDABLE, NO_SAVING], ""
    )
