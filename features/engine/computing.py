"""The feature rows of one bucket after the other: transactions walked, all else left to DuckDB."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.buckets import Bucket
from features.catalogue import FEATURE_NAMES, FEATURES
from features.engine.questions import ANSWERED, PAIRS, questions_of
from features.engine.reading import by_customer
from features.engine.room import Room
from features.engine.tables import numbered, read_table
from features.grains import KEYS
from features.rows import schema_of
from linewise.bank.dictionary import load_dictionary

__all__ = ["PAIRS_AT_A_TIME", "BucketComputer", "bucket_computer"]

PAIRS_AT_A_TIME = 40_000
"""Answered together. A reduction of a pair takes eight bytes, and a pair has some hundreds of them."""

_DEFAULTS = {feature.name: feature.default for feature in FEATURES}
_NO_TRANSACTIONS = load_dictionary()["transactions"].arrow_schema.empty_table


class BucketComputer:
    """Computes features of one bucket of customers after the other, on an engine of its own.

    The rows are those of `features.compute.wide_table` over the same tables; a test holds them equal to the bit.
    `names` are the features that are wanted: what the others alone would need is neither read nor computed. One
    thread may use a computer at a time, and `hands` walk at once.
    """

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        time_zone: str,
        names: Sequence[str] = FEATURE_NAMES,
        hands: int = 1,
    ) -> None:
        self._engine, self._questions = engine, questions_of(time_zone, frozenset(names))
        self._schema = schema_of(names)
        self._room = Room(self._questions.answering.asked_count * PAIRS_AT_A_TIME, hands)

    def rows_of(
        self, asked: Sequence[tuple[Bucket, pa.Table]], currency: str, rates: pa.Table
    ) -> Iterator[tuple[Bucket, pa.Table]]:
        """Each bucket with the rows (schema_of) of its pairs (PAIRS_SCHEMA), in order, as a rule by date.

        Money of another than the bank's currency counts by the rates (RATES_SCHEMA). Some buckets at once share the
        time that DuckDB takes to plan its queries; a bucket's rows are told before the next one's are computed where
        its pairs are many.
        """

        def read(name: str, buckets: Iterable[Bucket]) -> pa.Table:
            # Buckets of one part share its files.
            files = list(dict.fromkeys(path for bucket in buckets for path in bucket.files[name]))
            return read_table(name, files, self._questions.columns[name], currency, rates)

        small = {name: read(name, (bucket for bucket, _ in asked)) for name in self._small}
        walked = "transactions" in self._questions.columns
        transactions = [
            (partial(read, "transactions", [bucket]) if walked else _NO_TRANSACTIONS, pairs) for bucket, pairs in asked
        ]
        parts = self._rows(transactions, small, pa.concat_tables([pairs for _, pairs in asked])["customer_id"])
        told = self._schema.empty_table()
        for bucket, pairs in asked:
            while told.num_rows < pairs.num_rows:
                told = pa.concat_tables([told, next(parts)])
            yield bucket, told.slice(0, pairs.num_rows)
            told = told.slice(pairs.num_rows)

    def rows(self, tables: Mapping[str, pa.Table], pairs: pa.Table) -> pa.Table:
        """The rows of the pairs from the contract tables (READ_TABLES), whose money is in the bank's currency."""
        small = {name: tables[name] for name in self._small}
        parts = self._rows([(lambda: tables["transactions"], pairs)], small, pairs["customer_id"])
        return pa.concat_tables([self._schema.empty_table(), *parts])

    @property
    def _small(self) -> list[str]:
        return [name for name in self._questions.columns if name != "transactions"]

    def _rows(
        self,
        transactions: Iterable[tuple[Callable[[], pa.Table], pa.Table]],
        small: Mapping[str, pa.Table],
        customers: pa.ChunkedArray,
    ) -> Iterator[pa.Table]:
        """The rows of pairs, given with how to read the transactions of their customers, in the same order."""
        customer_ids = pc.unique(customers)
        tables = numbered(small, customer_ids)
        for name, table in tables.items():
            self._engine.register(name, table)
        answering = self._questions.answering
        lot = answering.lay_out_small(self._engine, tables, len(customer_ids))
        waiting = list[pa.Table]()
        for read, wanted in transactions:
            laid_out = answering.lay_out(self._engine, by_customer(read()))
            for pairs in _portions(wanted):
                if sum(one.num_rows for one in waiting) + pairs.num_rows > PAIRS_AT_A_TIME:
                    yield self._put_together(waiting, customer_ids)
                    waiting = []
                numbers = pc.index_in(pairs["customer_id"], customer_ids).to_numpy()
                waiting.append(answering.answers(self._engine, laid_out, lot, pairs, numbers, self._room))
            # The next bucket is read into the memory of this one, which the kernel need not empty again.
            del laid_out
        yield self._put_together(waiting, customer_ids)

    def _put_together(self, parts: Sequence[pa.Table], customer_ids: pa.Array) -> pa.Table:
        """The rows of walked pairs, whose answers nobody reads any more then."""
        if not parts:
            return self._schema.empty_table()
        answers = pa.concat_tables(parts)
        count = answers.num_rows
        pairs = answers.append_column("pair", [np.arange(count)])
        numbered_pairs = numbered({PAIRS: pairs.select(["pair", *KEYS])}, customer_ids)[PAIRS]
        self._engine.register(PAIRS, numbered_pairs)
        self._engine.register(ANSWERED, pairs)
        arithmetic = self._questions.arithmetic
        told = [] if arithmetic is None else [self._engine.sql(arithmetic).to_arrow_table()]
        # Each answer names its pair; what is asked of transactions has to keep their order.
        self._engine.execute("SET preserve_insertion_order = false")
        try:
            told.extend(self._engine.sql(sql).to_arrow_table() for sql in self._questions.sql)
        finally:
            self._engine.execute("SET preserve_insertion_order = true")
        columns = {name: column for table in told for name, column in _placed(table, count).items()}
        columns |= {
            name: _with_default(name, _as_number(answers[column], filler))
            for name, (column, filler) in self._questions.answering.plain.items()
        }
        # Not the wall clock: the same input gives the same bytes.
        keys = (pairs["customer_id"], pairs["as_of"], pairs["as_of"])
        values = [*keys, *(columns[name] for name in self._schema.names[len(keys) :])]
        self._room.clear()
        return pa.table(values, names=self._schema.names).cast(self._schema)


@contextmanager
def bucket_computer(
    time_zone: str, threads: int | None = None, names: Sequence[str] = FEATURE_NAMES, hands: int = 1
) -> Iterator[BucketComputer]:
    """A computer on an engine of its own, closed at the end of the block; `threads` of it (None: all cores).

    `time_zone` is the bank's, in which a weekend or a night is one; `names` are the features that are wanted, `hands`
    how many walk at once.
    """
    with duckdb.connect() as engine:
        engine.execute("SET enable_progress_bar = false")  # it draws on standard output, which is for machines
        if threads is not None:
            engine.execute(f"SET threads = {threads:d}")
        yield BucketComputer(engine, time_zone, names, hands)


def _portions(pairs: pa.Table) -> Iterator[pa.Table]:
    """The pairs of a bucket, PAIRS_AT_A_TIME at most and earlier dates first; a portion lies as the pairs do.

    So the rows of one portion come after those of another on disk too, and are never sorted.
    """
    if pairs.num_rows <= PAIRS_AT_A_TIME:
        yield pairs
        return
    by_date = np.argsort(pairs["as_of"].cast(pa.int64()).to_numpy(), kind="stable")
    for start in range(0, len(by_date), PAIRS_AT_A_TIME):
        yield pairs.take(pa.array(np.sort(by_date[start : start + PAIRS_AT_A_TIME])))


def _as_number(answers: pa.ChunkedArray, filler: int | None) -> pa.ChunkedArray:
    # As DuckDB casts: the nearest number that there is.
    numbers = answers.cast(pa.float64(), safe=False)
    return numbers if filler is None else pc.fill_null(numbers, float(filler))


def _with_default(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    default = _DEFAULTS[name]
    return column if default is None else pc.fill_null(column, default)


def _placed(told: pa.Table, count: int) -> dict[str, pa.Array]:
    """The features told (n_pairs,), each pair's in its place, with their defaults where nothing was told of a pair."""
    places, columns = told["pair"].to_numpy(), {}
    is_in_place = len(places) == count and bool((np.diff(places) > 0).all())
    for name in told.column_names:
        if name == "pair":
            continue
        if is_in_place:
            columns[name] = _with_default(name, told[name])
            continue
        default = _DEFAULTS[name]
        filler = 0.0 if default is None else default
        values = np.full(count, filler)
        values[places] = pc.fill_null(told[name], filler).to_numpy()
        is_missing = None
        if default is None:
            is_missing = np.ones(count, dtype=np.bool_)
            is_missing[places] = told[name].is_null().to_numpy()
        columns[name] = pa.array(values, mask=is_missing)
    return columns
