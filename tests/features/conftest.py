"""One compiled computer of all features for every test that feeds it rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa
import pytest

from features.catalogue import FEATURE_NAMES
from features.compute import FeatureComputer
from linewise.bank.dictionary import load_dictionary
from tests.features.builders import NOW, pairs_of
from tests.linewise.bank.builders import a_customer, rows_of

Compute = Callable[[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]], pa.Table], pa.Table]
FeaturesOf = Callable[..., dict[str, float | None]]


@pytest.fixture(scope="session")
def compute() -> Iterator[Compute]:
    """Feature rows of pairs, from rows of `transactions` and `customers`, in order of customer and date."""
    connection = ibis.duckdb.connect()
    for table in ("transactions", "customers"):
        connection.con.register(table, load_dictionary()[table].arrow_schema.empty_table())
    computer = FeatureComputer(connection, connection.table("transactions"), connection.table("customers"))

    def rows(
        transactions: Sequence[Mapping[str, Any]], customers: Sequence[Mapping[str, Any]], pairs: pa.Table
    ) -> pa.Table:
        connection.con.register("transactions", rows_of("transactions", *transactions))
        connection.con.register("customers", rows_of("customers", *customers))
        ordered = [("customer_id", "ascending"), ("event_timestamp", "ascending")]
        return computer.rows(pairs).sort_by(ordered).combine_chunks()

    yield rows
    connection.disconnect()


@pytest.fixture
def features_of(compute: Compute) -> FeaturesOf:
    """The features of one customer from these transactions, as of NOW, by name."""

    def one(
        *transactions: Mapping[str, Any], as_of: datetime = NOW, customer: Mapping[str, Any] | None = None
    ) -> dict[str, float | None]:
        known = customer or a_customer("c1")
        (row,) = compute(transactions, [known], pairs_of((known["customer_id"], as_of))).to_pylist()
        return {name: row[name] for name in FEATURE_NAMES}

    return one
