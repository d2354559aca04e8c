"""A bucket's rows from a bank's own files: every currency counts in the bank's, every hour in the bank's zone."""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from features.building import computed
from features.engine import computing, walker
from features.rows import SCHEMA
from linewise.bank.tables import Bank
from linewise.core.home import Home
from tests.features.builders import NOW, numbered, pairs_of, txn
from tests.linewise.bank.builders import a_customer, an_account, an_exchange_rate, rows_of, write_small


def features_of(bank: Bank, *customers: str) -> list[dict[str, Any]]:
    pairs = pairs_of(*((customer, NOW) for customer in customers))
    rows = pa.concat_tables([SCHEMA.empty_table(), *(rows for _, rows in computed(bank, pairs))])
    return rows.sort_by("customer_id").to_pylist()


def a_bank(home: Home, *transactions: dict[str, Any], **given: Any) -> Bank:
    tables = {
        "customers": rows_of("customers", a_customer("c1"), a_customer("c2")),
        "accounts": rows_of("accounts", an_account("a1", "c1"), an_account("a2", "c2")),
        "transactions": rows_of("transactions", *numbered(transactions)),
        "bank_facts": rows_of("bank_facts", an_exchange_rate("usd", 7.1)),
    }
    return write_small(home, tables, **given)


def test_money_of_another_currency_counts_in_the_banks_own(home: Home) -> None:
    dollars = a_bank(
        home,
        txn(3, 1_000, customer_id="c1", balance_amt=-200, currency="USD"),
        txn(5, 50, customer_id="c1", balance_amt=10),
        txn(3, 7_100, customer_id="c2", balance_amt=-1_420),
        txn(5, 50, customer_id="c2", balance_amt=10),
    )
    one, other = features_of(dollars, "c1", "c2")
    assert one["debit_sum_amt_90d"] == 7_150
    assert one["balance_low_amt_90d"] == -1_420
    assert {**one, "customer_id": ""} == {**other, "customer_id": ""}


@pytest.mark.parametrize("at_a_time", [1, 3, 4])
def test_pairs_answered_in_portions_have_the_rows_of_all_at_once_by_date(
    home: Home, monkeypatch: pytest.MonkeyPatch, at_a_time: int
) -> None:
    bank = a_bank(home, *(txn(days, 100 + days, customer_id=f"c{days % 2 + 1}") for days in range(1, 90, 4)))
    pairs = pairs_of(*((who, NOW - timedelta(days=days)) for who in ("c1", "c2") for days in (60, 30, 0)))
    ((_, whole),) = computed(bank, pairs)
    monkeypatch.setattr(computing, "PAIRS_AT_A_TIME", at_a_time)
    ((_, portions),) = computed(bank, pairs)
    assert portions.equals(whole)
    assert portions["event_timestamp"].to_pylist() == sorted(whole["event_timestamp"].to_pylist())


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_walk_by_several_hands_gives_the_rows_of_one(home: Home, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    bank = a_bank(home, *(txn(days, 10 + days, customer_id=f"c{days % 2 + 1}") for days in range(1, 90, 4)))
    pairs = [(customer, NOW - timedelta(days=30 * months)) for customer in ("c1", "c2") for months in range(count)]
    (alone,) = (rows for _, rows in computed(bank, pairs_of(*pairs), workers=1))
    monkeypatch.setattr(walker, "LEAST_OF_A_HAND", 1)
    (together,) = (rows for _, rows in computed(bank, pairs_of(*pairs), workers=3))
    assert together.equals(alone)
