"""Postings as columns: one walk over the records, since a record is as long as a line of the processor's cache."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import njit
from linewise.simulation.calendar import DAY_S
from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import KINDS, POSTING

__all__ = ["LATEST_DAYS", "Movements", "Postings", "split_postings"]

LATEST_DAYS = 130
"""As late as a posting is recorded at the most, and a night."""
_REPAYMENT = 3
"""The account that marks a repayment of the card."""
_PURCHASE, _CASH_ADVANCE = KINDS.index("purchase"), KINDS.index("cash_advance")
_HOUR_US = 3_600_000_000
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


class Postings(NamedTuple):
    """The postings of some customers: movements of their accounts, repayments of their cards.

    last_used_s, (3 accounts, n_customers): when each was last used by the customer's own act, 0 for never in
    the data. Buying and drawing cash are; interest, fees and refunds come by themselves.
    """

    transactions: Movements
    repayments: Movements
    last_used_s: Ints


def split_postings(
    postings: NDArray[Any], customer_count: int, first_day: int, midnights_us: Ints, until_us: int
) -> Postings:
    """What is recorded until then of the postings, (n_postings,) of POSTING.

    A posting is recorded at one in the morning of the following night, or so many nights later as it is late.
    midnights_us, (n_days,), are those of the days from first_day on, a day before the first posting or
    earlier, and reach LATEST_DAYS beyond the last.
    """
    both = [
        Movements._make(
            np.empty(len(postings), dtype=_OWN_KINDS.get(name) or POSTING[name]) for name in Movements._fields
        )
        for _ in range(2)
    ]
    last_used_s = np.zeros((_REPAYMENT, customer_count), dtype=np.int64)
    counts = _split(postings, first_day, midnights_us, until_us, *both, last_used_s)
    moved, repaid = (
        Movements._make(column[:count] for column in columns) for columns, count in zip(both, counts, strict=True)
    )
    return Postings(moved, repaid, last_used_s)


@njit(cache=True, nogil=True)
def _split(
    postings: Any, first_day: int, midnights_us: Ints, until_us: int, moved: Movements, repaid: Movements,
    last_used_s: Ints,
) -> tuple[int, int]:  # fmt: skip
    moved_count, repaid_count, rank, last = 0, 0, 0, -1
    for i in range(len(postings)):
        one = postings[i]
        rank = rank + 1 if one.person == last else 0
        last = one.person
        is_own = one.kind == _PURCHASE or one.kind == _CASH_ADVANCE  # noqa: PLR1714  compiled faster than a tuple
        if is_own and one.account < _REPAYMENT and one.is_declined == 0:
            last_used_s[one.account, one.person] = one.at_s
        at_us = one.at_s * 1_000_000
        # The clocks of no place are half a day off the world's: a step leads to the local day.
        day = one.at_s // DAY_S - first_day
        while midnights_us[day] > at_us:
            day -= 1
        while midnights_us[day + 1] <= at_us:
            day += 1
        recorded_us = midnights_us[day + 1 + one.late_days] + _HOUR_US
        if recorded_us > until_us:
            continue
        if one.account == _REPAYMENT:
            _put(repaid, repaid_count, one, at_us, recorded_us, rank)
            repaid_count += 1
        else:
            _put(moved, moved_count, one, at_us, recorded_us, rank)
            moved_count += 1
    return moved_count, repaid_count


@njit(nogil=True)
def _put(out: Movements, row: int, one: Any, at_us: int, recorded_us: int, rank: int) -> None:
    out.at_us[row] = at_us
    out.recorded_us[row] = recorded_us
    out.amount_amt[row] = one.amount_amt
    out.balance_amt[row] = one.balance_amt
    out.original_amt[row] = one.original_amt
    out.person[row] = one.person
    out.rank[row] = rank
    out.merchant[row] = one.merchant
    out.counterparty[row] = one.counterparty
    out.account[row] = one.account
    out.kind[row] = one.kind
    out.group[row] = one.group
    out.channel[row] = one.channel
    out.country[row] = one.country
    out.purpose[row] = one.purpose
    out.is_credit[row] = one.is_credit
    out.is_declined[row] = one.is_declined
