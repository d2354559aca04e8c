"""The feature rows of one bucket after the other: transactions walked, all else left to DuckDB, put together there."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
import ibis
import pyarrow as pa

from features.buckets import READ_TABLES, Bucket
from features.compute import answers_of, finished, joined
from features.engine.answering import Answering, Answers
from features.engine.classes import sql_of
from features.engine.reading import by_customer, read_transactions
from features.grains import KEYS, SOURCES
from features.grains.sources import contract_table
from features.rows import SCHEMA
from linewise.bank.database import literal
from linewise.bank.rates import in_home_currency

__all__ = ["BucketComputer", "bucket_computer"]

# A reduction of a pair takes eight bytes, and a pair has some hundreds of them.
_PAIRS_AT_A_TIME = 40_000

_ANSWERED, _MONTHS = "answered_pairs", "answered_months"
_MONEY = ("billing_amt", "balance_amt")


class BucketComputer:
    """Computes the feature rows of one bucket of customers after the other, on an engine of its own.

    The rows are those of `features.compute.wide_table` over the same tables; a test holds them equal to the bit.
    One thread may use a computer at a time.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, time_zone: str) -> None:
        self._engine = engine
        self._answering, self._sql = _questions(time_zone)

    def rows_of(self, bucket: Bucket, pairs: pa.Table, currency: str, rates: pa.Table) -> pa.Table:
        """One row of SCHEMA per pair (PAIRS_SCHEMA), in no particular order; the pairs' customers are the bucket's.

        Money of another than the bank's currency counts by the rates (RATES_SCHEMA).
        """
        for name, files in bucket.files.items():
            if name != "transactions":
                paths = ", ".join(literal(str(path)) for path in files)
                view = f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{paths}])"  # noqa: S608  quoted
                self._engine.execute(view)
        read = read_transactions(bucket.files["transactions"], self._answering.columns)
        money = [name for name in _MONEY if name in read.column_names]
        return self.rows(in_home_currency(read, rates, currency, money), pairs)

    def rows(self, transactions: pa.Table, pairs: pa.Table) -> pa.Table:
        """The rows of the pairs from these transactions, in the bank's currency, and the tables the engine knows."""
        laid_out = self._answering.lay_out(self._engine, by_customer(transactions))
        rows = [SCHEMA.empty_table()]
        for start in range(0, pairs.num_rows, _PAIRS_AT_A_TIME):
            some = pairs.slice(start, _PAIRS_AT_A_TIME)
            rows.append(self._put_together(self._answering.answers(self._engine, laid_out, some)))
        return pa.concat_tables(rows)

    def _put_together(self, answers: Answers) -> pa.Table:
        self._engine.register(_ANSWERED, answers.pairs)
        self._engine.register(_MONTHS, answers.months)
        return self._engine.sql(self._sql).to_arrow_table().cast(SCHEMA)


@contextmanager
def bucket_computer(time_zone: str, threads: int | None = None) -> Iterator[BucketComputer]:
    """A computer on an engine of its own, closed at the end of the block; `threads` of it (None: all cores).

    `time_zone` is the bank's, in which a weekend or a night is one.
    """
    with duckdb.connect() as engine:
        if threads is not None:
            engine.execute(f"SET threads = {threads:d}")
        yield BucketComputer(engine, time_zone)


@cache
def _questions(time_zone: str) -> tuple[Answering, str]:
    """What is asked of transactions, and the SQL that makes feature rows of the answers and the other tables."""
    answering = Answering(time_zone)
    plans = (answering.plan, answering.day_plan)
    numbers = dict.fromkeys((*answering.plan.columns, *answering.day_plan.columns), "int64")
    keys = {"pair": "int64", "customer_id": "string", "as_of": "timestamp('UTC', 6)"}
    answered = ibis.table(keys | numbers, name=_ANSWERED)
    months = ibis.table(dict.fromkeys(("pair", *answering.month_columns), "int64"), name=_MONTHS)
    wide = answered.select(*keys, **{name: value for plan in plans for name, value in plan.answers(answered).items()})
    wide = joined(wide, answers_of("month", months, by=("pair",)), by=("pair",))
    pairs, tables = answered.select(*KEYS), {name: contract_table(name) for name in READ_TABLES}
    for grain, source in SOURCES.items():
        if source.rows is not None:
            wide = joined(wide, answers_of(grain, source.rows(pairs, tables)))
    return answering, sql_of(finished(wide))
