"""What the rows of a bucket answer, pair by pair: a walk over its transactions, and one over each small table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from features.engine.balance_days import BalanceDays, LaidOutBalances
from features.engine.months import Months
from features.engine.plan import AGE, asked, plan_of
from features.engine.reading import CustomerRows, Runs
from features.engine.room import Room
from features.engine.versions import LaidOutVersions, Versions
from features.engine.walk import NONE
from features.engine.walker import LaidOut, Walker
from features.feature import Feature
from features.grains import KEYS, SOURCES, Tables
from features.grains.sources import contract_table
from features.grains.transactions import BASE_COLUMNS, first_age_days, has_balance
from features.notions import with_notions

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

__all__ = ["Answering", "LaidOutBucket"]

# Columns of a transaction that take few values, a few hundred at most.
_FEW = ("direction", "kind", "category", "mcc", "channel", "country", "currency", "original_currency", "is_declined")


@dataclass(frozen=True, slots=True)
class LaidOutBucket:
    """Where each customer's rows lie, the rows as they are walked, and the balances among them."""

    runs: Runs
    laid_out: LaidOut
    balances: LaidOutBalances | None


class Answering:
    """The questions that features put to rows, ready to be asked of one bucket after the other.

    `tables` are the contract tables, whose customers are numbers; `versions` are those that are asked for of them.
    `needed` are the columns of transactions that are read, none where nothing is asked of them.
    `columns` are those of the reductions with their types, `arithmetic` gives the features that are made of them, and
    `plain` those that are one of them (features.engine.plan.Plan).
    Raises ValueError where a feature at another grain than a line, an instalment or the customer is not such arithmetic
    (features.engine.plan).
    """

    def __init__(self, time_zone: str, tables: Tables, features: Sequence[Feature]) -> None:
        base = contract_table("transactions").select(*BASE_COLUMNS)
        base = ibis.table(base.schema(), name="transaction_rows")
        rows = with_notions(base, time_zone).mutate(**{AGE: ibis.literal(0, "int64")})
        of_grain = {grain: [feature for feature in features if feature.grain == grain] for grain in SOURCES}
        self._plan = plan_of(
            {feature.name: feature.expression(rows) for feature in features if feature.grain == "transaction"}, "r"
        )
        self._months = Months(of_grain["month"], rows) if of_grain["month"] else None
        first_age = [asked(first_age_days(rows))] if self._months else []
        wanted = [*self._plan.asked, *(self._months.needed if self._months else []), *first_age]
        self._days = BalanceDays(of_grain["day"]) if of_grain["day"] else None
        self._walker = Walker(base, _FEW, wanted, beside=[has_balance(rows).op()] if self._days else [])
        read = self._walker.needed | {"posted_at", "recorded_at"} | (self._days.needed if self._days else set())
        self.needed = read if wanted or self._days else frozenset[str]()
        self._small = [
            Versions(grain, source.versions(tables), of_grain[grain])
            for grain, source in SOURCES.items()
            if source.versions is not None and of_grain[grain]
        ]
        self.versions = [small.versions for small in self._small]
        self._plans = [self._plan, *(part.plan for part in (self._days, self._months, *self._small) if part)]
        self.plain = {name: told for plan in self._plans for name, told in plan.plain.items()}
        self.columns = {name: kind for plan in self._plans for name, kind in plan.kinds.items()}

    @property
    def asked_count(self) -> int:
        """How many answers a pair has."""
        return self._walker.asked_count + sum(len(plan.asked) for plan in self._plans[1:])

    def arithmetic(self, answered: "Table") -> "Mapping[str, Value]":
        """The features by name, over a table with `columns`."""
        return {name: value for plan in self._plans for name, value in plan.answers(answered).items()}

    def lay_out(self, engine: DuckDBPyConnection, rows: CustomerRows) -> LaidOutBucket:
        """The rows of a bucket, which hold the columns that are `needed`, ready for any pairs of its customers."""
        laid_out = self._walker.lay_out(engine, rows.table, rows.posted_us, rows.recorded_us)
        balances = self._days.lay_out(rows, laid_out.beside[:, 0]) if self._days else None
        return LaidOutBucket(rows.runs, laid_out, balances)

    def lay_out_small(
        self, engine: DuckDBPyConnection, tables: Mapping[str, pa.Table], customer_count: int
    ) -> list[LaidOutVersions]:
        """The versions of a lot with these small contract tables, which the engine knows, its customers numbers."""
        return [small.lay_out(engine, tables, customer_count) for small in self._small]

    def answers(
        self,
        engine: DuckDBPyConnection,
        bucket: LaidOutBucket,
        lot: Sequence[LaidOutVersions],
        pairs: pa.Table,
        customers: NDArray[np.int64],
        room: Room,
    ) -> pa.Table:
        """The KEYS and `columns` of pairs (customer_id, as_of) of customers of the bucket, by date.

        customers (n_pairs,) are their numbers in the lot. The answers lie in the room.
        """
        first, end = bucket.runs.of(pairs["customer_id"])
        as_of_us = pairs["as_of"].cast(pa.int64()).to_numpy()
        # As their rows will lie on disk: customers are walked one after the other, and no column is sorted later.
        by_date = np.argsort(as_of_us, kind="stable")
        place = np.empty(len(by_date), dtype=np.int64)
        place[by_date] = np.arange(len(by_date))
        found = bucket.laid_out.answers(first, end, as_of_us, place, room)
        reductions, others = np.split(found, [len(self._plan.asked)])
        columns: dict[str, NDArray[np.int64]] = dict(zip(self._plan.columns, reductions, strict=True))
        if self._days and bucket.balances:
            of_days = self._days.answers(engine, bucket.balances, (first, end), as_of_us, place, room)
            columns |= dict(zip(self._days.plan.columns, of_days, strict=True))
        if self._months:
            of_months = self._months.answers(others[:-1], others[-1], room)
            columns |= dict(zip(self._months.plan.columns, of_months, strict=True))
        for small, versions in zip(self._small, lot, strict=True):
            of_small = small.answers(versions, customers, as_of_us, place, room)
            columns |= dict(zip(small.plan.columns, of_small, strict=True))
        keys = pairs.select(KEYS).take(pa.array(by_date)).combine_chunks()
        return pa.table(
            {
                **{name: keys[name] for name in KEYS},
                **{name: _told(columns[name], self.columns[name]) for name in self.columns},
            }
        )


def _told(answers: NDArray[np.int64], kind: str) -> pa.Array:
    """The answers, of float64 bit for bit where they are of that kind."""
    return pa.array(answers.view(kind), mask=answers == NONE)
