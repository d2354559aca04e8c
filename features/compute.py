"""All features of given pairs, computed by DuckDB from the bank's tables through the one Ibis definition."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from features.buckets import READ_TABLES, Bucket
from features.catalogue import FEATURES
from features.feature import Feature, Grain
from features.grains import KEYS, Tables, grain_tables
from features.observation import PAIRS_SCHEMA
from features.rows import SCHEMA
from linewise.bank.database import literal
from linewise.bank.dictionary import load_dictionary

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["BucketComputer", "FeatureComputer", "bucket_computer", "wide_table"]

# The engine holds what it reads of them in memory; twelve dates of a bucket are more.
_PAIRS_AT_A_TIME = 50_000


class FeatureComputer:
    """Computes feature rows over contract tables (READ_TABLES) that an Ibis connection to DuckDB knows."""

    def __init__(self, connection: Any, tables: Tables, time_zone: str = "UTC") -> None:
        self._engine = connection.con
        # create_table of Ibis 12 does not run on DuckDB 2.0, so the engine itself registers the pairs.
        self._engine.register("pairs", PAIRS_SCHEMA.empty_table())
        # Compiled once: that takes four times as long as DuckDB takes for the 682 customers of Berka.
        self._sql = connection.compile(wide_table(connection.table("pairs"), tables, time_zone))

    def rows(self, pairs: pa.Table) -> pa.Table:
        """One row of SCHEMA per pair (PAIRS_SCHEMA), in no particular order; pairs may not repeat."""
        self._engine.register("pairs", pairs)
        return self._engine.sql(self._sql).to_arrow_table().cast(SCHEMA)


class BucketComputer(FeatureComputer):
    """Computes the feature rows of one bucket of customers after the other, from the bucket's own files."""

    def __init__(self, connection: Any) -> None:
        for name in READ_TABLES:
            connection.con.register(name, load_dictionary()[name].arrow_schema.empty_table())
        super().__init__(connection, {name: connection.table(name) for name in READ_TABLES})

    def rows_of(self, bucket: Bucket, pairs: pa.Table) -> pa.Table:
        """One row of SCHEMA per pair; the pairs are of customers of the bucket."""
        for name, files in bucket.files.items():
            paths = ", ".join(literal(str(path)) for path in files)
            view = f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{paths}])"  # noqa: S608  quoted
            self._engine.execute(view)
        slices = range(0, pairs.num_rows, _PAIRS_AT_A_TIME)
        parts = (self.rows(pairs.slice(start, _PAIRS_AT_A_TIME)) for start in slices)
        return pa.concat_tables([SCHEMA.empty_table(), *parts])


@contextmanager
def bucket_computer(threads: int | None = None) -> Iterator[BucketComputer]:
    """A computer on an engine of its own, closed at the end of the block; `threads` of it (None: all cores)."""
    connection = ibis.duckdb.connect()
    try:
        if threads is not None:
            connection.con.execute(f"SET threads = {threads:d}")
        yield BucketComputer(connection)
    finally:
        connection.disconnect()


def wide_table(pairs: "Table", tables: Tables, time_zone: str = "UTC") -> "Table":
    """The expression of all features: one row per pair with the columns of SCHEMA."""
    wide = pairs
    for grain, table in grain_tables(pairs, tables, time_zone).items():
        answers = _answers(grain, table)
        wide = wide.left_join(answers, list(KEYS)).drop(*(f"{key}_right" for key in KEYS))
    return wide.select(
        wide.customer_id,
        event_timestamp=wide.as_of,
        # Not the wall clock: the same input gives the same bytes.
        created_timestamp=wide.as_of,
        **{feature.name: _with_default(wide, feature) for feature in FEATURES},
    )


def _answers(grain: Grain, table: "Table") -> "Table":
    named = {feature.name: feature.expression(table) for feature in FEATURES if feature.grain == grain}
    if grain == "customer":
        return table.select(*KEYS, **named)
    return table.group_by(KEYS).aggregate(**named)


def _with_default(wide: "Table", feature: Feature) -> Any:
    value = wide[feature.name].cast("float64")
    return value if feature.default is None else value.fill_null(feature.default)
