"""The one decision function behind every door: the call, the batch, the back-test and the replay."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from linewise.decisioning.affordability import AffordabilityPolicy, Budget, monthly_budget
from linewise.decisioning.arbitration import ArbitrationPolicy, contest_of, ranked
from linewise.decisioning.explaining import with_limit_reasons, with_offer_reasons
from linewise.decisioning.gates import (
    Columns,
    Rules,
    asked_for,
    customer_columns,
    is_asked_for,
    limit_columns,
    offer_columns,
)
from linewise.decisioning.hardship import HARDSHIP_FIRST, HardshipPolicy, cause_of
from linewise.decisioning.limits import LimitPolicy, LimitTerms, suggest_limits
from linewise.decisioning.losing import NOT_TOGETHER
from linewise.decisioning.offering import gated, scored
from linewise.decisioning.offers import Offers
from linewise.decisioning.personalisation import exploration_of, in_fixed_order, is_personal
from linewise.decisioning.planning import decide_hardship, decide_plans
from linewise.decisioning.plans import LOAN, PlanPolicy
from linewise.decisioning.prices import Prices
from linewise.decisioning.relevance import help_ranks
from linewise.decisioning.scorers import LimitResponse, Scorers
from linewise.decisioning.together import need_of
from linewise.decisioning.types import (
    Bools,
    Context,
    Customers,
    Decisions,
    Ints,
    LimitDecisions,
    OfferDecisions,
    State,
)
from linewise.decisioning.value import Economics

__all__ = ["DecisionPolicy", "decide"]

REQUESTED = 1 << 40
"""The priority of what the customer named, above all that the bank proposes: a request is never ranked by its worth."""


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """What the policy packs, the catalogue and the economics come down to, for one currency."""

    offers: Offers
    rules: Rules
    economics: Economics
    affordability: AffordabilityPolicy
    limit: LimitPolicy
    plan: PlanPolicy
    hardship: HardshipPolicy
    arbitration: ArbitrationPolicy
    reason_code_of: Mapping[str, str]


def _worth_of_raise(limit: LimitDecisions, policy: ArbitrationPolicy) -> Ints:
    """What the raise that is suggested surely adds, as far as it will be taken, (n_customers,); 0 where none is.

    One that the customer asked for, or was promised, gives way to nothing.
    """
    rows = np.arange(len(limit.suggested_amt))
    chosen = (limit.candidate_amt == limit.suggested_amt[:, None]).argmax(axis=1)
    gain = np.rint(limit.gain_lower_amt[rows, chosen] * policy.raise_take_up_ratio)
    is_kept = (limit.request_answer != "") | (limit.promised_amt == limit.suggested_amt)
    is_raised = np.maximum(limit.suggested_amt, limit.temporary_amt) > limit.current_amt
    return np.where(is_raised, np.where(is_kept, REQUESTED, gain), 0).astype(np.int64)


def _kept_where(limit: LimitDecisions, gives_way: Bools, because: str) -> LimitDecisions:
    """The limits with those left as they are that give way, (n_customers,), and the code of what they give way to."""
    if not gives_way.any():
        return limit
    return replace(
        limit,
        suggested_amt=np.where(gives_way, limit.current_amt, limit.suggested_amt),
        kind=np.where(gives_way, "hold", limit.kind),
        binding=np.where(gives_way, because, limit.binding),
    )


def _closed_where(limit: LimitDecisions, is_helped: Bools) -> LimitDecisions:
    """The limits with no raise, for good or for a time, for who is helped rather than sold to, (n_customers,)."""
    is_raised = is_helped & (np.maximum(limit.suggested_amt, limit.temporary_amt) > limit.current_amt)
    if not is_raised.any():
        return limit
    kept = _kept_where(limit, is_raised, HARDSHIP_FIRST)
    return replace(
        kept,
        request_answer=np.where(is_raised & (limit.request_answer != ""), "declined", limit.request_answer),
        temporary_amt=np.where(is_raised, 0, limit.temporary_amt),
        paydown_amt=np.where(is_raised, 0, limit.paydown_amt),
        paydown_payment_amt=np.where(is_raised, 0, limit.paydown_payment_amt),
    )


def _decide_limit(
    customers: Customers,
    context: Context,
    columns: Columns,
    budget: Budget,
    response: LimitResponse,
    policy: DecisionPolicy,
    prices: Prices,
) -> LimitDecisions:
    """The limits within what a month leaves; `columns` are those of the limit's rules."""
    of_limit = limit_columns(columns, customers.current_limit_amt, policy.limit.step_amt, context)
    hits = policy.rules.evaluate("limit", of_limit, with_values=context.explain)
    terms = LimitTerms(policy.limit, policy.economics)
    return suggest_limits(customers, context, response, budget, hits, is_asked_for(columns), terms, prices)


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
    columns = customer_columns(customers, state, context)
    asks, personal = is_asked_for(columns), is_personal(columns, len(customers))

    # The gates, then the scores of what they leave, then what each is worth.
    of_offers = offer_columns(asked_for(columns, context, "offer"), state, policy.offers)
    # Who cannot pay is helped, and sold nothing.
    cause = cause_of(customers, state, context)
    is_helped = cause != ""
    gates = gated(of_offers, asks, context, policy.offers, policy.rules).closed(is_helped)
    response = scorers.limit_response(customers)
    scores = scored(customers, gates.is_open, policy.offers, policy.economics, scorers, response.default, prices)

    # What is owed already comes first: a plan for it is kept its place in the month before anything is added.
    budget = monthly_budget(customers, policy.affordability, np.zeros(len(customers), dtype=np.int64))
    of_plans = asked_for(columns, context, "plan")
    plans = decide_plans(customers, np.zeros_like(customers.current_limit_amt), budget, of_plans, context, policy)
    plans = plans.closed(is_helped, HARDSHIP_FIRST)
    pd_12m = response.default.pd_12m(customers.current_limit_amt[:, None])[:, 0]
    hardship = decide_hardship(cause, customers, budget, pd_12m, plans, of_plans, context, policy)
    of_limit = asked_for(columns, context, "limit")
    comes_first = (plans.kind != LOAN) & ~((context.asked_for == "limit") & is_asked_for(of_limit))
    budget = budget.with_plan(*(np.where(comes_first, one, 0) for one in (plans.dearest_amt, plans.planned_amt)))

    # The best sets beside a raise and without one; the limit within what they leave; and which of them stands.
    contest = contest_of(
        np.where(gates.is_requested, REQUESTED, in_fixed_order(scores.priority, personal)),
        gates.is_open,
        customers.customer_id,
        policy.offers,
        budget.available_amt,
        policy.arbitration,
        seed,
    )
    left = budget.less(contest.need_beside_raise_amt)
    limit = _decide_limit(customers, context, of_limit, left, response, policy, prices)
    limit = _closed_where(limit, is_helped)
    limit = _kept_where(limit, contest.goes_to_offers(_worth_of_raise(limit, policy.arbitration)), NOT_TOGETHER)
    raised_to = np.maximum(limit.suggested_amt, limit.temporary_amt)
    is_raised = raised_to > limit.current_amt
    # Never less than what the limit was decided beside: today's caps are no closer than that.
    beside_raise = np.maximum(
        budget.beside_line_amt(np.maximum(raised_to, limit.current_amt)), contest.need_beside_raise_amt
    )
    room = np.where(is_raised, beside_raise, budget.available_amt)
    ranking = ranked(
        contest,
        is_raised,
        room,
        customers.customer_id,
        policy.arbitration,
        seed,
        exploration_of(columns, policy.arbitration.exploration_ratio, personal & ~gates.is_requested.any(axis=1)),
    )
    offers = OfferDecisions(
        offer_id=policy.offers.offer_id,
        propensity=scores.propensity,
        value_amt=scores.value_amt,
        priority=scores.priority,
        pscore=ranking.pscore,
        rank=ranking.rank,
        help_rank=help_ranks(gates.is_left, policy.offers, policy.arbitration.help_shown_count),
        is_relevant=gates.is_relevant,
        room_amt=room - need_of(ranking.rank >= 0, policy.offers.need_amt),
        rules=gates.hits.rules,
        hits=gates.hit,
        hit_value=gates.hits.value,
        hit_threshold=gates.hits.threshold,
    )
    if context.explain:
        offers = with_offer_reasons(offers, customers, policy.offers, scorers, personal, policy.reason_code_of)
        limit = with_limit_reasons(limit, customers, scorers, policy.reason_code_of)

    # A loan within the raise, and a plan beside a limit that was asked for, out of what all that is shown leaves.
    comes_last = ~comes_first & ~is_helped & ((plans.kind != LOAN) | is_raised)
    if comes_last.any():
        left = budget.less(need_of(offers.rank >= 0, policy.offers.need_amt))
        left = replace(left, line_amt=np.where(plans.kind == LOAN, left.line_amt, limit.suggested_amt))
        raised = np.maximum(limit.suggested_amt - limit.current_amt, 0)
        plans = plans.where(comes_last, decide_plans(customers, raised, left, of_plans, context, policy))
    return Decisions(customers, state, context, seed, offers, limit, plans, hardship, asks)
