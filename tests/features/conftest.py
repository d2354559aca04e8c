"""One compiled computer of all features for every test that feeds it rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from features.buckets import READ_TABLES
from features.catalogue import FEATURE_NAMES
from features.engine.computing import BucketComputer
from linewise.bank.dictionary import load_dictionary
from tests.features.builders import NOW, pairs_of
from tests.features.plain_way import FeatureComputer
from tests.linewise.bank.builders import a_customer, rows_of

Rows = Sequence[Mapping[str, Any]]
Compute = Callable[..., pa.Table]
FeaturesOf = Callable[..., dict[str, float | None]]


@pytest.fixture(scope="session")
def compute() -> Iterator[Compute]:
    """Feature rows of pairs, from rows of the contract tables, in order of customer and date.

    Computed twice, by the definition as it stands and by the engine that builds use: they never differ by a bit.
    """
    nothing = {name: load_dictionary()[name].arrow_schema.empty_table() for name in READ_TABLES}
    computer, engine = FeatureComputer(), duckdb.connect()
    # Of a handful of rows there is nothing to share out.
    engine.execute("SET threads = 1")
    builder = BucketComputer(engine, "UTC")

    def rows(transactions: Rows, customers: Rows, pairs: pa.Table, **others: Rows) -> pa.Table:
        given = {"transactions": transactions, "customers": customers, **others}
        tables = {name: rows_of(name, *given[name]) if name in given else empty for name, empty in nothing.items()}
        ordered = [("customer_id", "ascending"), ("event_timestamp", "ascending")]
        defined = computer.rows(tables, pairs).sort_by(ordered).combine_chunks()
        built = builder.rows(tables, pairs).sort_by(ordered).combine_chunks()
        assert built.equals(defined), built.to_pylist()
        return built

    yield rows
    engine.close()
    computer.close()


@pytest.fixture
def features_of(compute: Compute) -> FeaturesOf:
    """The features of one customer from these transactions and rows of other tables, as of NOW, by name."""

    def one(
        *transactions: Mapping[str, Any],
        as_of: datetime = NOW,
        customer: Mapping[str, Any] | None = None,
        **others: Rows,
    ) -> dict[str, float | None]:
        known = customer or a_customer("c1")
        (row,) = compute(transactions, [known], pairs_of((known["customer_id"], as_of)), **others).to_pylist()
        return {name: row[name] for name in FEATURE_NAMES}

    return one
