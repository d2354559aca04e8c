"""The terms of a plan priced, and those that are shown: affordable, allowed, and cheaper than doing nothing."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import some
from linewise.decisioning.economics import Economics
from linewise.decisioning.plans.amounts import PlanAmounts
from linewise.decisioning.plans.doing_nothing import costs_without_plan, own_share_ratio
from linewise.decisioning.plans.kernel import run_off
from linewise.decisioning.plans.policy import PlanPolicy
from linewise.decisioning.plans.rates import annualised_rate, round_rate_up
from linewise.decisioning.plans.schedule import flat_plans
from linewise.decisioning.plans.showing import shown_terms
from linewise.decisioning.plans.worth import PlanCase, plan_worth
from linewise.decisioning.rule import Hits
from linewise.decisioning.types import Bools, Customers, Floats, Ints, PlanDecisions

__all__ = ["NO_SAVING", "UNAFFORDABLE", "PlanGates", "PricedTerms", "offer_plans", "priced_terms"]

UNAFFORDABLE, NO_SAVING = "PLAN_UNAFFORDABLE", "PLAN_NO_SAVING"

_STOPPED = np.array(["", UNAFFORDABLE, NO_SAVING])
"""Why no term is shown, beside the rules, by the places that `open_terms` gives."""


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
    terms, owed, by_kind = policy.terms, amounts.amount_amt, policy.by_kind
    payment, last, total = run_off(owed, by_kind.monthly[amounts.place], by_kind.factor[amounts.place], terms)
    is_flat = by_kind.is_flat[amounts.place]
    if some(is_flat):
        flat = flat_plans(owed, policy.fees(), terms)
        payment, last, total = (
            np.where(is_flat[:, None], one, other) for one, other in zip(flat, (payment, last, total), strict=True)
        )
    rate = round_rate_up(annualised_rate(owed, payment, last, terms))
    return PricedTerms(terms, payment, last, total - owed[:, None], rate)


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
    is_loan, amount = amounts.is_loan, amounts.amount_amt
    own_share = own_share_ratio(customers, budget.minimum)
    minimum_cost, own_cost = costs_without_plan(amount, policy.card_rate_ratio, own_share, budget.minimum)
    room, due_now = budget.beside_plan_amt(amount), budget.minimum.of(amount)
    share, cost = np.where(np.isnan(own_share), budget.minimum.ratio, own_share), np.zeros(len(amount))
    # Loans are few, and none at most calls: nothing would be owed without one, and it takes the place of no debt.
    if some(is_loan):
        room, due_now = np.where(is_loan, budget.available_amt, room), np.where(is_loan, 0, due_now)
        share, cost = np.where(is_loan, 1.0, share), np.where(is_loan, float(economics.loan_operating_cost_amt), 0.0)
        minimum_cost, own_cost = (np.where(is_loan, np.nan, one) for one in (minimum_cost, own_cost))
    has_amount = (amount > 0) & (amounts.problem == "")
    case = PlanCase(
        amount_amt=amount,
        room_amt=room,
        due_now_amt=due_now,
        own_share_ratio=share,
        pd_12m=pd_12m,
        term_months=terms.term_months,
        payment_amt=terms.payment_amt,
        rate_ratio=terms.annualised_rate_ratio,
        burden_hazard=policy.burden_hazard,
    )
    value = plan_worth(case, economics, cost)
    is_shown, suggested, stopped = shown_terms(
        (amount, room, (has_amount, is_loan, gates.is_asked_for)),
        (minimum_cost, own_cost),
        (terms.term_months, terms.payment_amt, terms.total_cost_amt, terms.annualised_rate_ratio),
        gates.is_taken,
        value,
        (policy.card_rate_ratio, policy.habits, policy.shown_count),
    )
    return PlanDecisions(
        kind=amounts.kind,
        term_months=terms.term_months,
        amount_amt=amount,
        payment_amt=terms.payment_amt,
        last_payment_amt=terms.last_payment_amt,
        total_cost_amt=terms.total_cost_amt,
        annualised_rate_ratio=terms.annualised_rate_ratio,
        minimum_cost_amt=minimum_cost,
        own_way_cost_amt=own_cost,
        value_amt=np.where(has_amount[:, None], np.rint(value), 0.0).astype(np.int64),
        is_shown=is_shown,
        suggested=suggested,
        problem=np.where(has_amount, _STOPPED[stopped], amounts.problem),
        rules=gates.hits.rules,
        hits=gates.hits.hit,
        hit_value=gates.hits.value,
        hit_threshold=gates.hits.threshold,
    )
