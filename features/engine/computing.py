"""The feature rows of one bucket after the other: transactions walked, all else left to DuckDB."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr import operations as ops

from features.buckets import READ_TABLES, Bucket
from features.catalogue import FEATURE_NAMES, FEATURES
from features.compute import answers_of
from features.engine.answering import Answering, Answers
from features.engine.duckdb_sql import sql_of
from features.engine.reading import by_customer
from features.engine.tables import numbered, read_table
from features.grains import KEYS, SOURCES
from features.grains.sources import contract_table
from features.rows import SCHEMA

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["BucketComputer", "bucket_computer"]

# A reduction of a pair takes eight bytes, and a pair has some hundreds of them.
_PAIRS_AT_A_TIME = 40_000

_PAIRS, _ANSWERED, _MONTHS = "numbered_pairs", "answered_pairs", "answered_months"
_MOMENT = "timestamp('UTC', 6)"


class BucketComputer:
    """Computes the feature rows of one bucket of customers after the other, on an engine of its own.

    The rows are those of `features.compute.wide_table` over the same tables; a test holds them equal to the bit.
    One thread may use a computer at a time.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, time_zone: str) -> None:
        self._engine, self._questions = engine, _questions(time_zone)

    def rows_of(self, bucket: Bucket, pairs: pa.Table, currency: str, rates: pa.Table) -> pa.Table:
        """One row of SCHEMA per pair (PAIRS_SCHEMA), in their order; the pairs' customers are the bucket's.

        Money of another than the bank's currency counts by the rates (RATES_SCHEMA).
        """
        tables = {
            name: read_table(name, bucket.files[name], columns, currency, rates)
            for name, columns in self._questions.columns.items()
        }
        return self.rows(tables, pairs)

    def rows(self, tables: Mapping[str, pa.Table], pairs: pa.Table) -> pa.Table:
        """The rows of the pairs from the contract tables (READ_TABLES), whose money is in the bank's currency."""
        laid_out = self._questions.answering.lay_out(self._engine, by_customer(tables["transactions"]))
        customer_ids = pc.unique(pairs["customer_id"])
        for name, table in tables.items():
            if name != "transactions":
                self._engine.register(name, numbered(table, customer_ids))
        rows = [SCHEMA.empty_table()]
        for start in range(0, pairs.num_rows, _PAIRS_AT_A_TIME):
            some = pairs.slice(start, _PAIRS_AT_A_TIME)
            answers = self._questions.answering.answers(self._engine, laid_out, some)
            rows.append(self._put_together(answers, customer_ids))
        return pa.concat_tables(rows)

    def _put_together(self, answers: Answers, customer_ids: pa.Array) -> pa.Table:
        self._engine.register(_PAIRS, numbered(answers.pairs.select(["pair", *KEYS]), customer_ids))
        self._engine.register(_ANSWERED, answers.pairs)
        self._engine.register(_MONTHS, answers.months)
        told = [self._engine.sql(sql).to_arrow_table() for sql in self._questions.sql]
        columns = {name: column for table in told for name, column in _by_pair(table, answers.pairs.num_rows).items()}
        moments = answers.pairs["as_of"]
        # Not the wall clock: the same input gives the same bytes.
        keys = {"customer_id": answers.pairs["customer_id"], "event_timestamp": moments, "created_timestamp": moments}
        named = {
            feature.name: columns[feature.name]
            if feature.default is None
            else pc.fill_null(columns[feature.name], feature.default)
            for feature in FEATURES
        }
        return pa.table(keys | named).cast(SCHEMA)


@contextmanager
def bucket_computer(time_zone: str, threads: int | None = None) -> Iterator[BucketComputer]:
    """A computer on an engine of its own, closed at the end of the block; `threads` of it (None: all cores).

    `time_zone` is the bank's, in which a weekend or a night is one.
    """
    with duckdb.connect() as engine:
        if threads is not None:
            engine.execute(f"SET threads = {threads:d}")
        yield BucketComputer(engine, time_zone)


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked of transactions; by table the columns that are read; the SQL of every grain's features.

    Each gives `pair` and features of pairs that it tells of. Many small queries and not one: DuckDB takes longer to
    plan a join of fifteen wide tables than to run it.
    """

    answering: Answering
    columns: Mapping[str, frozenset[str]]
    sql: tuple[str, ...]


@cache
def _questions(time_zone: str) -> _Questions:
    answering = Answering(time_zone)
    plans = (answering.plan, answering.day_plan)
    numbers = dict.fromkeys((*answering.plan.columns, *answering.day_plan.columns), "int64")
    answered = ibis.table({"pair": "int64", **numbers}, name=_ANSWERED)
    numbered_pairs = ibis.table({"pair": "int64", "customer_id": "int32", "as_of": _MOMENT}, name=_PAIRS)
    months = ibis.table(dict.fromkeys(("pair", *answering.month_columns), "int64"), name=_MONTHS)
    told = [
        answered.select("pair", **{name: value for plan in plans for name, value in plan.answers(answered).items()}),
        answers_of("month", months, by=("pair",)),
    ]
    pairs, tables = numbered_pairs.select(*KEYS), {name: _numbered_table(name) for name in READ_TABLES}
    for grain, source in SOURCES.items():
        if source.rows is not None:
            answers = answers_of(grain, source.rows(pairs, tables))
            told.append(numbered_pairs.inner_join(answers, list(KEYS)))
    columns = {name: set[str]() for name in READ_TABLES}
    for field in {field for table in told for field in table.op().find(ops.Field)}:
        # In a join a table stands behind a reference to it.
        table = field.rel.parent if isinstance(field.rel, ops.Reference) else field.rel
        if isinstance(table, ops.UnboundTable) and table.name in columns:
            columns[table.name].add(field.name)
    columns["transactions"] |= answering.columns
    as_numbers = [
        table.select("pair", **{name: table[name].cast("float64") for name in table.columns if name in FEATURE_NAMES})
        for table in told
    ]
    read = {name: frozenset(wanted) for name, wanted in columns.items()}
    return _Questions(answering, read, tuple(map(sql_of, as_numbers)))


def _numbered_table(name: str) -> "Table":
    """A contract table whose customers are numbers."""
    return ibis.table({**contract_table(name).schema(), "customer_id": "int32"}, name=name)


def _by_pair(told: pa.Table, pair_count: int) -> dict[str, pa.Array]:
    """The columns of answers (n_pairs,), None for pairs of which nothing was told."""
    pair = told["pair"].to_numpy()
    columns = {}
    for name in told.column_names:
        if name != "pair":
            values, is_missing = np.zeros(pair_count), np.ones(pair_count, dtype=np.bool_)
            values[pair] = pc.fill_null(told[name], 0.0).to_numpy()
            is_missing[pair] = told[name].is_null().to_numpy()
            columns[name] = pa.array(values, mask=is_missing)
    return columns
