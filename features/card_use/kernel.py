"""One walk over the postings of a file, compiled: which of them say something of how a card is used."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.card_use.use import Bools, Ints
from linewise.core.compiling import compiled

__all__ = ["BOUGHT", "COST", "USE", "Cards", "Meanings", "Postings", "marked"]

USE, COST, BOUGHT = 1, 2, 4
"""What a kind of posting may be, as bits: a use by the customer, a cost of the card, a purchase."""


class Postings(NamedTuple):
    """Postings (n_rows,) in order of customer: words by their places, microseconds, minor units of the currency."""

    customer: NDArray[np.int32]
    account: NDArray[np.int32]
    kind: NDArray[np.int32]
    direction: NDArray[np.int32]
    merchant: NDArray[np.int32]
    is_declined: Bools
    posted_at: Ints
    recorded_at: Ints
    billing_amt: Ints


class Meanings(NamedTuple):
    """What the words of a file stand for, with one more at the end for no word.

    owner, account: places of customers and cards, -1 for none; bits: of a kind; is_debit: of a direction.
    """

    owner: Ints
    account: Ints
    bits: NDArray[np.uint8]
    is_debit: Bools


class Cards(NamedTuple):
    """The accounts of some customers, (n_accounts,) each.

    owner: the place of the customer, -1 for a stranger's; is_card: whether it is one of a card; is_known: whether it
    is, and was known at the customer's moment.
    """

    owner: Ints
    is_card: Bools
    is_known: Bools


@compiled
def marked(rows: Any, told: Any, cards: Any, until: Any, since: int, bought_since: int, used: Any) -> Any:
    """COST and BOUGHT of the postings, (n_rows,) as bits: of the customer's own account, and known at their moment.

    until (n_all,): each customer's moment; since, bought_since: from when on costs and purchases count; used (n_all,)
    is raised to the latest use of a card. All microseconds.
    """
    marks = np.zeros(len(rows.customer), dtype=np.uint8)
    for row in range(len(rows.customer)):
        owner, account = told.owner[rows.customer[row]], told.account[rows.account[row]]
        if rows.is_declined[row] or owner < 0 or account < 0 or cards.owner[account] != owner:
            continue
        at = rows.posted_at[row]
        if max(at, rows.recorded_at[row]) > until[owner]:
            continue
        bits, is_debit = told.bits[rows.kind[row]], told.is_debit[rows.direction[row]]
        if bits & USE and is_debit and cards.is_known[account] and at > used[owner]:
            used[owner] = at
        if bits & COST and cards.is_card[account] and at > since:
            marks[row] |= COST
        if bits & BOUGHT and is_debit and rows.merchant[row] >= 0 and at > bought_since:
            marks[row] |= BOUGHT
    return marks
