"""Postings as columns: one walk over the records, since a record is as long as a line of the processor's cache."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from linewise.simulation.calendar import DAY_S
from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import KINDS, POSTING
from linewise.simulation.tables.chunk import HOUR_US, Chunk

__all__ = ["Movements", "last_used_s", "movements"]

_REPAYMENT = 3
"""The account that marks a repayment of the card."""
_PURCHASE, _CASH_ADVANCE = KINDS.index("purchase"), KINDS.index("cash_advance")
_LATEST_DAYS = 130
"""As late as late_days can say, and a night."""
_OWN_KINDS = {"at_us": "i8", "recorded_us": "i8", "rank": "i4"}


class Movements(NamedTuple):
    """Postings that are recorded by the end of the data, (n,) each, by customer and moment.

    rank: place of each among all postings of its customer. The others are named as in POSTING.
    """

    at_us: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    amount_amt: NDArray[np.int64]
    balance_amt: NDArray[np.int64]
    original_amt: NDArray[np.int64]
    person: NDArray[np.int32]
    rank: NDArray[np.int32]
    merchant: NDArray[np.int32]
    counterparty: NDArray[np.int32]
    account: NDArray[np.int8]
    kind: NDArray[np.int8]
    group: NDArray[np.int8]
    channel: NDArray[np.int8]
    country: NDArray[np.int8]
    purpose: NDArray[np.int8]
    is_credit: NDArray[np.int8]
    is_declined: NDArray[np.int8]


def movements(chunk: Chunk, *, is_repayment: bool) -> Movements:
    """The repayments of the card, or all other postings.

    A posting is recorded at one in the morning of the following night, or so many nights later as it is late.
    """
    postings = chunk.lives.postings
    columns = Movements._make(
        np.empty(len(postings), dtype=_OWN_KINDS.get(name) or POSTING[name]) for name in Movements._fields
    )
    if not len(postings):
        return columns
    first_day = int(postings["at_s"].min()) // DAY_S - 2
    last_day = int(postings["at_s"].max()) // DAY_S + _LATEST_DAYS
    midnights_us = chunk.local_us(np.arange(first_day, last_day + 1))
    count = _split(postings, is_repayment, midnights_us, chunk.until_us, columns)
    return Movements._make(column[:count] for column in columns)


def last_used_s(chunk: Chunk) -> Ints:
    """When each account was last used by the customer's own act, (3 accounts, n_customers), 0 for never in the data.

    Buying and drawing cash are; interest, fees and refunds come by themselves.
    """
    last = np.zeros((_REPAYMENT, len(chunk)), dtype=np.int64)
    _see_use(chunk.lives.postings, last)
    return last


@njit(cache=True, nogil=True)
def _see_use(postings: Any, last: Any) -> None:
    for i in range(len(postings)):
        one = postings[i]
        is_own = one.kind in (_PURCHASE, _CASH_ADVANCE)
        if is_own and one.account < _REPAYMENT and one.is_declined == 0:
            last[one.account, one.person] = one.at_s


@njit(cache=True, nogil=True)
def _split(postings: Any, is_repayment: bool, midnights_us: Ints, until_us: int, out: Movements) -> int:
    count, rank, last, day = 0, 0, -1, 0
    for i in range(len(postings)):
        one = postings[i]
        rank = rank + 1 if one.person == last else 0
        last = one.person
        if (one.account == _REPAYMENT) != is_repayment:
            continue
        at_us = one.at_s * 1_000_000
        while midnights_us[day] > at_us:
            day -= 1
        while midnights_us[day + 1] <= at_us:
            day += 1
        recorded_us = midnights_us[day + 1 + one.late_days] + HOUR_US
        if recorded_us > until_us:
            continue
        out.at_us[count] = at_us
        out.recorded_us[count] = recorded_us
        out.amount_amt[count] = one.amount_amt
        out.balance_amt[count] = one.balance_amt
        out.original_amt[count] = one.original_amt
        out.person[count] = one.person
        out.rank[count] = rank
        out.merchant[count] = one.merchant
        out.counterparty[count] = one.counterparty
        out.account[count] = one.account
        out.kind[count] = one.kind
        out.group[count] = one.group
        out.channel[count] = one.channel
        out.country[count] = one.country
        out.purpose[count] = one.purpose
        out.is_credit[count] = one.is_credit
        out.is_declined[count] = one.is_declined
        count += 1
    return count
