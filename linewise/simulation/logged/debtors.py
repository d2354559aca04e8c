"""Customers who call because they cannot go on as they pay: in arrears, or burdened beyond what a month bears."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from linewise.simulation.logged.people import People, draw_people
from linewise.simulation.logged.worlds import LoggedWorld

__all__ = ["DEBT_NAMES", "MINIMUM_RATIO", "Debtors", "draw_debtors"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DEBT_NAMES = ("total_card_debt_amt", "overdue_amt", "fee_sum_amt_180d", "bears_amt", "card_payment_sum_amt_90d")
"""What the bank knows of a debtor beside the features of `People`."""

MINIMUM_RATIO = 0.05
"""The share of a bill that falls due."""

FEE_AMT = 3_500.0
LEAST_OWED_AMT = 100_000.0
_BURDENED = 0.8


@dataclass(frozen=True, slots=True)
class Debtors:
    """Customers who ask for help, (n_people,) each; amounts in minor units.

    owed_amt: on all cards; due_amt: of it in a month; overdue_amt; fee_amt: of the last half year; bears_amt: what
    a month bears by the bank's own budget; paid_amt: on cards within the last 90 days. room_amt: what a month
    truly bears, and has_timing: overdue because bills fall due before the salary comes, both hidden.
    """

    people: People
    owed_amt: Ints
    due_amt: Ints
    overdue_amt: Ints
    fee_amt: Ints
    bears_amt: Ints
    paid_amt: Ints
    room_amt: Floats
    has_timing: Bools

    def __len__(self) -> int:
        return len(self.people)

    @property
    def features(self) -> Floats:
        """What a learner may see: those of the people, then DEBT_NAMES, (n_people, n_features)."""
        debt = (self.owed_amt, self.overdue_amt, self.fee_amt, self.bears_amt, self.paid_amt)
        return np.column_stack([self.people.features, *debt]).astype(np.float64)

    def only(self, rows: Ints | Bools) -> "Debtors":
        """Some of them."""
        rest = (getattr(self, one.name)[rows] for one in fields(self) if one.name != "people")
        return Debtors(self.people.only(rows), *rest)


def draw_debtors(world: LoggedWorld, count: int, start: int = 0) -> Debtors:
    """Those of the people numbered from `start` on who are in arrears or burdened; fewer than `count`.

    They owe on several cards, some months of income, and the bank's budget reads what a month bears with an error.
    """
    people, chance = draw_people(world, count, start), world.chance
    who, income = people.number, people.income_amt
    heavy = -0.35 + 0.30 * people.risk + 0.35 * people.impatience + 0.25 * people.need
    owed = income * np.exp(heavy + 0.75 * chance.normal("debt elsewhere", who)) * 2.0
    owed = np.maximum(np.maximum(owed, people.feature("statement_balance_amt")), LEAST_OWED_AMT)
    share = 0.08 + 0.34 * expit(-0.55 * people.need - 0.25 * people.risk + 0.8 * chance.normal("spare", who))
    room = np.maximum(income * share, 2_000.0)
    seen_room = room * np.exp(0.15 * chance.normal("budget", who) - 0.05)
    due = np.ceil(MINIMUM_RATIO * owed)
    days = people.feature("past_due_days")
    overdue = np.where(days > 0, np.rint(due * np.minimum(days / 30.0 + 0.3, 2.0)), 0.0)
    late = people.feature("past_due_count_365d") + (days > 0)
    paid = np.minimum(due, room) * (0.6 + 0.8 * chance.uniform("paid lately", who)) * 3.0
    drawn = Debtors(
        people=people,
        owed_amt=np.rint(owed).astype(np.int64),
        due_amt=due.astype(np.int64),
        overdue_amt=overdue.astype(np.int64),
        fee_amt=np.rint(FEE_AMT * np.minimum(late, 4.0)).astype(np.int64),
        bears_amt=np.rint(seen_room).astype(np.int64),
        paid_amt=np.rint(paid).astype(np.int64),
        room_amt=room,
        has_timing=chance.happens(0.25, "bills before the salary", who),
    )
    return drawn.only((drawn.overdue_amt > 0) | (drawn.due_amt > _BURDENED * drawn.bears_amt))
