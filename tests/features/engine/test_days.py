"""The lowest balance of each account and day, whatever the order of a day's postings."""

import numpy as np

from features.engine.days import Balances, low_days
from features.engine.walk import DAY_US


def test_a_day_counts_once_an_account_with_its_lowest_balance() -> None:
    now = 100 * DAY_US
    ages = [40, 40, 3, 3, 3, 1, 0, -1]
    accounts = [0, 1, 0, 0, 1, 1, 0, 0]
    amounts = [5, 6, 9, -2, 7, 8, 4, 1]
    posted = np.array([now - age * DAY_US for age in ages])
    balances = Balances(posted, posted, np.array(accounts), np.array(amounts))
    days = low_days(balances, np.array([0, 8]), np.array([8, 8]), np.array([now, now]))
    told = list(zip(days.age_days.tolist(), days.low_amt.tolist(), days.is_last.tolist(), strict=True))
    assert told == [(40, 5, False), (40, 6, False), (3, -2, False), (3, 7, False), (1, 8, True), (0, 4, True)]
    assert days.first.tolist() == [0, 6]
    assert days.end.tolist() == [6, 6]


def test_a_balance_recorded_later_is_not_known() -> None:
    now = 10 * DAY_US
    balances = Balances(np.array([now]), np.array([now + 1]), np.array([0]), np.array([5]))
    assert len(low_days(balances, np.array([0]), np.array([1]), np.array([now])).age_days) == 0
