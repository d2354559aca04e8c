"""What goes out by itself: rent, standing orders, loan instalments, fees, savings, gifts at Spring Festival."""

import numpy as np

from linewise.simulation.chance import Chance, Ints
from linewise.simulation.days import Month, local_us
from linewise.simulation.events import Events, joined, new_events
from linewise.simulation.loans import Loans, due_day, instalment_of
from linewise.simulation.people import People

__all__ = ["commitment_events", "instalment_amt"]

_SAVED_FROM_BUFFERS = 1.5
_MESSAGE_FEE_AMT = 200


def commitment_events(
    people: People, loans: Loans, month: Month, rows: Ints, balance_amt: Ints, chance: Chance
) -> Events:
    """The month's orders of the customers in those rows; balance_amt (n_rows,) is what they start it with."""
    number = people.number[rows]
    parts = []
    # Rent is a household order like the utilities: the symbols of standing orders know no finer purpose.
    for name, category, amounts in (
        ("rent", "household", people.rent_amt),
        ("household", "household", people.household_amt),
        ("insurance", "insurance", people.insurance_amt),
        ("leasing", "leasing", people.leasing_amt),
    ):
        at_us = local_us(month.first_day + chance.between(0, 27, f"{name} day", number), 6.0)
        partner = 10_000 + chance.between(0, 999, f"{name} partner", number)
        parts.append(new_events(rows, at_us, amounts[rows], "transfer_out", category=category, counterparty=partner))
    instalment_at_us = local_us(due_day(loans.opened_day[rows], instalment_of(loans, rows, month)), 20.0)
    amount = instalment_amt(loans, month, rows)
    parts.append(new_events(rows, instalment_at_us, amount, "transfer_out", category="loan"))
    fee = np.where(chance.happens(0.5, "messages", number), _MESSAGE_FEE_AMT, 0)
    parts.append(new_events(rows, local_us(np.full(len(rows), month.first_day + 20), 3.0), fee, "fee"))
    parts.append(_savings(people, month, rows, balance_amt))
    if month.number == 2:
        given = 20_000 * chance.between(0, 5, "gifts", number, month.index)
        at_us = local_us(np.full(len(rows), month.first_day + 15), 20.0)
        parts.append(new_events(rows, at_us, given, "transfer_out", channel="app"))
    return joined(parts)


def instalment_amt(loans: Loans, month: Month, rows: Ints) -> Ints:
    """What the loan takes in that month, minor units, (n_rows,); 0 where nothing is paid."""
    instalment, first_missed = instalment_of(loans, rows, month), loans.first_missed[rows]
    is_paid = (
        loans.is_granted[rows]
        & (instalment >= 1)
        & (instalment <= loans.term_months[rows])
        & ((first_missed == 0) | (instalment < first_missed))
    )
    is_last = instalment == loans.term_months[rows]
    return np.where(is_paid, np.where(is_last, loans.last_payment_amt()[rows], loans.payment_amt[rows]), 0)


def _savings(people: People, month: Month, rows: Ints, balance_amt: Ints) -> Events:
    """What lies far above the customer's buffer moves to savings two days after payday."""
    kept = people.income_amt[rows] * people.buffer_months[rows] * _SAVED_FROM_BUFFERS
    spare = np.floor(np.maximum(balance_amt - kept, 0) / 2 / 10_000).astype(np.int64) * 10_000
    day = month.first_day + people.payday[rows] + 1
    return new_events(rows, local_us(day, 21.0), spare, "transfer_out", channel="app")
