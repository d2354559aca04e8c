"""One month on the card accounts: purchases within the limit, repayments, the bill and its interest."""

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.card_bills import Bill, carries_interest, close_bill
from linewise.simulation.cards import Cards
from linewise.simulation.chance import Ints
from linewise.simulation.days import Month, local_us
from linewise.simulation.events import KINDS, Events, joined, new_events, within
from linewise.simulation.posting import money_days, post

__all__ = ["card_payments", "live_on_card_accounts"]

_CARD_DAILY_RATIO = 0.0005
_PAYMENT = KINDS.index("payment")


def card_payments(current: Events) -> Events:
    """The card's side of the repayments that the current accounts could carry."""
    paid = current[current["is_repayment"] & ~current["is_declined"]]
    return new_events(
        paid["who"].astype(np.int64), paid["at_us"], paid["amount_amt"], "payment", is_credit=True, on_card=True
    )


def live_on_card_accounts(
    cards: Cards, month: Month, owed_amt: Ints, bill: Bill, events: list[Events]
) -> tuple[Events, NDArray[np.void], Ints, Ints]:
    """Post the month's card events.

    owed_amt (n_customers,): the debt before. Returns the events in order, the statements, the debt
    afterwards and since when a minimum payment is overdue, both (n_customers,).
    """
    posted = within(joined(events), month)
    limit = cards.limit_at(int(local_us(month.first_day + 1)))
    limit = np.maximum(limit, np.where(cards.opened_us < local_us(month.last_day + 1), cards.limit_amt, 0))
    balance = post(posted, -owed_amt, -limit)
    is_payment = posted["kind"] == _PAYMENT
    paid = np.bincount(
        posted["who"][is_payment], weights=posted["amount_amt"][is_payment], minlength=len(owed_amt)
    ).astype(np.int64)
    statements, overdue_since = close_bill(bill, paid, month)
    if not month.is_whole:
        return posted, statements, -balance, overdue_since
    end_us = int(local_us(month.last_day + 1))
    _, debt_days = money_days(posted, -owed_amt, int(local_us(month.first_day)), end_us)
    charge = np.rint(debt_days * _CARD_DAILY_RATIO * carries_interest(bill, paid))
    interest = new_events(
        np.arange(len(owed_amt)), np.full(len(owed_amt), end_us - 60_000_000), charge, "interest", on_card=True
    )
    balance = post(interest, balance, -limit)
    return joined([posted, interest]), statements, -balance, overdue_since
