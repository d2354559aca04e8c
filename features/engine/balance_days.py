"""What the days of the balances answer, pair by pair: the days are found first, and then walked as rows are."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from features.engine.days import Balances, low_days
from features.engine.plan import AGE, plan_of
from features.engine.reading import CustomerRows
from features.engine.room import Room
from features.engine.walk import DAY_US
from features.engine.walker import Walker, codes_of
from features.feature import Feature
from features.grains import GRAIN_COLUMNS

__all__ = ["BalanceDays", "LaidOutBalances"]


@dataclass(frozen=True, slots=True)
class LaidOutBalances:
    """The balances of a bucket; told_before (n_rows + 1,): how many of them lie before each row."""

    balances: Balances
    told_before: NDArray[np.int64]


class BalanceDays:
    """The questions that features put to the days of the balances; `plan` holds the arithmetic over the answers."""

    needed = frozenset({"account_id", "balance_amt"})

    def __init__(self, features: Sequence[Feature]) -> None:
        days = ibis.table({name: kind for name, (kind, _) in GRAIN_COLUMNS["day"].items()}, name="day_rows")
        self.plan = plan_of({feature.name: feature.expression(days) for feature in features}, "d")
        self._walker = Walker(days, ("is_last_day",), self.plan.asked)

    def lay_out(self, rows: CustomerRows, is_told: NDArray[np.bool_]) -> LaidOutBalances:
        """The balances among the rows of a bucket; is_told (n_rows,): which of them tell the balance of a day."""
        account, _ = codes_of(rows.table["account_id"])
        told = np.flatnonzero(is_told)
        balances = Balances(
            rows.posted_us[told],
            rows.recorded_us[told],
            account[told],
            # Whole numbers throughout: with missing ones among them they would come as floats.
            pc.fill_null(rows.table["balance_amt"], 0).to_numpy()[told],
        )
        return LaidOutBalances(balances, np.concatenate(([0], np.cumsum(is_told))))

    def answers(
        self,
        engine: DuckDBPyConnection,
        laid_out: LaidOutBalances,
        runs: tuple[NDArray[np.int64], NDArray[np.int64]],
        as_of_us: NDArray[np.int64],
        place: NDArray[np.int64],
        room: Room,
    ) -> NDArray[np.int64]:
        """The answers (n_asked, n_pairs), each pair's in its place, in the room.

        runs: the first row of each pair's customer and the one after the last, (n_pairs,) each.
        """
        first, end = (laid_out.told_before[edge] for edge in runs)
        days = low_days(laid_out.balances, first, end, as_of_us)
        table = pa.table({AGE: days.age_days, "low_balance_amt": days.low_amt, "is_last_day": days.is_last})
        known_us = np.repeat(as_of_us, days.end - days.first) - days.age_days * DAY_US
        ready = self._walker.lay_out(engine, table, known_us, known_us)
        return ready.answers(days.first, days.end, as_of_us, place, room)
