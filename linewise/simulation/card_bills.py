"""A card's bill each month: what it asks, what is paid, and how late a missed one is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.cards import Cards
from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.days import Month, local_us
from linewise.simulation.events import Events, new_events
from linewise.simulation.loans import Loans, due_day
from linewise.simulation.people import People

__all__ = [
    "BILL",
    "DUE_DAY_OF_MONTH",
    "MINIMUM_FLOOR_AMT",
    "MINIMUM_RATIO",
    "Bill",
    "carries_interest",
    "close_bill",
    "new_bill",
    "repayment_events",
]

MINIMUM_RATIO, MINIMUM_FLOOR_AMT = 0.1, 5_000
DUE_DAY_OF_MONTH = 18
_THIRD_PARTY = 0.02
_FORGETS_IN_DEFAULT = 0.8

BILL = np.dtype(
    [
        ("who", np.int32), ("cycle_end_us", np.int64), ("due_us", np.int64), ("recorded_us", np.int64),
        ("balance_amt", np.int64), ("minimum_amt", np.int64), ("paid_amt", np.int64), ("days_past_due", np.int64),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bill:
    """The bills drawn up on the first of a month, (n_customers,); zeros for those without a card.

    overdue_since: day on which the oldest minimum that is still unpaid fell due, 0 for none.
    """

    is_drawn_up: NDArray[np.bool_]
    balance_amt: Ints
    minimum_amt: Ints
    overdue_since: Ints


def new_bill(cards: Cards, owed_amt: Ints, overdue_since: Ints, month: Month) -> Bill:
    """The bill over what is owed (n_customers,) when the month begins."""
    is_drawn_up = cards.is_held(int(local_us(month.first_day)))
    balance = np.where(is_drawn_up, owed_amt, 0)
    minimum = np.maximum(np.rint(balance * MINIMUM_RATIO).astype(np.int64), MINIMUM_FLOOR_AMT)
    return Bill(is_drawn_up, balance, np.clip(minimum, 0, np.maximum(balance, 0)), overdue_since)


def repayment_events(
    people: People, loans: Loans, cards: Cards, bill: Bill, month: Month, chance: Chance
) -> tuple[Events, Events]:
    """What customers mean to pay on the month's bill: from their own account, and by somebody else."""
    everyone = np.arange(len(people))
    missed_day = due_day(loans.opened_day, loans.first_missed)
    in_default = (loans.first_missed > 0) & (missed_day <= month.first_day)
    forgets = np.where(in_default, _FORGETS_IN_DEFAULT, cards.forgets)
    pays = ~chance.happens(forgets, "forgets a bill", people.number, month.index)
    wanted = np.maximum(np.rint(bill.balance_amt * cards.pays_share).astype(np.int64), bill.minimum_amt)
    amount = np.where(pays, wanted, 0)
    day = month.first_day + chance.between(9, DUE_DAY_OF_MONTH - 1, "pays on", people.number, month.index)
    at_us = local_us(day, 20.5)
    by_other = chance.happens(_THIRD_PARTY, "third party", people.number, month.index)
    own = new_events(
        everyone, at_us, np.where(by_other, 0, amount), "transfer_out",
        channel="app", may_fail=True, is_repayment=True,
    )  # fmt: skip
    other = new_events(
        everyone, at_us, np.where(by_other, amount, 0), "payment",
        is_credit=True, on_card=True, by_other=True,
    )  # fmt: skip
    return own, other


def close_bill(bill: Bill, paid_amt: Ints, month: Month) -> tuple[NDArray[np.void], Ints]:
    """The month's statements, as known in the night after the due day, and the new `overdue_since`."""
    due = month.first_day + DUE_DAY_OF_MONTH - 1
    is_met = paid_amt >= bill.minimum_amt
    since = np.where(is_met, 0, np.where(bill.overdue_since > 0, bill.overdue_since, due))
    rows = np.flatnonzero(bill.is_drawn_up)
    statements = np.zeros(len(rows), dtype=BILL)
    statements["who"] = rows
    statements["cycle_end_us"] = local_us(month.first_day)
    statements["due_us"] = local_us(due, 23.0)
    statements["recorded_us"] = local_us(due + 1, 1.0)
    statements["balance_amt"], statements["minimum_amt"] = bill.balance_amt[rows], bill.minimum_amt[rows]
    statements["paid_amt"] = paid_amt[rows]
    statements["days_past_due"] = np.where(since > 0, due + 1 - since, 0)[rows]
    return statements, since


def carries_interest(bill: Bill, paid_amt: Ints) -> Floats:
    """1 for those who did not pay their bill in full and so owe interest on what they use, else 0."""
    return (bill.is_drawn_up & (paid_amt < bill.balance_amt)).astype(np.float64)
