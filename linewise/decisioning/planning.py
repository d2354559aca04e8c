"""Plans and the hardship ladder with the rules that bound them: what `decide` asks for, in its order."""

from typing import Protocol

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import some
from linewise.decisioning.described import Described
from linewise.decisioning.economics import Economics
from linewise.decisioning.gates import Rules, is_asked_for, personal_plan_columns, plan_columns
from linewise.decisioning.hardship import ART70, STEPS, HardshipDecisions, HardshipPolicy, ladder_of
from linewise.decisioning.plans import PlanGates, PlanPolicy, amounts_to_plan, offer_plans, priced_terms
from linewise.decisioning.rule import takes_away
from linewise.decisioning.taking import taken_away
from linewise.decisioning.types import Context, Customers, Floats, Ints, PlanDecisions, Texts

__all__ = ["PlanningPolicy", "decide_hardship", "decide_plans"]

PERSONAL = STEPS.index(ART70)


class PlanningPolicy(Protocol):
    """What of a decision's policy plans and the ladder need."""

    @property
    def rules(self) -> Rules:
        """The compiled rules."""

    @property
    def plan(self) -> PlanPolicy:
        """What plans are on offer."""

    @property
    def economics(self) -> Economics:
        """The assumptions of value."""

    @property
    def hardship(self) -> HardshipPolicy:
        """What may be given to who cannot pay."""


def decide_plans(
    customers: Customers,
    raise_amt: Ints,
    budget: Budget,
    pd_12m: Floats,
    described: Described,
    context: Context,
    policy: PlanningPolicy,
) -> PlanDecisions:
    """The plans for what is owed, or lent by the raise, less those that a rule takes away.

    pd_12m (n_customers,): as the line stands; `described` is what rules of plans see of the customers.
    """
    amounts = amounts_to_plan(customers, raise_amt, context, policy.plan)
    terms = priced_terms(amounts, policy.plan)
    of_plans = plan_columns(described, amounts, terms.term_months, terms.annualised_rate_ratio)
    hits = policy.rules.evaluate("plan", of_plans, terms.payment_amt.shape, with_values=context.explain)
    is_asked = is_asked_for(described)
    taken = taken_away(hits.rules, hits.hit, is_asked)
    gates = PlanGates(hits, taken, is_asked)
    return offer_plans(customers, amounts, terms, budget, pd_12m, policy.plan, policy.economics, gates)


def decide_hardship(
    cause: Texts,
    customers: Customers,
    budget: Budget,
    pd_12m: Floats,
    plans: PlanDecisions,
    described: Described,
    context: Context,
    policy: PlanningPolicy,
) -> HardshipDecisions:
    """The ladder of who is in the lane, its personal plan by the rules of plans; nothing is evaluated for nobody.

    `plans` are those for sale, whose rules are the same; `described` is what rules of plans see of the customers.
    """
    ladder = ladder_of(cause, customers, budget, pd_12m, policy.plan.card_rate_ratio, policy.hardship, plans.rules)
    if not some(ladder.is_on):
        return ladder
    terms, rates = ladder.term_months[:, PERSONAL], ladder.annualised_rate_ratio[:, PERSONAL]
    of_plan = personal_plan_columns(described, ladder.owed_amt, terms, rates)
    hits = policy.rules.evaluate("plan", of_plan, with_values=context.explain)
    taken = np.asarray((hits.hit & takes_away(hits.rules, is_asked_for(described))).any(axis=1))
    return ladder.ruled(hits, taken)
