"""The feature rows of one bucket after the other: transactions walked, all else left to DuckDB."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from numpy.typing import NDArray

from features.buckets import READ_TABLES, Bucket
from features.catalogue import FEATURE_NAMES, FEATURES
from features.compute import answers_of
from features.engine.answering import Answering, Answers, together
from features.engine.duckdb_sql import sql_of
from features.engine.reading import by_customer
from features.engine.tables import numbered, read_table
from features.grains import KEYS, SOURCES
from features.grains.sources import contract_table
from features.rows import SCHEMA

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["PAIRS_AT_A_TIME", "BucketComputer", "bucket_computer"]

PAIRS_AT_A_TIME = 120_000
"""Of one planning by DuckDB. A reduction of a pair takes eight bytes, and a pair has some hundreds of them."""

_PAIRS, _ANSWERED, _MONTHS = "numbered_pairs", "answered_pairs", "answered_months"
_MOMENT = "timestamp('UTC', 6)"
_DEFAULTS = {feature.name: feature.default for feature in FEATURES}


class BucketComputer:
    """Computes the feature rows of one bucket of customers after the other, on an engine of its own.

    The rows are those of `features.compute.wide_table` over the same tables; a test holds them equal to the bit.
    One thread may use a computer at a time.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, time_zone: str) -> None:
        self._engine, self._questions = engine, _questions(time_zone)

    def rows_of(self, asked: Sequence[tuple[Bucket, pa.Table]], currency: str, rates: pa.Table) -> list[pa.Table]:
        """For each bucket and pairs (PAIRS_SCHEMA) of its customers the rows of SCHEMA, as a rule by date.

        Money of another than the bank's currency counts by the rates (RATES_SCHEMA). Some buckets at once share the
        time that DuckDB takes to plan its queries.
        """

        def read(name: str, buckets: Iterable[Bucket]) -> pa.Table:
            # Buckets of one part share its files.
            files = list(dict.fromkeys(path for bucket in buckets for path in bucket.files[name]))
            return read_table(name, files, self._questions.columns[name], currency, rates)

        small = {name: read(name, (bucket for bucket, _ in asked)) for name in READ_TABLES if name != "transactions"}
        transactions = ((read("transactions", [bucket]), pairs) for bucket, pairs in asked)
        rows = self._rows(transactions, small, pa.concat_tables([pairs for _, pairs in asked])["customer_id"])
        ends = np.cumsum([pairs.num_rows for _, pairs in asked])
        return [rows.slice(end - pairs.num_rows, pairs.num_rows) for end, (_, pairs) in zip(ends, asked, strict=True)]

    def rows(self, tables: Mapping[str, pa.Table], pairs: pa.Table) -> pa.Table:
        """The rows of the pairs from the contract tables (READ_TABLES), whose money is in the bank's currency."""
        small = {name: table for name, table in tables.items() if name != "transactions"}
        return self._rows([(tables["transactions"], pairs)], small, pairs["customer_id"])

    def _rows(
        self,
        transactions: Iterable[tuple[pa.Table, pa.Table]],
        small: Mapping[str, pa.Table],
        customers: pa.ChunkedArray,
    ) -> pa.Table:
        """The rows of pairs, given with the transactions of their customers some at a time."""
        customer_ids = pc.unique(customers)
        for name, table in small.items():
            self._engine.register(name, numbered(table, customer_ids))
        rows, waiting = [SCHEMA.empty_table()], list[Answers]()
        for answers in self._walked(transactions):
            if sum(one.pairs.num_rows for one in waiting) + answers.pairs.num_rows > PAIRS_AT_A_TIME:
                rows.append(self._put_together(waiting, customer_ids))
                waiting = []
            waiting.append(answers)
        rows.append(self._put_together(waiting, customer_ids))
        return pa.concat_tables(rows)

    def _walked(self, transactions: Iterable[tuple[pa.Table, pa.Table]]) -> Iterator[Answers]:
        answering = self._questions.answering
        for table, pairs in transactions:
            laid_out = answering.lay_out(self._engine, by_customer(table))
            for start in range(0, pairs.num_rows, PAIRS_AT_A_TIME):
                yield answering.answers(self._engine, laid_out, pairs.slice(start, PAIRS_AT_A_TIME))

    def _put_together(self, parts: Sequence[Answers], customer_ids: pa.Array) -> pa.Table:
        if not parts:
            return SCHEMA.empty_table()
        answers = together(parts)
        count = answers.pairs.num_rows
        pairs = answers.pairs.append_column("pair", [np.arange(count)])
        self._engine.register(_PAIRS, numbered(pairs.select(["pair", *KEYS]), customer_ids))
        self._engine.register(_ANSWERED, pairs)
        self._engine.register(_MONTHS, answers.months)
        # Each answer names its pair; what is asked of transactions has to keep their order.
        self._engine.execute("SET preserve_insertion_order = false")
        try:
            told = [self._engine.sql(sql).to_arrow_table() for sql in self._questions.sql]
        finally:
            self._engine.execute("SET preserve_insertion_order = true")
        by_date = _by_date(parts)
        place_of = np.empty(count, dtype=np.int64)
        place_of[by_date] = np.arange(count)
        columns = {name: column for table in told for name, column in _placed(table, place_of).items()}
        asked = answers.pairs.select(KEYS).take(by_date)
        # Not the wall clock: the same input gives the same bytes.
        keys = dict(zip(SCHEMA.names, (asked["customer_id"], asked["as_of"], asked["as_of"]), strict=False))
        return pa.table(keys | {name: columns[name] for name in FEATURE_NAMES}).cast(SCHEMA)


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


def _by_date(parts: Sequence[Answers]) -> NDArray[np.int64]:
    """The pairs of each part by date, as their rows will lie on disk: sorted now, no column has to be sorted later."""
    starts = np.cumsum([0, *(part.pairs.num_rows for part in parts)])
    dates = [part.pairs["as_of"].cast(pa.int64()).to_numpy() for part in parts]
    orders = [start + np.argsort(date, kind="stable") for start, date in zip(starts, dates, strict=False)]
    return np.concatenate(orders)


def _placed(told: pa.Table, place_of: NDArray[np.int64]) -> dict[str, pa.Array]:
    """The features told (n_pairs,), each pair's in its place, with their defaults where nothing was told of a pair."""
    places, columns = place_of[told["pair"].to_numpy()], {}
    for name in told.column_names:
        if name == "pair":
            continue
        default = _DEFAULTS[name]
        filler = 0.0 if default is None else default
        values = np.full(len(place_of), filler)
        values[places] = pc.fill_null(told[name], filler).to_numpy()
        is_missing = None
        if default is None:
            is_missing = np.ones(len(place_of), dtype=np.bool_)
            is_missing[places] = told[name].is_null().to_numpy()
        columns[name] = pa.array(values, mask=is_missing)
    return columns
