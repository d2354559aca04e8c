"""The tables of what customers have: themselves, their accounts, cards, limits and statements."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linewise.simulation.card_bills import MINIMUM_FLOOR_AMT, MINIMUM_RATIO
from linewise.simulation.cards import PRODUCTS, Cards
from linewise.simulation.chance import Chance, Ints
from linewise.simulation.columns import coded, contract_table, customer_ids, numbered, optional
from linewise.simulation.days import (
    DATA_UNTIL_US,
    DAY_US,
    FIRST_DAY,
    LAST_DAY,
    TIME_ZONE,
    local_us,
    recorded_us,
)
from linewise.simulation.loans import DEFAULTED, IN_ARREARS, Loans
from linewise.simulation.people import People

__all__ = [
    "account_table",
    "card_account_ids",
    "current_account_ids",
    "customer_table",
    "holding_table",
    "limit_change_table",
    "statement_table",
]

_VULNERABLE_SOURCES = ("customer", "agent", "relative")


def current_account_ids(number: Ints) -> pa.Array:
    """Of the current accounts of these customers."""
    return numbered("A", number)


def card_account_ids(number: Ints) -> pa.Array:
    """Of the card accounts of these customers."""
    return numbered("K", number)


def customer_table(people: People, chance: Chance) -> pa.Table:
    """The people as the bank's master data know them."""
    number, n = people.number, len(people)
    is_vulnerable = chance.happens(0.02 + 0.03 * people.is_pensioner, "vulnerable", number)
    source = chance.between(0, len(_VULNERABLE_SOURCES) - 1, "vulnerable source", number)
    until = DATA_UNTIL_US + chance.between(10, 300, "vulnerable until", number) * DAY_US
    return contract_table(
        "customers",
        n,
        customer_id=customer_ids(number),
        birth_date=people.birth_day,
        is_student=people.is_student,
        is_staff=chance.happens(0.01, "staff", number),
        is_related_party=chance.happens(0.003, "related party", number),
        is_vulnerable=is_vulnerable,
        vulnerable_source=coded(np.where(is_vulnerable, source, -1), _VULNERABLE_SOURCES),
        vulnerable_until=optional(until, is_vulnerable & chance.happens(0.5, "vulnerable ends", number)),
        time_zone=TIME_ZONE,
        language=coded(chance.happens(0.06, "speaks English", number).astype(np.int64), ("zh-CN", "en")),
        contact_point_changed_at=_changed_at("contact point", 0.4, people, chance),
        device_changed_at=_changed_at("device", 0.6, people, chance),
        customer_since=people.since_day,
    )


def _changed_at(what: str, share: float, people: People, chance: Chance) -> pa.Array:
    first = np.maximum(people.since_day, FIRST_DAY)
    day = first + np.floor((LAST_DAY - first) * chance.uniform(f"{what} changed", people.number)).astype(np.int64)
    return optional(local_us(day, 12.0), chance.happens(share, f"{what} changes", people.number))


def account_table(people: People, loans: Loans, cards: Cards) -> pa.Table:
    """A current account each, and an account for each card."""
    n = len(people)
    opened_us = people.opened_us
    current = contract_table(
        "accounts",
        n,
        account_id=current_account_ids(people.number),
        customer_id=customer_ids(people.number),
        card_role="none",
        product="current_account",
        opened_at=opened_us,
        status="open",
        recorded_at=recorded_us(opened_us),
    )
    rows = np.flatnonzero(cards.is_held(DATA_UNTIL_US))
    opened_us, fate = cards.opened_us[rows], loans.status[rows]
    stage = np.select([fate == DEFAULTED, fate == IN_ARREARS], [3, 2], 1)
    limit = cards.limit_at(DATA_UNTIL_US)[rows]
    card = contract_table(
        "accounts",
        len(rows),
        account_id=card_account_ids(people.number[rows]),
        customer_id=customer_ids(people.number[rows]),
        card_role="principal",
        product=coded(cards.product[rows], PRODUCTS),
        opened_at=opened_us,
        permanent_limit_amt=limit,
        cash_limit_amt=limit // 2,
        provision_stage=optional(stage, loans.is_granted[rows]),
        status=coded((fate == DEFAULTED).astype(np.int64), ("open", "blocked")),
        cycle_day=1,
        minimum_payment_ratio=MINIMUM_RATIO,
        minimum_payment_floor_amt=MINIMUM_FLOOR_AMT,
        recorded_at=recorded_us(opened_us),
    )
    return pa.concat_tables([current, card])


def holding_table(people: People, cards: Cards) -> pa.Table:
    """The cards held."""
    rows = np.flatnonzero(cards.is_held(DATA_UNTIL_US))
    opened_us = cards.opened_us[rows]
    return contract_table(
        "holdings",
        len(rows),
        holding_id=numbered("H", people.number[rows]),
        customer_id=customer_ids(people.number[rows]),
        product=coded(cards.product[rows], PRODUCTS),
        opened_at=opened_us,
        recorded_at=recorded_us(opened_us),
    )


def limit_change_table(people: People, cards: Cards) -> pa.Table:
    """The raises that the bank gave of its own accord."""
    rows = np.flatnonzero(cards.raised_us <= DATA_UNTIL_US)
    return contract_table(
        "limit_changes",
        len(rows),
        change_id=numbered("LC", people.number[rows]),
        customer_id=customer_ids(people.number[rows]),
        account_id=card_account_ids(people.number[rows]),
        changed_at=cards.raised_us[rows],
        recorded_at=recorded_us(cards.raised_us[rows]),
        old_limit_amt=cards.limit_amt[rows],
        new_limit_amt=cards.raised_limit_amt[rows],
        initiated_by="bank",
        decision="approved",
    )


def statement_table(people: People, statements: NDArray[np.void]) -> pa.Table:
    """The card statements, by customer and cycle."""
    rows = statements[np.lexsort((statements["cycle_end_us"], statements["who"]))]
    rows = rows[rows["recorded_us"] <= DATA_UNTIL_US]
    number = people.number[rows["who"]]
    months = rows["cycle_end_us"].astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return contract_table(
        "statements",
        len(rows),
        statement_id=numbered("S", number, 6, (months, 4)),
        customer_id=customer_ids(number),
        account_id=card_account_ids(number),
        cycle_end_at=rows["cycle_end_us"],
        due_at=rows["due_us"],
        recorded_at=rows["recorded_us"],
        balance_amt=rows["balance_amt"],
        minimum_due_amt=rows["minimum_amt"],
        paid_amt=rows["paid_amt"],
        days_past_due=rows["days_past_due"],
    )
