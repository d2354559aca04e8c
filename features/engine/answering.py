"""What the transactions of a bucket answer, pair by pair: one walk over them, one over the days of the balances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from features.engine.balance_days import BalanceDays, LaidOutBalances
from features.engine.plan import AGE, Asked, Window, asked, plan_of
from features.engine.reading import CustomerRows
from features.engine.room import Room
from features.engine.walk import NONE
from features.engine.walker import LaidOut, Walker
from features.feature import Feature
from features.grains import KEYS
from features.grains.sources import contract_table
from features.grains.transactions import (
    BASE_COLUMNS,
    DAYS_A_MONTH,
    MONTHS_KEPT,
    first_age_days,
    has_balance,
    month_measures,
)
from features.notions import with_notions

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

__all__ = ["Answering", "Answers", "LaidOutBucket", "together"]

# Columns of a transaction that take few values, a few hundred at most.
_FEW = ("direction", "kind", "category", "mcc", "channel", "country", "currency", "original_currency", "is_declined")


@dataclass(frozen=True, slots=True)
class Answers:
    """pairs: customer_id, as_of and the reductions; months: pair (the row of `pairs`), month and its measures."""

    pairs: pa.Table
    months: pa.Table


@dataclass(frozen=True, slots=True)
class LaidOutBucket:
    """rows as read, as they are walked, and the balances among them."""

    rows: CustomerRows
    laid_out: LaidOut
    balances: LaidOutBalances | None


class Answering:
    """The questions that features put to transactions, ready to be asked of one bucket after the other.

    `columns` are those of the reductions in `Answers.pairs`, `arithmetic` gives the features that are made of them.
    Raises ValueError where a feature at the grain of a transaction or a day is not such arithmetic
    (features.engine.plan).
    """

    def __init__(self, time_zone: str, features: Sequence[Feature]) -> None:
        base = contract_table("transactions").select(*BASE_COLUMNS)
        base = ibis.table(base.schema(), name="transaction_rows")
        rows = with_notions(base, time_zone).mutate(**{AGE: ibis.literal(0, "int64")})
        of_grain = {grain: [feature for feature in features if feature.grain == grain] for grain in ("day", "month")}
        self._plan = plan_of(
            {feature.name: feature.expression(rows) for feature in features if feature.grain == "transaction"}, "r"
        )
        self._months = {name: asked(measure) for name, measure in month_measures(rows).items()}
        if not of_grain["month"]:
            self._months = {}
        months = [Window(place * DAYS_A_MONTH, (place + 1) * DAYS_A_MONTH) for place in range(MONTHS_KEPT)]
        month_asked = [Asked(one.measure, window) for one in self._months.values() for window in months]
        wanted = [*self._plan.asked, *month_asked, asked(first_age_days(rows))]
        self._days = BalanceDays(of_grain["day"]) if of_grain["day"] else None
        self._walker = Walker(base, _FEW, wanted, beside=[has_balance(rows).op()] if self._days else [])
        self.needed = self._walker.needed | {"posted_at", "recorded_at"} | (self._days.needed if self._days else set())
        self.columns = self._plan.columns + (self._days.plan.columns if self._days else ())
        self.month_columns = ("month", *self._months)

    @property
    def asked_count(self) -> int:
        """How many answers a pair has."""
        return self._walker.asked_count + (self._days.asked_count if self._days else 0)

    def arithmetic(self, answered: "Table") -> "Mapping[str, Value]":
        """The features by name, over a table with `columns` as int64."""
        of_days = self._days.plan.answers(answered) if self._days else {}
        return self._plan.answers(answered) | of_days

    def lay_out(self, engine: DuckDBPyConnection, rows: CustomerRows) -> LaidOutBucket:
        """The rows of a bucket, which hold the columns that are `needed`, ready for any pairs of its customers."""
        laid_out = self._walker.lay_out(engine, rows.table, rows.posted_us, rows.recorded_us)
        balances = self._days.lay_out(rows, laid_out.beside[:, 0]) if self._days else None
        return LaidOutBucket(rows, laid_out, balances)

    def answers(self, engine: DuckDBPyConnection, bucket: LaidOutBucket, pairs: pa.Table, room: Room) -> Answers:
        """The answers for pairs (customer_id, as_of) of customers of the bucket, by date; they lie in the room."""
        first, end = bucket.rows.runs(pairs["customer_id"])
        as_of_us = pairs["as_of"].cast(pa.int64()).to_numpy()
        # As their rows will lie on disk: customers are walked one after the other, and no column is sorted later.
        by_date = np.argsort(as_of_us, kind="stable")
        place = np.empty(len(by_date), dtype=np.int64)
        place[by_date] = np.arange(len(by_date))
        found = bucket.laid_out.answers(first, end, as_of_us, place, room)
        reductions, months, first_age = np.split(found, [len(self._plan.asked), len(found) - 1])
        columns = dict(zip(self._plan.columns, reductions, strict=True))
        if self._days and bucket.balances:
            of_days = self._days.answers(engine, bucket.balances, (first, end), as_of_us, place, room)
            columns |= dict(zip(self._days.plan.columns, of_days, strict=True))
        keys = pairs.select(KEYS).take(pa.array(by_date)).combine_chunks()
        told = {name: pa.array(column, mask=column == NONE) for name, column in columns.items()}
        table = pa.table({**{name: keys[name] for name in KEYS}, **told})
        return Answers(table, self._month_rows(months, first_age[0]))

    def _month_rows(self, months: NDArray[np.int64], first_age_days: NDArray[np.int64]) -> pa.Table:
        """A row a pair and month from the first known transaction on; a month without rows holds zeros."""
        if not self._months:
            return pa.table({"pair": pa.array([], pa.int64()), "month": pa.array([], pa.int64())})
        ages = np.where(first_age_days == NONE, -1, first_age_days)
        is_known = np.arange(MONTHS_KEPT) * DAYS_A_MONTH <= ages[:, np.newaxis]
        pair, month = np.nonzero(is_known)
        totals = np.where(months == NONE, 0, months).reshape(len(self._months), MONTHS_KEPT, -1)
        return pa.table(
            {
                "pair": pair,
                "month": month,
                **{name: total.T.copy()[is_known] for name, total in zip(self._months, totals, strict=True)},
            }
        )


def together(parts: Sequence[Answers]) -> Answers:
    """The answers of several walks as those of one."""
    starts = np.cumsum([0, *(part.pairs.num_rows for part in parts)])
    months = [
        part.months.set_column(0, "pair", pc.add(part.months["pair"], int(start)))
        for part, start in zip(parts, starts, strict=False)
    ]
    return Answers(pa.concat_tables([part.pairs for part in parts]), pa.concat_tables(months))
