"""The limits of a chunk of customers: what is worth it, what is promised, what is asked for, and what binds."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import first_match, or_zero, some
from linewise.decisioning.economics import Economics
from linewise.decisioning.formulas import whole
from linewise.decisioning.limits.caps import gravest_block, tightest_cap
from linewise.decisioning.limits.choice import Open, most_worth, stopped_by
from linewise.decisioning.limits.codes import ASKED, STANDING_QUOTE
from linewise.decisioning.limits.ladder import floor_to_step, ladder, with_rung
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.limits.request import Request, answer_of, granted, request_in
from linewise.decisioning.limits.rungs import open_rungs
from linewise.decisioning.limits.temporary import TEMPORARY, fallback_of, held_for_days, open_for_days
from linewise.decisioning.limits.worth import Worth, worth_of
from linewise.decisioning.prices import Prices
from linewise.decisioning.rule import Hits, Rule, takes_away
from linewise.decisioning.scorers import LimitResponse
from linewise.decisioning.types import Bools, Context, Customers, Ints, LimitDecisions, Texts

__all__ = ["LimitTerms", "suggest_limits"]

_KINDS = np.array(["hold", "raise", "decrease"])
"""By the sign of what changes."""


@dataclass(frozen=True, slots=True)
class LimitTerms:
    """What the policy says of limits: how they are chosen, and what a use is worth."""

    policy: LimitPolicy
    economics: Economics


@dataclass(frozen=True, slots=True)
class _Case:
    """What a choice is made of, a row a customer.

    choices bear the risk at its cautious end. promised_amt: the limit of a quote that stands, 0 where none does.
    """

    choices: Open
    worth: Worth
    request: Request
    promised_amt: Ints
    raise_say_seconds: float


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The limit of each customer, (n_customers,), and what `stopped_by` asks about it."""

    amount_amt: Ints
    unpriced_amt: Ints
    up_to_amt: Ints


def _promised(customers: Customers) -> Ints:
    """The limit of a quote that stands and that the line has not reached, (n_customers,); 0 where there is none."""
    days, quoted = customers.facts_of(("standing_limit_quote_until_days", "standing_limit_quote_amt"))
    # A comparison with NaN is false.
    stands = days >= 0.0
    if not some(stands):
        return np.zeros(len(stands), dtype=np.int64)
    amount = or_zero(quoted).astype(np.int64)
    return np.where(stands & (amount > customers.current_limit_amt), amount, 0)


def _proposed(case: _Case, prices: Prices) -> _Chosen:
    """What the bank proposes: what it promised, else the candidate of highest lower bound less what it uses."""
    worth, choices = case.worth, case.choices
    unpriced = most_worth(choices, worth.lower_amt)
    amount, up_to = _priced(case, prices, unpriced), choices.candidate_amt[:, -1]
    stands = (case.promised_amt > 0) & ~choices.is_blocked
    if not some(stands):
        return _Chosen(amount, unpriced, up_to)
    amount = np.where(stands, case.promised_amt, amount)
    return _Chosen(amount, np.where(stands, amount, unpriced), up_to)


def _priced(case: _Case, prices: Prices, unpriced_amt: Ints) -> Ints:
    """The candidate of highest lower bound less what it uses, (n_customers,); unpriced_amt: if nothing were scarce."""
    say_seconds = case.raise_say_seconds if prices.second_amt else 0.0
    if not (prices.exposure_ratio or prices.loss_ratio or prices.capital_ratio or say_seconds):
        return unpriced_amt
    worth, choices = case.worth, case.choices
    charge = prices.charge_amt(
        exposure_amt=worth.added(choices.candidate_amt.astype(np.float64)),
        loss_amt=worth.added(worth.cautious_loss_amt),
        capital_amt=worth.added(worth.valued.capital_amt),
        # The line in force is the first candidate, and nothing has to be said of it.
        seconds=np.where(choices.candidate_amt > choices.candidate_amt[:, :1], say_seconds, 0.0),
    )
    # Equal risk, equal answer, whatever the day: what a customer asks for is judged as if nothing were scarce.
    return np.where(case.request.is_asked, unpriced_amt, most_worth(choices, worth.lower_amt - charge))


def _given(case: _Case, asked: Open, loss_most_amt: int) -> _Chosen:
    """What who names an amount is given of it; what is less than the line is theirs to choose."""
    request = case.request
    given = granted(asked, request, case.worth.gain_amt, loss_most_amt, case.promised_amt)
    amount = np.where(request.is_less, request.target_amt, given)
    return _Chosen(amount, amount, request.target_amt)


def _either(is_first: Bools, first: _Chosen, other: _Chosen) -> _Chosen:
    pairs = ((getattr(first, name), getattr(other, name)) for name in _Chosen.__slots__)
    return _Chosen(*(np.where(is_first, one, two) for one, two in pairs))


def _binding(case: _Case, chosen: _Chosen, open_ones: Open, held: Texts) -> Texts:
    """What bound each customer's limit, (n_customers,); held: what a temporary one is held by beside the caps."""
    request, amount = case.request, chosen.amount_amt
    stopped = stopped_by(open_ones, amount, chosen.unpriced_amt, chosen.up_to_amt)
    if not (some(request.asked_amt) or some(case.promised_amt)):
        return stopped
    is_met = (request.asked_amt > 0) & (amount == request.target_amt)
    is_promise = (case.promised_amt > 0) & (amount == case.promised_amt)
    is_held = (held != "") & ~open_ones.is_blocked
    return first_match([is_met, is_promise, is_held], [ASKED, STANDING_QUOTE, held], stopped)


def _for_a_person(hits: Hits, is_asked: Bools) -> Bools:
    """Whether rules take the raise away and all of them only want a person to look at it, (n_customers,)."""
    is_taken = hits.hit & takes_away(hits.rules, is_asked)
    reviews = _wants_a_person(hits.rules)
    return np.asarray(is_taken.any(axis=1) & ~(is_taken & ~reviews).any(axis=1))


@lru_cache(maxsize=16)
def _wants_a_person(rules: tuple[Rule, ...]) -> Bools:
    return np.array([rule.effect == "HUMAN_REVIEW" for rule in rules], dtype=bool)


def _answered(request: Request, chosen: _Chosen, current_amt: Ints, hits: Hits, is_asked: Bools) -> Texts:
    """The answer to each customer's request, (n_customers,), empty for who makes none."""
    if not some(request.is_asked):
        return np.full(len(current_amt), "", dtype="<U8")
    return answer_of(request, chosen.amount_amt, current_amt, _for_a_person(hits, is_asked))


def suggest_limits(
    customers: Customers,
    context: Context,
    response: LimitResponse,
    budget: Budget,
    hits: Hits,
    is_asked_for: Bools,
    terms: LimitTerms,
    prices: Prices,
) -> LimitDecisions:
    """Limits for all customers; all amounts minor units. is_asked_for (n_customers,): whose request this is.

    Candidates are a ladder that the line in force and the policy alone make. Of those under the lowest cap
    whose cautious probability of default stays under the ceiling, the bank proposes the one whose gain is
    highest at the cautious end of every coefficient and after the prices of what it uses, and none where that
    is not above zero: hold is a candidate too, and worth nothing. A cap on raises never cuts. Nothing but the
    customer's own wish lowers a line: what a cut does nobody has learnt, and it is no surprise for the phone.

    With all else fixed a higher default curve never raises a limit. The value is A(L) - pd(L) * K(L), where K
    is the margin that a default ends and the loss it brings: neither falls with the limit. The slope of pd in
    the offset, or in the slope of its dose, is pd * (1 - pd), or that times the dose, times a constant; it
    rises with the limit as long as pd is at most a half (over another horizon than a year, at most a quarter
    where the horizon is up to eighty months): hence the ceiling. So the value has decreasing differences in
    (limit, risk), the bearable candidates are the lowest ones and fewer the higher the risk, and the lowest
    best candidate falls (Topkis). Prices are never negative and keep that.
    """
    policy, current = terms.policy, customers.current_limit_amt
    request = request_in(context, is_asked_for, current, policy)
    promised = _promised(customers)
    candidate = with_rung(with_rung(ladder(current, policy), promised), request.target_amt, kept_amt=promised)
    worth = worth_of(customers, candidate, response, terms.economics, policy.caution_errors)
    cap, cap_name = tightest_cap(current, budget, hits, policy)
    block = gravest_block(hits, is_asked_for)
    is_blocked = block != ""
    is_allowed = open_rungs(candidate, cap, is_blocked)
    choices = Open(candidate, is_allowed, worth.cautious_pd_12m <= policy.pd_ceiling_ratio, is_blocked, block, cap_name)
    case = _Case(choices, worth, request, promised, policy.raise_say_seconds)

    # Most decisions answer no request for a sum, and need none of what one takes.
    chosen, open_ones, held = _proposed(case, prices), choices, np.array("")
    is_temporary = request.is_asked & (context.asked_kind == TEMPORARY)
    if context.asked_for == "limit" and context.asked_amt is not None:
        # As it is expected, and not at its cautious end.
        asked = replace(choices, is_bearable=worth.pd_12m <= policy.pd_ceiling_ratio)
        for_days = open_for_days(asked, budget, policy)
        may_have = replace(asked, is_allowed=np.where(is_temporary[:, None], for_days, is_allowed))
        is_theirs = request.asked_amt > 0
        chosen = _either(is_theirs, _given(case, may_have, policy.requested_loss_most_amt), chosen)
        held = np.where(is_temporary, held_for_days(asked, for_days, chosen.amount_amt, request), "")
        open_ones = replace(asked, is_bearable=np.where(is_theirs[:, None], asked.is_bearable, choices.is_bearable))
    fallback = fallback_of(np.where(is_temporary, chosen.amount_amt, 0), budget, current)
    suggested = np.where(is_temporary, current, chosen.amount_amt)
    most = np.where(is_blocked, current, np.maximum(floor_to_step(cap, policy.step_amt), current))
    valued = worth.valued
    return LimitDecisions(
        current_amt=current,
        suggested_amt=suggested,
        max_amt=np.maximum(most, suggested),
        budget_amt=budget.available_amt,
        cautious_income_amt=budget.cautious_income_amt,
        kind=np.where(fallback.amount_amt > 0, TEMPORARY, _KINDS[np.sign(suggested - current)]),
        binding=_binding(case, chosen, open_ones, held),
        candidate_amt=candidate,
        profit_amt=whole(valued.value_amt),
        gain_amt=whole(worth.gain_amt),
        gain_lower_amt=whole(np.minimum(worth.lower_amt, worth.gain_amt)),
        pd_12m=worth.pd_12m,
        balance_amt=whole(worth.balance_amt),
        spend_amt=whole(worth.spend_amt),
        expected_loss_amt=whole(valued.expected_loss_amt),
        cautious_loss_amt=whole(worth.cautious_loss_amt),
        provision_change_amt=whole(worth.provision_change_amt),
        exposure_amt=whole(valued.exposure_amt),
        capital_amt=whole(valued.capital_amt),
        asked_amt=request.asked_amt,
        request_answer=_answered(request, chosen, current, hits, is_asked_for),
        promised_amt=promised,
        temporary_amt=fallback.amount_amt,
        paydown_amt=fallback.paydown_amt,
        paydown_payment_amt=fallback.payment_amt,
        sources=response.sources,
        rules=hits.rules,
        hits=hits.hit,
        hit_value=hits.value,
        hit_threshold=hits.threshold,
    )
