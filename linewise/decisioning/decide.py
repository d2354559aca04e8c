"""The one decision function behind every door: the call, the batch, the back-test and the replay."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from linewise.decisioning.affordability import AffordabilityPolicy, Budget, monthly_budget
from linewise.decisioning.arbitration import REQUESTED, ArbitrationPolicy, contest_of, ranked
from linewise.decisioning.arrays import some
from linewise.decisioning.described import Described
from linewise.decisioning.explaining import offer_reasons, with_limit_reasons
from linewise.decisioning.gates import (
    Rules,
    asked_for,
    is_asked_for,
    known_of,
    limit_columns,
    offer_columns,
)
from linewise.decisioning.hardship import HARDSHIP_FIRST, HardshipPolicy, cause_of
from linewise.decisioning.left_alone import left_alone, no_plans
from linewise.decisioning.limits import LimitPolicy, LimitTerms, suggest_limits
from linewise.decisioning.losing import NOT_TOGETHER
from linewise.decisioning.offering import gated, offered, scored
from linewise.decisioning.offers import Offers
from linewise.decisioning.personalisation import exploration_of, in_fixed_order, is_personal
from linewise.decisioning.planning import decide_hardship, decide_plans
from linewise.decisioning.plans import LOAN, PlanPolicy
from linewise.decisioning.prices import Prices
from linewise.decisioning.raises import closed_where, kept_where, raised_to_amt, worth_of_raise
from linewise.decisioning.reasons import Coded
from linewise.decisioning.relevance import help_ranks
from linewise.decisioning.scorers import LimitResponse, Scorers
from linewise.decisioning.together import need_of
from linewise.decisioning.types import (
    Context,
    Customers,
    Decisions,
    Floats,
    LimitDecisions,
    PlanDecisions,
    State,
)
from linewise.decisioning.value import Economics

__all__ = ["LIMIT", "PLAN", "DecisionPolicy", "decide"]

LIMIT, PLAN = "limit", "plan"
BESIDE_OFFERS = frozenset({LIMIT, PLAN})


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """What the policy packs, the catalogue and the economics come down to, for one currency.

    decides: what is decided beside offers. Where it is neither limits nor plans, all stay as they are; offers come out
    as if a rule closed what is left out to everybody.
    """

    offers: Offers
    rules: Rules
    economics: Economics
    affordability: AffordabilityPolicy
    limit: LimitPolicy
    plan: PlanPolicy
    hardship: HardshipPolicy
    arbitration: ArbitrationPolicy
    reason_code_of: Mapping[str, str]
    decides: frozenset[str] = BESIDE_OFFERS


def _decide_limit(
    customers: Customers,
    context: Context,
    described: Described,
    budget: Budget,
    response: LimitResponse | None,
    policy: DecisionPolicy,
    prices: Prices,
) -> LimitDecisions:
    """The limits within what a month leaves; `described` is what rules of limits see of the customers.

    response: None where limits are not decided.
    """
    if response is None:
        return left_alone(customers.current_limit_amt)
    of_limit = limit_columns(described, customers.current_limit_amt, policy.limit.step_amt, context)
    hits = policy.rules.evaluate("limit", of_limit, with_values=context.explain)
    terms = LimitTerms(policy.limit, policy.economics)
    return suggest_limits(customers, context, response, budget, hits, is_asked_for(described), terms, prices)


def _plans_of_debt(
    customers: Customers,
    budget: Budget,
    pd_12m: Floats,
    described: Described,
    context: Context,
    policy: DecisionPolicy,
) -> PlanDecisions:
    """The plans for what is owed already; `described` is what rules of plans see of the customers."""
    if PLAN not in policy.decides:
        return no_plans(len(customers))
    no_raise = np.zeros_like(customers.current_limit_amt)
    return decide_plans(customers, no_raise, budget, pd_12m, described, context, policy)


def decide(
    customers: Customers,
    state: State,
    context: Context,
    policy: DecisionPolicy,
    scorers: Scorers,
    prices: Prices,
    seed: int,
) -> Decisions:
    """Decide offers, limit and plans for all customers at once.

    Pure: the same arguments give the same answer, and a customer's answer does not depend on who else is
    in the chunk. What is shown fits one monthly budget together and holds at most one thing that lends. Who
    cannot pay is shown the hardship ladder, what helps, and nothing that is for sale.
    """
    known = known_of(customers, state, context)
    of_offers, of_limit, of_plans = (asked_for(known, context, kind) for kind in ("offer", "limit", "plan"))
    asks, personal = is_asked_for(Described(known)), is_personal(known, len(customers))
    cause = cause_of(customers, state, context)
    is_helped = cause != ""

    # The gates, then the scores of what they leave, then what each is worth.
    described = offer_columns(of_offers, state, policy.offers, personal, context.asked_offer_id)
    gates = gated(described, asks, context, policy.offers, policy.rules).closed(is_helped)
    # Of a customer whose limit is left alone no model has to say what another one would do.
    response = scorers.limit_response(customers) if LIMIT in policy.decides else None
    default = scorers.default(customers) if response is None else response.default
    as_it_stands = default.pd_12m(customers.current_limit_amt[:, None])[:, 0]
    scores = scored(customers, gates.is_open, policy.offers, policy.economics, scorers, as_it_stands, prices)

    # What is owed already comes first: a plan for it is kept its place in the month before anything is added.
    budget = monthly_budget(customers, policy.affordability)
    plans = _plans_of_debt(customers, budget, as_it_stands, of_plans, context, policy)
    plans = plans.closed(is_helped, HARDSHIP_FIRST)
    hardship = decide_hardship(cause, customers, budget, as_it_stands, plans, of_plans, context, policy)
    comes_first = (plans.kind != LOAN) & ~((context.asked_for == "limit") & is_asked_for(of_limit))
    budget = budget.with_plan(*(np.where(comes_first, one, 0) for one in (plans.dearest_amt, plans.planned_amt)))

    # The best sets of offers; the limit within what the one beside a raise leaves; and which of the two stands.
    priority = np.where(gates.is_requested, REQUESTED, in_fixed_order(scores.priority, personal))
    ids, rules_of_play = customers.customer_id, policy.arbitration
    contest = contest_of(priority, gates.is_open, ids, policy.offers, budget.available_amt, rules_of_play, seed)
    left = budget.less(contest.need_beside_raise_amt)
    limit = _decide_limit(customers, context, of_limit, left, response, policy, prices)
    limit = closed_where(limit, is_helped, HARDSHIP_FIRST)
    limit = kept_where(limit, contest.goes_to_offers(worth_of_raise(limit, rules_of_play)), NOT_TOGETHER)

    # The shown set, led by the best or by one that is drawn, which moves no limit.
    raised_to = raised_to_amt(limit)
    raised = raised_to > limit.current_amt
    beside_raise = np.maximum(budget.beside_line_amt(raised_to), contest.need_beside_raise_amt)
    room = np.where(raised, beside_raise, budget.available_amt)
    may_explore = personal & ~gates.is_requested.any(axis=1)
    exploration = exploration_of(known, rules_of_play.exploration_ratio, may_explore)
    ranking = ranked(contest, raised, room, ids, rules_of_play, seed, exploration)
    need = need_of(ranking.rank >= 0, policy.offers.need_amt)
    helps = help_ranks(gates.is_left, policy.offers, rules_of_play.help_shown_count)
    reasons: tuple[Coded, ...] = ()
    if context.explain:
        reasons = offer_reasons(ranking.rank, customers, policy.offers, scorers, personal, policy.reason_code_of)
        limit = limit if response is None else with_limit_reasons(limit, customers, scorers, policy.reason_code_of)
    offers = offered(policy.offers, gates, scores, ranking, helps, room - need, reasons)

    # A loan within the raise, and a plan beside a limit that was asked for, out of what all that is shown leaves.
    comes_last = ~comes_first & ~is_helped & ((plans.kind != LOAN) | raised)
    if PLAN in policy.decides and some(comes_last):
        left = budget.less(need)
        left = replace(left, line_amt=np.where(plans.kind == LOAN, left.line_amt, limit.suggested_amt))
        raise_amt = np.maximum(limit.suggested_amt - limit.current_amt, 0)
        # For these alone, who are few in a base; of one customer nothing is copied.
        rows = slice(None) if comes_last.all() else np.flatnonzero(comes_last)
        these = of_plans.only(rows)
        later = decide_plans(
            these.known.customers, raise_amt[rows], left.only(rows), as_it_stands[rows], these, context, policy
        )
        plans = plans.placed(rows, later)
    return Decisions(customers, state, context, seed, offers, limit, plans, hardship, asks)
