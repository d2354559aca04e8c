"""The lowest balance of each day and account, from one walk over the rows of each pair; compiled."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.engine.walk import DAY_US
from linewise.core.compiling import compiled

__all__ = ["Balances", "LowDays", "low_days"]


class LowDays(NamedTuple):
    """Days with a known balance, by pair and time.

    first, end (n_pairs,): the run of days of each pair; age_days, low_amt, is_last (n_days,): how old the day is,
    the lowest balance that the account shows on it, and whether it is the account's last.
    """

    first: NDArray[np.int64]
    end: NDArray[np.int64]
    age_days: NDArray[np.int64]
    low_amt: NDArray[np.int64]
    is_last: NDArray[np.bool_]


class Balances(NamedTuple):
    """Balances by customer and time: posted_us, recorded_us, account (codes from 0 on), balance_amt (n_rows,)."""

    posted_us: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    account: NDArray[np.int32]
    balance_amt: NDArray[np.int64]


def low_days(
    balances: Balances,
    first: NDArray[np.int64],
    end: NDArray[np.int64],
    as_of_us: NDArray[np.int64],
) -> LowDays:
    """The days of each pair; first, end (n_pairs,): the run of balances of its customer."""
    room = int((end - first).sum())
    first_day, end_day, *days = _low_days(balances, first, end, as_of_us, room)
    cut = int(first_day[0]) if len(first_day) else 0
    return LowDays(first_day - cut, end_day - cut, *(column[cut:] for column in days))


@compiled
def _low_days(balances: Any, first: Any, end: Any, as_of_us: Any, room: int) -> Any:
    b = balances
    pairs = len(as_of_us)
    accounts = b.account.max() + 1 if len(b.account) else 0
    # Where the account's latest day stands, and in which pair it was met: nothing to empty between pairs.
    day_of, met_in = np.zeros(accounts, dtype=np.int64), np.full(accounts, -1, dtype=np.int64)
    first_day, end_day = np.empty(pairs, dtype=np.int64), np.empty(pairs, dtype=np.int64)
    age_days, low_amt = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    is_last = np.empty(room, dtype=np.bool_)
    # Balances are read from the latest back, and days are filled in from the end on, so that they lie by time.
    place = room
    for pair in range(pairs - 1, -1, -1):
        end_day[pair] = place
        for row in range(end[pair] - 1, first[pair] - 1, -1):
            if b.posted_us[row] > as_of_us[pair] or b.recorded_us[row] > as_of_us[pair]:
                continue
            age = (as_of_us[pair] - b.posted_us[row]) // DAY_US
            account, balance = b.account[row], b.balance_amt[row]
            is_first_met = met_in[account] != pair
            if not is_first_met and age_days[day_of[account]] == age:
                low_amt[day_of[account]] = min(low_amt[day_of[account]], balance)
                continue
            place -= 1
            age_days[place], low_amt[place], is_last[place] = age, balance, is_first_met
            met_in[account], day_of[account] = pair, place
        first_day[pair] = place
    return first_day, end_day, age_days, low_amt, is_last
