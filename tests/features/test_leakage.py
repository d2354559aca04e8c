"""No table tells of what came after: for every contract table that features read, and whatever stands in its rows."""

import io
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from features.buckets import READ_TABLES
from features.catalogue import FEATURES
from linewise.bank.dictionary import Column, load_dictionary
from tests.features.builders import NOW, pairs_of
from tests.features.conftest import Compute
from tests.linewise.bank.builders import an_account

pytestmark = pytest.mark.slow

EARLIER = NOW - timedelta(days=100)
MICROSECOND = timedelta(microseconds=1)
CUSTOMERS = ("c1", "c2", "c3")
# A change of a limit tells what the limit was: an account with one that nobody knew of yet has to have had that limit.
ACCOUNTS = ("a1", "a2")
CHANGED_LATER = "a3"
WORDS = {
    "mcc": (None, "5411", "5812", "7995", "8062", "3100"),
    "category": (None, "household", "insurance", "loan", "salary"),
    "channel": ("online", "pos"),
    "country": (None, "CN", "JP"),
    "currency": ("CNY",),
    "original_currency": (None, "CNY", "JPY"),
    "reason": (None, "limit", "card", "complaint", "payment_difficulty"),
    "account_id": ACCOUNTS,
    "customer_id": CUSTOMERS,
}
EVENT_TABLES = tuple(name for name in READ_TABLES if name != "customers")

Bank = dict[str, list[dict[str, Any]]]

# Each example computes a bank of every table twice and each time both ways: few, and no shrinking of what fails.
checked = settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
seeds = st.integers(0, 2**32)


def event_time_of(table: str) -> str:
    return load_dictionary()[table].event_time or "opened_at"


def a_value(chance: random.Random, column: Column, moment: datetime) -> Any:
    if column.is_nullable and chance.random() < 0.2:
        return None
    low, high = int(column.minimum or 0), int(column.maximum or 10**6)
    drawn = {
        "string": lambda: chance.choice(WORDS.get(column.name) or column.values or ("x", "y")),
        "boolean": lambda: chance.random() < 0.7,
        "timestamp": lambda: moment + timedelta(days=chance.choice((0, 1, 30, 90))),
        "date": lambda: date(1980, 2, 29),
        "integer": lambda: chance.choice((low, chance.randint(low, high))),
        "ratio": chance.random,
    }
    return drawn[column.type]()


def a_row_of(table: str, key: str, moment: datetime, recorded_at: datetime, chance: random.Random) -> dict[str, Any]:
    meaning = load_dictionary()[table]
    row = {column.name: a_value(chance, column, moment) for column in meaning.columns}
    return {**row, meaning.key[0]: key, event_time_of(table): moment, "recorded_at": recorded_at}


def some_rows(table: str, prefix: str, chance: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """Rows of the last 400 days; whole days meet on the edges of windows."""
    for place in range(chance.randint(0, most)):
        age = timedelta(days=chance.choice((chance.randint(0, 400), chance.uniform(0, 400))))
        delay = timedelta(days=chance.choice((0, 0, 0, 1, 40)))
        yield a_row_of(table, f"{prefix}{place}", NOW - age, NOW - age + delay, chance)


def a_bank(seed: int) -> Bank:
    chance = random.Random(seed)
    bank = {table: list(some_rows(table, f"{table}-", chance, 8)) for table in EVENT_TABLES if table != "accounts"}
    bank["accounts"] = [
        an_account("a1", "c1", permanent_limit_amt=900_000),
        an_account("a2", "c2", permanent_limit_amt=50_000, limit_group="g"),
        an_account(CHANGED_LATER, "c1", permanent_limit_amt=70_000),
    ]
    bank["customers"] = [{"customer_id": name, "birth_date": date(1980, 2, 29)} for name in CUSTOMERS]
    return bank


def with_unknown(bank: Bank, seed: int, *, happened: datetime | None, recorded: datetime | None) -> Bank:
    """The bank with more rows in every table, which came or were recorded at these moments (None: in the past)."""
    chance = random.Random(seed)
    more = {table: list(rows) for table, rows in bank.items()}
    for table in EVENT_TABLES:
        for place in range(3):
            moment = happened or NOW - timedelta(days=chance.randint(0, 400))
            row = a_row_of(table, f"unknown-{table}-{place}", moment, recorded or moment, chance)
            if table == "limit_changes":
                if place:
                    continue
                row |= {"account_id": CHANGED_LATER, "customer_id": "c1", "old_limit_amt": 70_000}
                more["accounts"] = [
                    {**one, "permanent_limit_amt": row["new_limit_amt"]} if one["account_id"] == CHANGED_LATER else one
                    for one in more["accounts"]
                ]
            more[table].append(row)
    return more


def all_pairs() -> pa.Table:
    return pairs_of(*((name, NOW) for name in CUSTOMERS), ("c1", EARLIER), ("c2", EARLIER))


def the_bytes(compute: Compute, bank: Bank, pairs: pa.Table) -> bytes:
    """The rows as they would lie on disk."""
    sink = io.BytesIO()
    others = {table: rows for table, rows in bank.items() if table not in ("transactions", "customers")}
    pq.write_table(compute(bank["transactions"], bank["customers"], pairs, **others), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("happened", "recorded"),
    [(NOW + MICROSECOND, NOW), (NOW + timedelta(days=200), None), (None, NOW + MICROSECOND)],
    ids=["announced, not happened", "happened later", "recorded later"],
)
@checked
@given(seed=seeds, later=seeds)
def test_what_was_not_known_changes_nothing(
    compute: Compute, seed: int, later: int, happened: datetime | None, recorded: datetime | None
) -> None:
    bank = a_bank(seed)
    unknown = with_unknown(bank, later, happened=happened, recorded=recorded)
    assert the_bytes(compute, unknown, all_pairs()) == the_bytes(compute, bank, all_pairs())


@checked
@given(seed=seeds, order=seeds)
def test_the_order_of_the_rows_changes_nothing(compute: Compute, seed: int, order: int) -> None:
    bank = a_bank(seed)
    chance = random.Random(order)
    shuffled = {table: chance.sample(rows, len(rows)) for table, rows in bank.items()}
    assert the_bytes(compute, shuffled, all_pairs()) == the_bytes(compute, bank, all_pairs())


@checked
@given(seed=seeds)
def test_a_date_alone_gives_the_bytes_of_a_backfill(compute: Compute, seed: int) -> None:
    bank = a_bank(seed)
    others = {table: rows for table, rows in bank.items() if table not in ("transactions", "customers")}
    together = compute(bank["transactions"], bank["customers"], all_pairs(), **others)
    for moment in (EARLIER, NOW):
        alone = all_pairs().filter(pc.equal(all_pairs()["as_of"], pa.scalar(moment)))
        of_the_date = together.filter(pc.equal(together["event_timestamp"], pa.scalar(moment)))
        sink = io.BytesIO()
        pq.write_table(of_the_date.combine_chunks(), sink)
        assert sink.getvalue() == the_bytes(compute, bank, alone)


@checked
@given(seed=seeds)
def test_every_value_lies_in_its_range(compute: Compute, seed: int) -> None:
    bank = a_bank(seed)
    others = {table: rows for table, rows in bank.items() if table not in ("transactions", "customers")}
    for row in compute(bank["transactions"], bank["customers"], all_pairs(), **others).to_pylist():
        for feature in FEATURES:
            value = row[feature.name]
            assert value is None or feature.minimum <= value <= feature.maximum, (feature.name, value)
            assert value is None or feature.type == "float" or value == int(value), (feature.name, value)


def test_the_banks_that_are_drawn_reach_every_table() -> None:
    banks = [a_bank(seed) for seed in range(20)]
    assert all(any(bank[table] for bank in banks) for table in READ_TABLES)
