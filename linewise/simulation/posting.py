"""Posting events to accounts in their order, with balances that are exact to the cent."""

import numpy as np

from linewise.simulation.chance import Floats, Ints
from linewise.simulation.days import DAY_US
from linewise.simulation.events import Events

__all__ = ["money_days", "post"]


def post(events: Events, balance_amt: Ints, lowest_amt: Ints) -> Ints:
    """Post events that stand in order, writing `balance_amt` and `is_declined` into them.

    balance_amt, lowest_amt (n_customers,): the balance before, and the lowest one that an event which may
    fail can leave; what would go below it is declined and moves nothing. Returns the balance afterwards.
    """
    balance = balance_amt.copy()
    signed = np.where(events["is_credit"], events["amount_amt"], -events["amount_amt"])
    for rows in _one_of_each_customer(events["who"], len(balance)):
        who = events["who"][rows]
        after = balance[who] + signed[rows]
        declined = events["may_fail"][rows] & (after < lowest_amt[who]) & (signed[rows] < 0)
        balance[who] = np.where(declined, balance[who], after)
        events["is_declined"][rows] = declined
        events["balance_amt"][rows] = balance[who]
    return balance


def money_days(events: Events, balance_amt: Ints, from_us: int, until_us: int) -> tuple[Floats, Floats]:
    """Balance times days, in minor units, above and below zero, each (n_customers,).

    events stand in order and are posted; balance_amt is the balance at `from_us`.
    """
    n = len(balance_amt)
    everyone = np.arange(n)
    who = np.concatenate([everyone, events["who"]])
    moment = np.concatenate([np.full(n, from_us), events["at_us"]])
    level = np.concatenate([balance_amt, events["balance_amt"]])
    order = np.argsort(who, kind="stable")
    who, moment, level = who[order], moment[order], level[order]
    following = np.append(moment[1:], until_us)
    is_last = np.append(who[1:] != who[:-1], True)
    days = (np.where(is_last, until_us, following) - moment) / DAY_US
    above = np.bincount(who, weights=np.maximum(level, 0) * days, minlength=n)
    below = np.bincount(who, weights=np.maximum(-level, 0) * days, minlength=n)
    return above.astype(np.float64), below.astype(np.float64)


def _one_of_each_customer(who: Ints, n: int) -> list[Ints]:
    """The first event of every customer, then the second, and so on: rows that do not meet."""
    if not len(who):
        return []
    counts = np.bincount(who, minlength=n)
    rank = np.arange(len(who)) - np.repeat(np.cumsum(counts) - counts, counts)
    order = np.argsort(rank, kind="stable")
    return np.split(order, np.cumsum(np.bincount(rank))[:-1])
