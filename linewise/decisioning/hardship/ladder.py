"""The steps of the ladder for who is in the lane: what each asks for, whether it is enough, which comes first."""

from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.arrays import or_zero
from linewise.decisioning.hardship.hazard import breaking_ratio
from linewise.decisioning.hardship.lane import CAUSES
from linewise.decisioning.hardship.policy import STEPS, HardshipPolicy
from linewise.decisioning.plans.rates import annualised_rate, round_rate_up
from linewise.decisioning.plans.schedule import level_plans
from linewise.decisioning.rule import Hits, Rule
from linewise.decisioning.types import Bools, Customers, Floats, Ints, Texts

__all__ = ["HardshipDecisions", "ladder_of", "proposal"]

DATE, FEES, RELIEF, RATE, PERSONAL = range(len(STEPS))


@dataclass(frozen=True, slots=True)
class Steps:
    """The terms of each step, (n_customers, n_steps) in order of STEPS; amounts in minor units.

    is_open: the step can be taken; is_enough: with it the month bears what is due; payment_amt (of a month),
    term_months (0: as things stand), nominal_rate_ratio, annualised_rate_ratio, total_cost_amt, relief_amt (what
    is let off once); breaking_ratio: the probability that it does not last, missing where it is no plan.
    """

    is_open: Bools
    is_enough: Bools
    payment_amt: Ints
    term_months: Ints
    nominal_rate_ratio: Floats
    annualised_rate_ratio: Floats
    total_cost_amt: Ints
    relief_amt: Ints
    breaking_ratio: Floats


@dataclass(frozen=True, slots=True)
class HardshipDecisions(Steps):
    """The lane of each customer, (n_customers,), and the terms of its steps; amounts in minor units.

    cause: why the customer is in it, empty for who is not. owed_amt: on cards here; due_amt: of a month as
    things stand; overdue_amt; bears_amt: what a month bears for it. proposed: the place of the mildest step
    that is enough, else the last open one; -1 outside the lane.
    rules, hits, hit_value, hit_threshold (n_customers, n_rules): of the personal plan, none outside the lane.
    """

    cause: Texts
    owed_amt: Ints
    due_amt: Ints
    overdue_amt: Ints
    bears_amt: Ints
    proposed: Ints
    rules: tuple[Rule, ...]
    hits: Bools
    hit_value: Floats
    hit_threshold: Floats

    @property
    def is_on(self) -> Bools:
        """Who is helped rather than sold to, (n_customers,)."""
        return np.asarray(self.cause != "")

    def ruled(self, hits: Hits, is_taken: Bools) -> "HardshipDecisions":
        """The same with the rules of the personal plan, which take it away from some, (n_customers,)."""
        is_open, on = self.is_open.copy(), self.is_on
        is_open[:, PERSONAL] &= ~is_taken
        return replace(
            self,
            is_open=is_open,
            proposed=np.where(on, proposal(is_open, self.is_enough), -1),
            hits=hits.hit & on[:, None],
            hit_value=np.where(on[:, None], hits.value, np.nan),
            hit_threshold=np.where(on[:, None], hits.threshold, np.nan),
        )


def _no_steps(count: int) -> Steps:
    """None open to anybody: the arrays are filled in afterwards."""
    shape = (count, len(STEPS))

    def none() -> Ints:
        return np.zeros(shape, dtype=np.int64)

    def unknown() -> Floats:
        return np.full(shape, np.nan)

    return Steps(
        is_open=np.zeros(shape, dtype=np.bool_),
        is_enough=np.zeros(shape, dtype=np.bool_),
        payment_amt=none(),
        term_months=none(),
        nominal_rate_ratio=unknown(),
        annualised_rate_ratio=unknown(),
        total_cost_amt=none(),
        relief_amt=none(),
        breaking_ratio=unknown(),
    )


@dataclass(frozen=True, slots=True)
class _Strain:
    """How things stand for some customers, minor units, (n_some,)."""

    owed: Ints
    due: Ints
    overdue: Ints
    bears: Ints
    shown: Ints
    fees: Ints
    pd_12m: Floats


def _whole(values: Floats) -> Ints:
    return or_zero(np.maximum(values, 0.0)).astype(np.int64)


def _strain(customers: Customers, budget: Budget, pd_12m: Floats, rows: Ints, policy: HardshipPolicy) -> _Strain:
    owed = np.fmax(customers.fact("total_card_debt_amt"), customers.fact("card_balance_amt"))
    owed = _whole(np.where(np.isnan(owed), customers.feature("statement_balance_amt"), owed))
    in_plans, plan_payment = (_whole(customers.fact(name)) for name in ("card_plan_left_amt", "card_plan_payment_amt"))
    due = budget.minimum.of(np.maximum(owed - in_plans, 0)) + plan_payment
    # What a month bears for cards: plans that run are paid out of it as well.
    bears = budget.room_amt + plan_payment
    fees = np.minimum(_whole(customers.feature("fee_sum_amt_180d")), policy.fee_waiver_amt)
    return _Strain(
        owed=owed[rows],
        due=due[rows],
        overdue=_whole(customers.fact("overdue_amt"))[rows],
        bears=bears[rows],
        shown=budget.demonstrated_amt[rows],
        fees=fees[rows],
        pd_12m=pd_12m[rows],
    )


def _mild_steps(steps: Steps, now: _Strain, card_rate_ratio: float, policy: HardshipPolicy) -> None:
    """Another date, fees paid back, some months of interest alone: they change no debt, and suit a short trouble."""
    behind = now.due + now.overdue
    interest = np.ceil(now.owed * card_rate_ratio / 12.0).astype(np.int64)
    steps.is_open[:, DATE] = True
    steps.is_enough[:, DATE] = behind <= now.bears
    steps.is_open[:, FEES] = now.fees > 0
    steps.relief_amt[:, FEES] = now.fees
    steps.is_enough[:, FEES] = (now.fees > 0) & (behind - now.fees <= now.bears)
    # Relief ends: it is enough for who has shown to pay what falls due, and cannot at present.
    steps.is_open[:, RELIEF] = (now.owed > 0) & (interest < now.due)
    steps.is_enough[:, RELIEF] = steps.is_open[:, RELIEF] & (interest <= now.bears) & (now.shown >= now.due)
    for step in (DATE, FEES):
        steps.payment_amt[:, step] = now.due
    steps.payment_amt[:, RELIEF] = np.minimum(interest, now.due)
    steps.term_months[:, RELIEF] = policy.relief_months
    steps.total_cost_amt[:, RELIEF] = interest * policy.relief_months
    steps.nominal_rate_ratio[:, RELIEF] = steps.annualised_rate_ratio[:, RELIEF] = card_rate_ratio


def _plan_step(
    steps: Steps,
    step: int,
    now: _Strain,
    rates: tuple[float, ...],
    term_months: tuple[int, ...],
    policy: HardshipPolicy,
) -> None:
    """The plan of a step: the rate is cut before the term is stretched.

    Of the rates from the highest down the first at which some term is bearable, and of its terms the shortest:
    a longer one lasts longer and is broken more often. Where none is bearable, the longest at the lowest rate.
    Whose default is all but certain as things stand is asked for the lowest rate at once (Dobbie and Song, AER
    2020: write-downs, of interest too, help the worst-off).
    """
    terms, rows = np.array(term_months, dtype=np.int64), np.arange(len(now.owed))
    payment, last, total = (np.zeros(len(rows), dtype=np.int64) for _ in range(3))
    term, rate, is_found = np.full(len(rows), terms[-1]), np.full(len(rows), rates[-1]), np.zeros(len(rows), dtype=bool)
    is_deep = now.pd_12m >= policy.deep_cut_pd_ratio
    for one in rates:
        level, final, paid = level_plans(now.owed, one, terms)
        is_on_offer = ~is_deep | (one == rates[-1])
        fits = level <= now.bears[:, None]
        at = np.where(fits.any(axis=1), fits.argmax(axis=1), len(terms) - 1)
        takes = is_on_offer & ~is_found & (fits.any(axis=1) | (one == rates[-1]))
        for kept, found in ((payment, level), (last, final), (total, paid)):
            kept[takes] = found[rows, at][takes]
        term[takes], rate[takes] = terms[at][takes], one
        is_found |= is_on_offer & fits.any(axis=1)
    steps.is_open[:, step] = now.owed > 0
    steps.is_enough[:, step] = is_found & (now.owed > 0)
    steps.payment_amt[:, step], steps.term_months[:, step] = payment, term
    steps.total_cost_amt[:, step] = total - now.owed
    steps.nominal_rate_ratio[:, step] = rate
    steps.annualised_rate_ratio[:, step] = round_rate_up(annualised_rate(now.owed, payment, last, term))
    steps.breaking_ratio[:, step] = breaking_ratio(now.owed, rate, term, now.bears, now.pd_12m, policy)


def ladder_of(
    cause: Texts,
    customers: Customers,
    budget: Budget,
    pd_12m: Floats,
    card_rate_ratio: float,
    policy: HardshipPolicy,
    rules: tuple[Rule, ...],
) -> HardshipDecisions:
    """The ladder of each customer in the lane (`cause` not empty), before the rules of the personal plan.

    Proposed is the mildest step that is enough; where none is, the last one, for a person to negotiate. The
    bank proposes: a personal plan is agreed by both and signed by a person (Art. 70), and never sold.
    """
    rows = np.flatnonzero(cause != "")
    if not len(rows):
        return _nobody(len(cause), rules)
    whole = _nothing(cause, rules)
    now, some = _strain(customers, budget, pd_12m, rows, policy), _no_steps(len(rows))
    _mild_steps(some, now, card_rate_ratio, policy)
    rates = tuple(one for one in policy.rate_ratios if one < card_rate_ratio)
    _plan_step(some, RATE, now, rates, policy.rate_term_months, policy)
    _plan_step(some, PERSONAL, now, rates, policy.personal_term_months, policy)
    for one in fields(Steps):
        getattr(whole, one.name)[rows] = getattr(some, one.name)
    whole.owed_amt[rows], whole.due_amt[rows] = now.owed, now.due
    whole.overdue_amt[rows], whole.bears_amt[rows] = now.overdue, now.bears
    whole.proposed[rows] = proposal(some.is_open, some.is_enough)
    return whole


@lru_cache(maxsize=8)
def _nobody(count: int, rules: tuple[Rule, ...]) -> HardshipDecisions:
    """The ladders of customers of whom none is in the lane; nobody writes into them, so that all may share them."""
    nobody = _nothing(np.full(count, "", dtype=f"<U{max(map(len, CAUSES))}"), rules)
    for one in fields(nobody):
        if isinstance(values := getattr(nobody, one.name), np.ndarray):
            values.setflags(write=False)
    return nobody


def _nothing(cause: Texts, rules: tuple[Rule, ...]) -> HardshipDecisions:
    """Ladders without a step, to be filled in."""
    count, none = len(cause), _no_steps(len(cause))
    sums, unknown = np.zeros((4, count), dtype=np.int64), np.full((count, len(rules)), np.nan)
    return HardshipDecisions(
        cause=cause,
        owed_amt=sums[0],
        due_amt=sums[1],
        overdue_amt=sums[2],
        bears_amt=sums[3],
        proposed=np.full(count, -1, dtype=np.int64),
        rules=rules,
        hits=np.zeros(unknown.shape, dtype=np.bool_),
        hit_value=unknown,
        hit_threshold=unknown,
        **{one.name: getattr(none, one.name) for one in fields(Steps)},
    )


def proposal(is_open: Bools, is_enough: Bools) -> Ints:
    """The mildest open step that is enough, (n_customers,); where none is, the last open one."""
    enough = is_open & is_enough
    last = is_open.shape[1] - 1 - is_open[:, ::-1].argmax(axis=1)
    return np.asarray(np.where(enough.any(axis=1), enough.argmax(axis=1), last), dtype=np.int64)
