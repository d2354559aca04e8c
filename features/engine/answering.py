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

from features.catalogue import FEATURES
from features.engine.days import Balances, low_days
from features.engine.plan import AGE, Asked, Window, asked, plan_of
from features.engine.reading import CustomerRows
from features.engine.walk import DAY_US, NONE
from features.engine.walker import LaidOut, Walker, codes_of
from features.feature import Grain
from features.grains import GRAIN_COLUMNS, KEYS
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
    """rows as read, as they are walked, and their balances; told_before (n_rows + 1,): balances before each row."""

    rows: CustomerRows
    laid_out: LaidOut
    balances: Balances
    told_before: NDArray[np.int64]


class Answering:
    """The questions that the features put to transactions, ready to be asked of one bucket after the other.

    `plan` and `day_plan` hold the arithmetic over the reductions of `Answers.pairs`. Raises ValueError where a
    feature at one of these grains is not such arithmetic (features.engine.plan).
    """

    def __init__(self, time_zone: str) -> None:
        base = contract_table("transactions").select(*BASE_COLUMNS)
        base = ibis.table(base.schema(), name="transaction_rows")
        rows = with_notions(base, time_zone).mutate(**{AGE: ibis.literal(0, "int64")})
        self.plan = plan_of(_expressions("transaction", rows), "r")
        self._months = {name: asked(measure) for name, measure in month_measures(rows).items()}
        months = [Window(place * DAYS_A_MONTH, (place + 1) * DAYS_A_MONTH) for place in range(MONTHS_KEPT)]
        month_asked = [Asked(one.measure, window) for one in self._months.values() for window in months]
        first_asked = asked(first_age_days(rows))
        wanted = [*self.plan.asked, *month_asked, first_asked]
        self._walker = Walker(base, _FEW, wanted, beside=[has_balance(rows).op()])
        days = ibis.table({name: kind for name, (kind, _) in GRAIN_COLUMNS["day"].items()}, name="day_rows")
        self.day_plan = plan_of(_expressions("day", days), "d")
        self._day_walker = Walker(days, ("is_last_day",), self.day_plan.asked)
        self.columns = self._walker.needed | {"account_id", "balance_amt", "currency"}
        self.month_columns = ("month", *self._months)

    def lay_out(self, engine: DuckDBPyConnection, rows: CustomerRows) -> LaidOutBucket:
        """The rows of a bucket, which hold `columns`, ready for any pairs of its customers."""
        laid_out = self._walker.lay_out(engine, rows.table, rows.posted_us, rows.recorded_us)
        is_told = laid_out.beside[:, 0]
        account, _ = codes_of(rows.table["account_id"])
        balances = Balances(
            rows.posted_us[is_told],
            rows.recorded_us[is_told],
            account[is_told],
            rows.table["balance_amt"].to_numpy()[is_told].astype(np.int64),
        )
        return LaidOutBucket(rows, laid_out, balances, np.concatenate(([0], np.cumsum(is_told))))

    def answers(self, engine: DuckDBPyConnection, bucket: LaidOutBucket, pairs: pa.Table) -> Answers:
        """The answers for pairs (customer_id, as_of) of customers of the bucket, in their order."""
        first, end = bucket.rows.runs(pairs["customer_id"])
        as_of_us = pairs["as_of"].cast(pa.int64()).to_numpy()
        found = bucket.laid_out.answers(first, end, as_of_us)
        reductions, months, first_age = np.split(found, [len(self.plan.asked), len(found) - 1])
        days = self._of_days(engine, bucket, first, end, as_of_us)
        columns = dict(zip(self.plan.columns, reductions, strict=True)) | dict(
            zip(self.day_plan.columns, days, strict=True)
        )
        table = pa.table(
            {
                **{name: pairs[name] for name in KEYS},
                **{name: pa.array(column, mask=column == NONE) for name, column in columns.items()},
            }
        )
        return Answers(table, self._month_rows(months, first_age[0]))

    def _of_days(
        self,
        engine: DuckDBPyConnection,
        bucket: LaidOutBucket,
        first: NDArray[np.int64],
        end: NDArray[np.int64],
        as_of_us: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        days = low_days(bucket.balances, bucket.told_before[first], bucket.told_before[end], as_of_us)
        table = pa.table({AGE: days.age_days, "low_balance_amt": days.low_amt, "is_last_day": days.is_last})
        known_us = np.repeat(as_of_us, days.end - days.first) - days.age_days * DAY_US
        return self._day_walker.lay_out(engine, table, known_us, known_us).answers(days.first, days.end, as_of_us)

    def _month_rows(self, months: NDArray[np.int64], first_age_days: NDArray[np.int64]) -> pa.Table:
        """A row a pair and month from the first known transaction on; a month without rows holds zeros."""
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


def _expressions(grain: Grain, rows: "Table") -> "Mapping[str, Value]":
    return {feature.name: feature.expression(rows) for feature in FEATURES if feature.grain == grain}
