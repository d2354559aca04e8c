"""Month after month of all customers, each month handing its balances to the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.card_account import card_payments, live_on_card_accounts
from linewise.simulation.card_bills import new_bill, repayment_events
from linewise.simulation.cards import Cards
from linewise.simulation.chance import Chance
from linewise.simulation.current_account import (
    first_balance_amt,
    live_on_current_accounts,
    monthly_budget_amt,
)
from linewise.simulation.days import MONTHS
from linewise.simulation.events import KINDS, Events, in_order, joined
from linewise.simulation.loans import Loans
from linewise.simulation.people import People
from linewise.simulation.spending import refund_events, spending_events

__all__ = ["Lives", "live"]

_PURCHASE = KINDS.index("purchase")


@dataclass(frozen=True, slots=True)
class Lives:
    """What the months left behind: posted events by customer and moment, and the card statements."""

    events: Events
    statements: NDArray[np.void]


def live(people: People, loans: Loans, cards: Cards, chance: Chance) -> Lives:
    """All months of these customers, from the first of the data to the last."""
    n = len(people)
    balance, owed = first_balance_amt(people, chance), np.zeros(n, dtype=np.int64)
    overdue_since, refunds = np.zeros(n, dtype=np.int64), joined([])
    events, statements = [], []
    for month in MONTHS:
        rows = np.flatnonzero(people.first_month <= month.index)
        bill = new_bill(cards, owed, overdue_since, month)
        own, others = repayment_events(people, loans, cards, bill, month, chance)
        planned = np.bincount(own["who"], weights=own["amount_amt"], minlength=n).astype(np.int64)
        budget = monthly_budget_amt(people, loans, month, rows, balance[rows], planned[rows], chance)
        bought = joined([spending_events(people, cards, month, rows, budget, chance), refunds])
        on_card = bought["on_card"]
        current, balance = live_on_current_accounts(
            people, loans, month, rows, balance, [own, bought[~on_card]], chance
        )
        card_events = [others, card_payments(current), bought[on_card]]
        carded, billed, owed, overdue_since = live_on_card_accounts(cards, month, owed, bill, card_events)
        events += [current, carded]
        statements.append(billed)
        happened = joined([current, carded])
        purchases = happened[(happened["kind"] == _PURCHASE) & ~happened["is_declined"]]
        if month is not MONTHS[-1]:
            refunds = refund_events(people, purchases, MONTHS[month.index + 1], chance)
    return Lives(in_order(joined(events)), np.concatenate(statements))
