"""One month on the current accounts: a budget from income, orders and buffer, then everything posted."""

import numpy as np

from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.commitments import commitment_events, instalment_amt
from linewise.simulation.days import MONTHS, Month, local_us
from linewise.simulation.events import Events, joined, new_events, within
from linewise.simulation.income import income_events
from linewise.simulation.loans import Loans
from linewise.simulation.people import People
from linewise.simulation.posting import money_days, post

__all__ = ["first_balance_amt", "live_on_current_accounts", "monthly_budget_amt"]

_DEPOSIT_DAILY_RATIO, _OVERDRAFT_DAILY_RATIO = 0.002 / 365, 0.0005
_OVERDRAFT_OF_INCOME = 0.4
_FIRST_DEPOSIT_OF_INCOME = 0.3
_PULL_TO_BUFFER = 0.15


def first_balance_amt(people: People, chance: Chance) -> Ints:
    """What lies on accounts older than the data when these begin, 0 for newer ones, (n_customers,)."""
    part = 0.6 + 0.6 * chance.uniform("first balance", people.number)
    kept = people.income_amt * people.buffer_months * part
    return np.where(people.since_day < MONTHS[0].first_day, np.rint(kept), 0).astype(np.int64)


def monthly_budget_amt(
    people: People, loans: Loans, month: Month, rows: Ints, balance_amt: Ints, repayment_amt: Ints, chance: Chance
) -> Floats:
    """What customers mean to spend beside their orders, minor units, (n_rows,).

    The impatient plan with more than they have left; everyone is drawn towards the buffer they like, and
    nobody lives on less than a fifth of an income. balance_amt, repayment_amt: (n_rows,).
    """
    income = people.income_amt[rows]
    orders = people.rent_amt + people.household_amt + people.insurance_amt + people.leasing_amt
    left = income - orders[rows] - instalment_amt(loans, month, rows) - repayment_amt
    eagerness = np.clip(0.9 + 0.09 * people.impatience[rows], 0.7, 1.15)
    pull = _PULL_TO_BUFFER * (balance_amt - income * people.buffer_months[rows])
    mood = np.exp(0.12 * chance.normal("mood", people.number[rows], month.index))
    return np.clip((left * eagerness + pull) * mood, 0.2 * income, 1.6 * income)


def live_on_current_accounts(
    people: People, loans: Loans, month: Month, rows: Ints, opening_amt: Ints, others: list[Events], chance: Chance
) -> tuple[Events, Ints]:
    """The month's events on current accounts, posted and in order, and the balances after them.

    opening_amt (n_customers,) are the balances before; `others` are purchases, refunds and repayments of
    the card, made elsewhere. What a customer orders goes through even into the red, as the bank's own
    claims do; what they buy or draw is declined below the overdraft.
    """
    coming = [
        _first_deposits(people, month),
        income_events(people, loans, month, rows, chance),
        commitment_events(people, loans, month, rows, opening_amt[rows], chance),
    ]
    events = within(joined(coming + others), month)
    events = events[events["at_us"] >= people.opened_us[events["who"]]]
    has_overdraft = chance.happens(0.5, "overdraft", people.number)
    lowest = np.where(has_overdraft, -np.rint(people.income_amt * _OVERDRAFT_OF_INCOME), 0).astype(np.int64)
    balance = post(events, opening_amt, lowest)
    interest = _interest(events, opening_amt, month)
    balance = post(interest, balance, lowest)
    return joined([events, interest]), balance


def _first_deposits(people: People, month: Month) -> Events:
    """A new account is opened with cash."""
    is_new = (people.since_day >= MONTHS[0].first_day) & (people.first_month == month.index)
    amount = np.where(is_new, np.rint(people.income_amt * _FIRST_DEPOSIT_OF_INCOME / 1_000) * 1_000, 0)
    return new_events(
        np.arange(len(people)), people.opened_us, amount, "cash_deposit", is_credit=True, channel="branch"
    )


def _interest(events: Events, opening_amt: Ints, month: Month) -> Events:
    """Credited on what lay there and charged on what was overdrawn, in the last minutes of a whole month."""
    if not month.is_whole:
        return joined([])
    end_us = int(local_us(month.last_day + 1))
    above, below = money_days(events, opening_amt, int(local_us(month.first_day)), end_us)
    everyone = np.arange(len(opening_amt))
    at_us = np.full(len(opening_amt), end_us - 60_000_000)
    charged = np.rint(below * _OVERDRAFT_DAILY_RATIO)
    credited = np.rint(above * _DEPOSIT_DAILY_RATIO)
    return within(
        joined(
            [
                new_events(everyone, at_us, charged, "penalty_interest"),
                new_events(everyone, at_us, credited, "interest", is_credit=True),
            ]
        ),
        month,
    )
