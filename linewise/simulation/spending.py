"""What is bought and drawn in cash: when, where, for how much, on which account."""

import numpy as np

from linewise.simulation.cards import Cards
from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.days import Month, festive_weight, local_us
from linewise.simulation.events import COUNTRIES, Events, joined, new_events
from linewise.simulation.people import MERCHANT_GROUPS, People

__all__ = ["refund_events", "spending_events"]

_TICKET_SPREAD = 0.5
_CASH_SHARE = 0.12
_PAYDAY_DAYS, _PAYDAY_WEIGHT = 4, 1.6
_MERCHANTS_A_GROUP = 400
_REFUNDED = 0.02
_PURCHASES_A_MONTH_LIMIT = 1_000
_NOTE_AMT = 10_000

_TICKET = np.array([group.ticket_ratio for group in MERCHANT_GROUPS])
_ONLINE = np.array([group.online_ratio for group in MERCHANT_GROUPS])
_ABROAD = np.array([group.abroad_ratio for group in MERCHANT_GROUPS])
_GROUP = {group.mcc: at for at, group in enumerate(MERCHANT_GROUPS)}


def spending_events(
    people: People, cards: Cards, month: Month, rows: Ints, budget_amt: Floats, chance: Chance
) -> Events:
    """The month's purchases and withdrawals; budget_amt (n_rows,) is what they mean to spend, minor units."""
    return joined(
        [
            _purchases(people, cards, month, rows, budget_amt * (1 - _CASH_SHARE), chance),
            _withdrawals(people, month, rows, budget_amt * _CASH_SHARE, chance),
        ]
    )


def refund_events(people: People, purchases: Events, month: Month, chance: Chance) -> Events:
    """Some of a month's posted purchases come back, on their own account, early in the next `month`."""
    number = people.number[purchases["who"]]
    second = purchases["at_us"] // 1_000_000
    back = purchases[chance.happens(_REFUNDED, "refund", number, second)].copy()
    number, second = people.number[back["who"]], back["at_us"] // 1_000_000
    day = month.first_day + chance.between(0, 7, "refund day", number, second)
    refunds = new_events(back["who"].astype(np.int64), local_us(day, 15.0), back["amount_amt"], "refund")
    for name in ("mcc", "merchant", "channel", "country", "on_card"):
        refunds[name] = back[name]
    refunds["is_credit"] = True
    return refunds


def _purchases(people: People, cards: Cards, month: Month, rows: Ints, budget_amt: Floats, chance: Chance) -> Events:
    days = month.days
    mean_count = people.purchases_a_month[rows]
    count = chance.count(mean_count * len(days) / 30.4, "purchases", people.number[rows], month.index)
    at = np.repeat(np.arange(len(rows)), count)
    row = rows[at]
    number = people.number[row]
    k = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    index = month.index * _PURCHASES_A_MONTH_LIMIT + k

    payday = month.first_day + people.payday[rows, None] - 1
    near_payday = (days >= payday) & (days < payday + _PAYDAY_DAYS)
    weight = festive_weight(days) * np.where(near_payday, _PAYDAY_WEIGHT, 1.0)
    day = chance.pick(weight[at], "purchase day", number, index)
    taste = people.taste[row] * _season(month)[day]
    group = chance.pick(taste, "purchase group", number, index)

    usual_ticket = (people.taste[rows] * _TICKET).sum(axis=1)
    ticket = (budget_amt / mean_count / usual_ticket)[at] * _TICKET[group]
    spread = np.exp(_TICKET_SPREAD * chance.normal("ticket", number, index) - _TICKET_SPREAD**2 / 2)
    amount = np.maximum(np.rint(ticket * spread / 10).astype(np.int64) * 10, 100)
    at_us = local_us(days[day], 7.5 + 15.5 * chance.uniform("purchase hour", number, index))
    online = chance.happens(_ONLINE[group], "online", number, index)
    abroad = chance.happens(_ABROAD[group], "abroad", number, index)
    is_routed = chance.happens(cards.routed[row], "routed", number, index)
    return new_events(
        row,
        at_us,
        amount,
        "purchase",
        mcc=group,
        merchant=_merchant(number, index, group, chance),
        channel=np.where(online, 1, 0),
        country=np.where(abroad, chance.between(1, len(COUNTRIES) - 1, "country", number, index), 0),
        on_card=is_routed & (cards.opened_us[row] <= at_us) & (at_us < cards.blocked_us[row]),
        may_fail=True,
    )


def _merchant(number: Ints, index: Ints, group: Ints, chance: Chance) -> Ints:
    """Two visits in three go to one of the customer's three favourites, the others anywhere."""
    favourite = group * 10 + chance.between(0, 2, "favourite", number, index)
    at_favourite = chance.uniform("favourite merchant", number, favourite)
    anywhere = chance.uniform("any merchant", number, index)
    draw = np.where(chance.happens(2 / 3, "loyal", number, index), at_favourite, anywhere)
    # Squared, so that a few merchants see most of the customers.
    return np.asarray(np.floor(_MERCHANTS_A_GROUP * draw**2), dtype=np.int64)


def _season(month: Month) -> Floats:
    """How the mix of shops shifts on each day of the month, (n_days, n_groups)."""
    day_of_month = month.days - month.first_day + 1
    factor = np.ones((len(day_of_month), len(MERCHANT_GROUPS)))
    if month.number == 11:
        factor[day_of_month <= 11, _GROUP["5999"]] = 2.5
    if month.number == 6:
        factor[day_of_month <= 18, _GROUP["5999"]] = 1.7
    if month.number == 10:
        factor[day_of_month <= 7, _GROUP["4511"]] = factor[day_of_month <= 7, _GROUP["7011"]] = 3.0
    if month.number in (1, 2):
        factor[:, _GROUP["5812"]] = 1.3
        factor[:, _GROUP["4511"]] = 1.8
    return factor


def _withdrawals(people: People, month: Month, rows: Ints, budget_amt: Floats, chance: Chance) -> Events:
    number = people.number[rows]
    mean_count = np.clip(0.8 * np.exp(0.3 * people.risk[rows]), 0.2, 4.0)
    parts = []
    count = chance.count(mean_count, "withdrawals", number, month.index)
    for k in range(int(count.max(initial=0))):
        index = month.index * 100 + k
        notes = np.maximum(np.rint(budget_amt / mean_count / _NOTE_AMT), 1).astype(np.int64)
        day = month.first_day + chance.between(0, 27, "withdrawal day", number, index)
        at_us = local_us(day, 8 + 14 * chance.uniform("withdrawal hour", number, index))
        amount = np.where(k < count, notes * _NOTE_AMT, 0)
        parts.append(new_events(rows, at_us, amount, "cash_withdrawal", channel="atm", may_fail=True))
    return joined(parts)
