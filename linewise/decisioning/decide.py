"""The one decision function behind every door: the call, the batch, the back-test and the replay."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from linewise.decisioning.affordability import AffordabilityPolicy, monthly_budget
from linewise.decisioning.arbitration import ArbitrationPolicy, rank_offers
from linewise.decisioning.gates import (
    Columns,
    Rules,
    asked_for,
    customer_columns,
    is_asked_for,
    limit_columns,
    offer_columns,
    plan_columns,
)
from linewise.decisioning.limits import LimitPolicy, suggest_limits
from linewise.decisioning.offer_use import offer_use
from linewise.decisioning.offers import Offers, modelled_of
from linewise.decisioning.personalisation import exploration_of, in_fixed_order, is_personal
from linewise.decisioning.plans import PlanPolicy, offer_plans, priced_terms
from linewise.decisioning.prices import Prices
from linewise.decisioning.reasons import reason_codes
from linewise.decisioning.relevance import help_ranks, relevance
from linewise.decisioning.rule import STOP_RULE, takes_away
from linewise.decisioning.scorers import Scorers
from linewise.decisioning.types import (
    Bools,
    Context,
    Customers,
    Decisions,
    Floats,
    Ints,
    LimitDecisions,
    OfferDecisions,
    PlanDecisions,
    State,
)
from linewise.decisioning.value import Economics, value_of

__all__ = ["DecisionPolicy", "decide"]

OFFER_REASONS, LIMIT_REASONS = 3, 4


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """What the policy packs, the catalogue and the economics come down to, for one currency."""

    offers: Offers
    rules: Rules
    economics: Economics
    affordability: AffordabilityPolicy
    limit: LimitPolicy
    plan: PlanPolicy
    arbitration: ArbitrationPolicy
    reason_code_of: Mapping[str, str]


def _take_up(customers: Customers, offers: Offers, scorers: Scorers) -> tuple[Floats, Floats]:
    """Take-up and uplift, (n_customers, n_offers) each: the models', or the catalogue's own where none has learnt.

    Without a control group in the bank's history the take-up stands in for the uplift.
    """
    propensity = np.tile(np.nan_to_num(offers.prior_take_up_ratio), (len(customers), 1))
    uplift = propensity.copy()
    modelled = offers.is_modelled
    if modelled.any():
        known = modelled_of(offers)
        shape = (len(customers), len(known))
        rows, columns = np.divmod(np.arange(len(customers) * len(known)), len(known))
        propensity[:, modelled] = scorers.take_up(customers, known, rows, columns).reshape(shape)
        uplift[:, modelled] = propensity[:, modelled]
        if scorers.has_control_group:
            uplift[:, modelled] = scorers.uplift(customers, known, rows, columns).reshape(shape)
    return propensity, uplift


def _decide_offers(
    customers: Customers,
    columns: Columns,
    context: Context,
    policy: DecisionPolicy,
    scorers: Scorers,
    pd_12m: Floats,
    prices: Prices,
    seed: int,
) -> OfferDecisions:
    """`columns` are those of the offers' rules; pd_12m (n_customers,) as the line stands."""
    shape = (len(customers), len(policy.offers))
    hits = policy.rules.evaluate("offer", columns, shape, with_values=context.explain)
    # What helps or must be told is not for sale: a rule that guards a sale does not touch it, a kill switch does.
    serves = policy.offers.serves
    is_switch = np.array([rule.rule_id == STOP_RULE for rule in hits.rules], dtype=bool)
    hit = hits.hit & (~serves[None, :, None] | is_switch)
    taken = hit & takes_away(hits.rules, is_asked_for(columns))[:, None, :]
    is_relevant = relevance(columns, policy.offers, context.channel)
    propensity, uplift = _take_up(customers, policy.offers, scorers)
    use = offer_use(customers, policy.offers, pd_12m, policy.economics)
    value = value_of(use, policy.economics).value_amt
    # A proposal takes a contact and what it costs, whatever the customer then answers.
    charge = prices.charge_amt(money_amt=policy.offers.cost_amt.astype(np.float64), contacts=1.0)
    priority = uplift * value - policy.offers.cost_amt[None, :] - charge[None, :]
    personal = is_personal(columns, len(customers))
    is_open = is_relevant & ~serves[None, :] & ~taken.any(axis=2)
    ranking = rank_offers(
        in_fixed_order(priority, personal),
        is_open,
        customers.customer_id,
        policy.arbitration,
        seed,
        policy.offers.excludes,
        exploration_of(columns, policy.arbitration.exploration_ratio, personal),
    )
    decided = OfferDecisions(
        offer_id=policy.offers.offer_id,
        propensity=propensity,
        value_amt=np.rint(value).astype(np.int64),
        priority=np.rint(priority).astype(np.int64),
        pscore=ranking.pscore,
        rank=ranking.rank,
        help_rank=help_ranks(is_relevant & ~taken.any(axis=2), policy.offers, policy.arbitration.help_shown_count),
        is_relevant=is_relevant,
        rules=hits.rules,
        hits=hit,
        hit_value=hits.value,
        hit_threshold=hits.threshold,
    )
    return _with_offer_reasons(decided, customers, policy, scorers, personal) if context.explain else decided


def _with_offer_reasons(
    decided: OfferDecisions, customers: Customers, policy: DecisionPolicy, scorers: Scorers, personal: Bools
) -> OfferDecisions:
    """Reasons for what is shown only: contributions are the dearest step of a decision.

    A list in a fixed order has none: nothing of the customer chose it.
    """
    modelled = policy.offers.is_modelled
    rows, columns = np.nonzero((decided.rank >= 0) & modelled[None, :] & personal[:, None])
    if not len(rows):
        return decided
    place = np.cumsum(modelled) - 1
    contributions = scorers.explain_take_up(customers, modelled_of(policy.offers), rows, place[columns])
    codes = reason_codes(contributions, policy.reason_code_of, sign=np.ones(len(rows)), most=OFFER_REASONS)
    flat: list[tuple[tuple[str, float], ...]] = [()] * decided.rank.size
    for row, column, reasons in zip(rows.tolist(), columns.tolist(), codes, strict=True):
        flat[row * decided.rank.shape[1] + column] = reasons
    return replace(decided, contributions=tuple(flat))


def _monthly_fee_of_shown(offers: OfferDecisions, policy: DecisionPolicy) -> Ints:
    """A month of the dearest fee among what is shown, (n_customers,): the set must be affordable together."""
    fees = np.where(offers.rank >= 0, policy.offers.annual_fee_amt[None, :], 0)
    return np.asarray(-(-fees.max(axis=1, initial=0) // 12), dtype=np.int64)


def _beside_shown(columns: Columns, offers: OfferDecisions, policy: DecisionPolicy) -> Columns:
    """The columns of the limit: what raises debt and is shown above it counts with what the call proposed before."""
    raising = ((offers.rank >= 0) & policy.offers.increases_debt[None, :]).sum(axis=1)
    return columns | {"debt_action_count_call": columns["debt_action_count_call"] + raising}


def _with_limit_reasons(
    limit: LimitDecisions, customers: Customers, policy: DecisionPolicy, scorers: Scorers
) -> LimitDecisions:
    """What spoke for the amount where one is suggested, what spoke against it where none is."""
    contributions = scorers.explain_default(customers, np.arange(len(customers)))
    sign = np.where(limit.suggested_amt > limit.current_amt, -1.0, 1.0)
    codes = reason_codes(contributions, policy.reason_code_of, sign=sign, most=LIMIT_REASONS)
    return replace(limit, contributions=codes)


def _plan_amount(limit: LimitDecisions, context: Context) -> Ints:
    """What the plans are for, (n_customers,): the raise, or what the customer asks for within the line."""
    if context.asked_for == "plan" and context.asked_amt is not None:
        return np.minimum(context.asked_amt, limit.suggested_amt)
    return limit.suggested_amt - limit.current_amt


def _decide_plans(
    amount_amt: Ints, budget_amt: Ints, columns: Columns, policy: DecisionPolicy, *, with_values: bool
) -> PlanDecisions:
    """The plans for the amounts, (n_customers,), less those that a rule takes away."""
    terms = priced_terms(amount_amt, policy.plan)
    of_plans = plan_columns(columns, amount_amt, terms.term_months, terms.annualised_rate_ratio)
    hits = policy.rules.evaluate("plan", of_plans, terms.payment_amt.shape, with_values=with_values)
    taken = hits.hit & takes_away(hits.rules, is_asked_for(columns))[:, None, :]
    return offer_plans(terms, budget_amt, policy.plan, hits, np.asarray(taken.any(axis=2)))


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
    in the chunk. The order is that of the way of the data: gates, scores, value, arbitration; then the
    budget that is left, the limit within it, and the plans for that limit.
    """
    columns = customer_columns(customers, state, context)
    of_offers = offer_columns(asked_for(columns, context, "offer"), state, policy.offers)
    response = scorers.limit_response(customers)
    pd_12m = response.default.pd_12m(customers.current_limit_amt[:, None])[:, 0]
    offers = _decide_offers(customers, of_offers, context, policy, scorers, pd_12m, prices, seed)
    of_limit = _beside_shown(asked_for(columns, context, "limit"), offers, policy)
    budget = monthly_budget(customers, policy.affordability, _monthly_fee_of_shown(offers, policy))
    limit = suggest_limits(
        current_amt=customers.current_limit_amt,
        budget=budget,
        default=response.default,
        hits=policy.rules.evaluate(
            "limit",
            limit_columns(of_limit, customers.current_limit_amt, policy.limit.step_amt),
            with_values=context.explain,
        ),
        is_asked_for=is_asked_for(of_limit),
        economics=policy.economics,
        policy=policy.limit,
        plan=policy.plan,
    )
    if context.explain:
        limit = _with_limit_reasons(limit, customers, policy, scorers)
    amount = _plan_amount(limit, context)
    of_plans = asked_for(columns, context, "plan")
    plans = _decide_plans(amount, budget.available_amt, of_plans, policy, with_values=context.explain)
    return Decisions(customers, state, context, seed, offers, limit, plans, is_asked_for(columns))
