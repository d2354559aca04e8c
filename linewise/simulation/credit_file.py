"""The tables of the credit file: loan and card requests, loans, evidence of income, debts elsewhere."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linewise.simulation.accounts import card_account_ids, current_account_ids
from linewise.simulation.cards import Cards
from linewise.simulation.chance import Chance, Ints
from linewise.simulation.columns import coded, contract_table, customer_ids, numbered, optional
from linewise.simulation.days import DATA_UNTIL_US, DAY_US, HOUR_US, LAST_DAY, local_us, recorded_us
from linewise.simulation.loans import COUNTERED, DECISIONS, REFUSED, STATUSES, Loans, status_us
from linewise.simulation.people import People

__all__ = ["income_table", "instalment_table", "limit_request_table", "obligation_table"]

_OBLIGATIONS = ("mortgage", "card", "loan")
_LENDERS = ("bank_north", "bank_south", "bank_coast")


def limit_request_table(people: People, loans: Loans, cards: Cards) -> pa.Table:
    """The loans asked for, then the cards."""
    rows = np.flatnonzero(loans.is_asked)
    decision = loans.decision[rows]
    reason = np.select([decision == REFUSED, decision == COUNTERED], [0, 1], -1)
    asked = contract_table(
        "limit_requests",
        len(rows),
        request_id=numbered("RL", people.number[rows]),
        customer_id=customer_ids(people.number[rows]),
        requested_at=loans.opened_us[rows],
        recorded_at=loans.opened_us[rows],
        kind="loan",
        asked_amt=loans.asked_amt[rows],
        offered_amt=optional(loans.offered_amt[rows], decision != REFUSED),
        taken_amt=optional(loans.principal_amt[rows], loans.is_granted[rows]),
        term_months=loans.term_months[rows],
        decision=coded(decision, DECISIONS),
        reason_codes=coded(reason, ("OFFICER_JUDGEMENT", "PAYMENT_TO_INCOME")),
        initiated_by="customer",
    )
    rows = np.flatnonzero(cards.is_held(DATA_UNTIL_US))
    requested_us = cards.opened_us[rows] - HOUR_US
    lines = contract_table(
        "limit_requests",
        len(rows),
        request_id=numbered("RC", people.number[rows]),
        customer_id=customer_ids(people.number[rows]),
        account_id=card_account_ids(people.number[rows]),
        requested_at=requested_us,
        recorded_at=requested_us,
        kind="new_line",
        asked_amt=cards.limit_amt[rows],
        offered_amt=cards.limit_amt[rows],
        taken_amt=cards.limit_amt[rows],
        decision="approved",
        initiated_by="customer",
    )
    return pa.concat_tables([asked, lines])


def instalment_table(people: People, loans: Loans) -> pa.Table:
    """The loans granted and how they stand, paid out to the seller and repaid from the current account."""
    rows = np.flatnonzero(loans.is_granted)
    return contract_table(
        "instalments",
        len(rows),
        instalment_id=numbered("L", people.number[rows]),
        customer_id=customer_ids(people.number[rows]),
        account_id=current_account_ids(people.number[rows]),
        kind="loan",
        opened_at=loans.opened_us[rows],
        recorded_at=recorded_us(loans.opened_us[rows]),
        principal_amt=loans.principal_amt[rows],
        remaining_amt=loans.remaining_amt()[rows],
        term_months=loans.term_months[rows],
        payment_amt=loans.payment_amt[rows],
        annualised_rate_ratio=loans.rate_ratio[rows],
        settlement_fee_ratio=0.0,
        status=coded(loans.status[rows], STATUSES),
        status_at=status_us(loans)[rows],
    )


def income_table(people: People, loans: Loans, chance: Chance) -> pa.Table:
    """Evidence given with the loan request, and for some a newer one: A verified … D stated."""
    parts = []
    newer_day = LAST_DAY - chance.between(20, 300, "income day", people.number)
    for at, (day, share) in enumerate(((loans.opened_day - 1, 1.0), (newer_day, 0.6))):
        is_there = chance.happens(share, "income evidence", people.number, at) & (loans.is_asked | (at == 1))
        rows = np.flatnonzero(is_there & (day > people.since_day))
        number = people.number[rows]
        is_proved = chance.happens(0.3, "income proved", number, at)
        evidence = np.where(people.is_self_employed[rows], np.where(is_proved, 2, 3), np.where(is_proved, 0, 1))
        told = people.income_amt[rows] * (1 + 0.05 * chance.normal("income told", number, at))
        evidenced_us = local_us(day[rows], 14.0)
        parts.append(
            contract_table(
                "incomes",
                len(rows),
                income_id=numbered("I", number, 6, (np.full(len(rows), at), 1)),
                customer_id=customer_ids(number),
                income_amt=np.rint(told / 1_000).astype(np.int64) * 1_000,
                evidence_class=coded(evidence, ("A", "B", "C", "D")),
                evidenced_at=evidenced_us,
                recorded_at=evidenced_us,
            )
        )
    return pa.concat_tables(parts)


def obligation_table(people: People, loans: Loans, chance: Chance) -> pa.Table:
    """Debts elsewhere, as an enquiry made with the customer's consent found them on the eve of the loan."""
    parts = []
    for at, kind in enumerate(_OBLIGATIONS):
        has = chance.happens((0.22, 0.35, 0.12)[at], f"owes a {kind}", people.number) & loans.is_asked
        rows = np.flatnonzero(has & ~people.is_student)
        number, income = people.number[rows], people.income_amt[rows]
        incomes = (30.0, 1.2, 4.0)[at] * (0.5 + chance.uniform(f"{kind} size", number))
        balance = _thousands(income * incomes)
        limit = _thousands(balance * 2.5) if kind == "card" else balance
        payment = np.rint(balance * (0.006, 0.1, 0.04)[at]).astype(np.int64)
        enquired_us = loans.opened_us[rows] - DAY_US
        parts.append(
            contract_table(
                "obligations",
                len(rows),
                obligation_id=numbered("O", number, 6, (np.full(len(rows), at), 1)),
                customer_id=customer_ids(number),
                kind=kind,
                lender=coded(chance.between(0, len(_LENDERS) - 1, f"{kind} lender", number), _LENDERS),
                limit_amt=limit,
                balance_amt=balance,
                payment_amt=payment,
                enquired_at=enquired_us,
                purpose="loan_application",
                is_authorised=True,
                recorded_at=enquired_us,
            )
        )
    return pa.concat_tables(parts)


def _thousands(amount_amt: NDArray[np.floating[Any]]) -> Ints:
    return np.maximum(np.rint(amount_amt / 100_000), 1).astype(np.int64) * 100_000
