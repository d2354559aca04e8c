"""A month of calls rehearsed: callers who select themselves, against prices alone and against the ledger."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from linewise.core.errors import BudgetSpent, QuoteEnded
from linewise.core.home import Home
from linewise.decisioning.portfolio import solve
from linewise.decisioning.types import Floats
from linewise.ledger.bookings import book
from linewise.ledger.budgets import Kind, read_budget
from linewise.ledger.funding import Funding, propose_budget
from linewise.ledger.pacing import PacingPolicy, pace_of
from linewise.ledger.pots import Use
from linewise.ledger.quotes import Quote, make_quote, release_expired
from linewise.ledger.store import Ledger, open_ledger
from serving.portfolio.raise_mix import RaiseMix
from serving.scoring.promises import RAISE_KINDS

__all__ = ["Month", "Plan", "Rehearsed", "plan_of", "rehearse_by_ledger", "rehearse_by_prices"]

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
VALID = 14 * DAY

PLANNING_MONTHS, PLANNING_SEED = 40, 1_000_000
"""Over how many months of evenly drawn calls a budget is planned, by seeds of their own."""


@dataclass(frozen=True, slots=True)
class Month:
    """How many call, over how many days, and how often a raise that is quoted comes to be booked, some days later."""

    calls_count: int = 500
    days: int = 30
    take_up_ratio: float = 0.5
    decides_within_days: int = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """Budgets by RAISE_KINDS and the prices that keep the expected mix of callers within them: every customer alike."""

    budget_amt: Mapping[Kind, int]
    prices: Floats


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a month came to: used of each budget, the value booked, quotes made and refused.

    refused_from_day: the first day on which a budget had not enough left for a raise; None where none refused.
    """

    used_amt: Mapping[Kind, int]
    budget_amt: Mapping[Kind, int]
    value_amt: int
    quoted_count: int
    booked_count: int
    refused_count: int = 0
    refused_from_day: int | None = None

    @property
    def used_ratio(self) -> dict[Kind, float]:
        """Used of each budget as a share of it."""
        return {name: self.used_amt[name] / self.budget_amt[name] for name in self.budget_amt}

    @property
    def holds(self) -> bool:
        """Whether no budget was overrun."""
        return all(self.used_amt[name] <= self.budget_amt[name] for name in self.budget_amt)


def plan_of(mix: RaiseMix, month: Month, tightness_ratio: float = 0.95) -> Plan:
    """Prices that keep the base to tightness_ratio of what it would use at none, and the budgets of such a month.

    A budget is what the month uses on average at these prices where every customer is as likely to call as another:
    prices alone hold it, on the expected mix of callers.
    """
    rows = np.arange(len(mix))
    free = mix.uses[rows, mix.chosen(np.zeros(len(RAISE_KINDS)), rows)].sum(axis=0)
    prices = solve(mix.value_amt[:, 1:], mix.uses[:, 1:].astype(np.float64), tightness_ratio * free).prices
    alike, unbounded = replace(mix, propensity=np.ones(len(mix))), dict.fromkeys(RAISE_KINDS, 1)
    months = [
        rehearse_by_prices(alike, Plan(unbounded, prices), month, PLANNING_SEED + number).used_amt
        for number in range(PLANNING_MONTHS)
    ]
    return Plan({name: round(sum(one[name] for one in months) / PLANNING_MONTHS) for name in RAISE_KINDS}, prices)


@dataclass(frozen=True, slots=True)
class _Call:
    row: int
    day: int
    takes: bool
    decides_on: int


def _calls(mix: RaiseMix, month: Month, seed: int) -> list[_Call]:
    """The calls of a month in their order; the same for both ways of keeping to a budget."""
    draw = np.random.default_rng(seed)
    # Each caller once: who calls again in the month finds the same quote, and uses nothing more.
    rows = draw.choice(len(mix), size=month.calls_count, replace=False, p=mix.propensity / mix.propensity.sum())
    days = np.sort(draw.integers(0, month.days, month.calls_count))
    takes = draw.random(month.calls_count) < month.take_up_ratio
    waits = draw.integers(0, month.decides_within_days + 1, month.calls_count)
    return [
        _Call(int(row), int(day), bool(taken), int(day + wait))
        for row, day, taken, wait in zip(rows, days, takes, waits, strict=True)
    ]


def rehearse_by_prices(mix: RaiseMix, plan: Plan, month: Month, seed: int) -> Rehearsed:
    """The month with prices alone: each caller is quoted what is worth more than it uses, and nobody counts."""
    used, value, quoted, booked = np.zeros(len(RAISE_KINDS), dtype=np.int64), 0.0, 0, set[int]()
    for call in _calls(mix, month, seed):
        rung = int(mix.chosen(plan.prices, np.array([call.row]))[0])
        if rung == 0 or call.row in booked:
            continue
        quoted += 1
        if call.takes:
            booked.add(call.row)
            used += mix.uses[call.row, rung]
            value += float(mix.value_amt[call.row, rung])
    return Rehearsed(
        dict(zip(RAISE_KINDS, used.tolist(), strict=True)), plan.budget_amt, round(value), quoted, len(booked)
    )


def rehearse_by_ledger(mix: RaiseMix, plan: Plan, month: Month, seed: int, pacing: PacingPolicy) -> Rehearsed:
    """The same calls with a ledger of their own: reserved at the quote, paced day by day, stopped at the end."""
    with TemporaryDirectory() as folder:
        ledger = open_ledger(Home(Path(folder)))
        try:
            return _Desk(mix, plan, month, ledger, pacing).work(_calls(mix, month, seed))
        finally:
            ledger.close()


@dataclass(slots=True)
class _Desk:
    mix: RaiseMix
    plan: Plan
    month: Month
    ledger: Ledger
    pacing: PacingPolicy
    due: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    value_amt: float = 0.0
    quoted: dict[str, tuple[int, int]] = field(default_factory=dict)
    booked: set[int] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)

    def work(self, calls: Sequence[_Call]) -> Rehearsed:
        ends = BEGIN + self.month.days * DAY
        for kind in RAISE_KINDS:
            funding = Funding(kind, kind, BEGIN, ends, self.plan.budget_amt[kind])
            propose_budget(self.ledger, funding, "rehearsal", "rehearsal", BEGIN, None)
        by_day: dict[int, list[_Call]] = {}
        for call in calls:
            by_day.setdefault(call.day, []).append(call)
        for day in range(self.month.days + self.month.decides_within_days + 1):
            at = BEGIN + day * DAY
            release_expired(self.ledger, at)
            for quote_id, row in self.due.pop(day, []):
                self._book(quote_id, row, at)
            prices = self._prices(at)
            for call in by_day.get(day, []):
                self._answer(call, at, prices)
        return self._sum()

    def _prices(self, at: datetime) -> Floats:
        with self.ledger.engine.connect() as connection:
            paces = [pace_of(read_budget(connection, name), at, self.pacing) for name in RAISE_KINDS]
        return np.asarray(self.plan.prices * [one.multiplier for one in paces], dtype=np.float64)

    def _answer(self, call: _Call, at: datetime, prices: Floats) -> None:
        rung = int(self.mix.chosen(prices, np.array([call.row]))[0])
        if rung == 0 or call.row in self.booked:
            return
        quote_id, used = f"Q{len(self.quoted) + len(self.refused)}", self.mix.uses[call.row, rung]
        quote = Quote(
            quote_id=quote_id,
            customer_id=str(self.mix.customer_id[call.row]),
            decision_id=quote_id,
            kind="limit",
            action_id="LIMIT",
            amount_amt=int(self.mix.limit_amt[call.row] + self.mix.raise_amt[call.row, rung]),
            made_at=at,
            valid_until=at + VALID,
        )
        uses = [Use(name, int(one)) for name, one in zip(RAISE_KINDS, used, strict=True)]
        try:
            with self.ledger.writing() as connection:
                made = make_quote(connection, quote, uses)
        except BudgetSpent:
            self.refused.append(call.day)
            return
        self.quoted.setdefault(made.quote_id, (call.row, rung))
        if call.takes:
            self.due.setdefault(max(call.decides_on, call.day + 1), []).append((made.quote_id, call.row))

    def _book(self, quote_id: str, row: int, at: datetime) -> None:
        rung = self.quoted[quote_id][1]
        amount = int(self.mix.limit_amt[row] + self.mix.raise_amt[row, rung])
        # Who called twice and took it twice finds it booked; who decides after its date finds it gone.
        with suppress(QuoteEnded), self.ledger.writing() as connection:
            _, is_new = book(connection, quote_id, amount, at, f"core-{quote_id}", at)
            if is_new:
                self.booked.add(row)
                self.value_amt += float(self.mix.value_amt[row, rung])

    def _sum(self) -> Rehearsed:
        with self.ledger.engine.connect() as connection:
            used = {name: read_budget(connection, name).proposed.consumed_amt for name in RAISE_KINDS}
        return Rehearsed(
            used,
            self.plan.budget_amt,
            round(self.value_amt),
            len(self.quoted),
            len(self.booked),
            len(self.refused),
            min(self.refused, default=None),
        )
