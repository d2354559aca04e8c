"""What the rows of a small table answer, pair by pair: its versions are made once a lot, then walked as rows are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection
from ibis.expr import datatypes as dt
from ibis.expr import operations as ops
from numpy.typing import NDArray

from features.engine.duckdb_sql import sql_of
from features.engine.plan import AGE, plan_of
from features.engine.room import Room
from features.engine.walker import LaidOut, Walker
from features.feature import Feature, Grain
from features.grains.versions import VERSION_COLUMNS

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["LaidOutVersions", "Versions"]

_MOMENTS = ("event_at", "known_from", "known_until")


@dataclass(frozen=True, slots=True)
class LaidOutVersions:
    """The versions as they are walked; first_row (n_customers + 1,): where the run of each customer begins."""

    laid_out: LaidOut
    first_row: NDArray[np.int64]


class Versions:
    """The questions that features put to the versions of a grain; `plan` holds the arithmetic over the answers.

    `whole` are the versions (features.grains.versions) of customers that are numbers, `versions` what is read of them.
    """

    def __init__(self, grain: Grain, whole: "Table", features: Sequence[Feature]) -> None:
        kinds = {name: whole[name].type() for name in whole.columns if name not in VERSION_COLUMNS}
        base = ibis.table(kinds, name=f"{grain}_versions")
        rows = base.mutate(**{AGE: ibis.literal(0, "int64")})
        self.plan = plan_of({feature.name: feature.expression(rows) for feature in features}, f"{grain}_")
        few = [name for name, kind in kinds.items() if isinstance(kind, dt.String | dt.Boolean)]
        self._walker = Walker(base, few, self.plan.asked)
        # Others than the customers of the lot have no number.
        of_lot = whole.filter(whole.customer_id.notnull()).order_by("customer_id", "event_at")
        self.versions = of_lot.select(*VERSION_COLUMNS, *sorted(self._walker.needed))
        self._sql = sql_of(self.versions)
        self._made_of = {table.name for table in self.versions.op().find(ops.UnboundTable)}
        self._none: pa.Table | None = None

    def lay_out(
        self, engine: DuckDBPyConnection, tables: Mapping[str, pa.Table], customer_count: int
    ) -> LaidOutVersions:
        """The versions of a lot with these contract tables, which the engine knows by their names."""
        # Of tables without rows there is no version, and asking takes as long as of a thousand rows.
        if self._none is None or any(tables[name].num_rows for name in self._made_of):
            table = engine.sql(self._sql).to_arrow_table()
            self._none = table.slice(0, 0)
        else:
            table = self._none
        event_us, from_us, until_us = (table[name].cast(pa.int64()) for name in _MOMENTS)
        laid_out = self._walker.lay_out(
            engine,
            table,
            event_us.to_numpy(),
            from_us.to_numpy(),
            until_us.fill_null(np.iinfo(np.int64).max).to_numpy(),
        )
        return LaidOutVersions(
            laid_out, np.searchsorted(table["customer_id"].to_numpy(), np.arange(customer_count + 1))
        )

    def answers(
        self,
        versions: LaidOutVersions,
        customers: NDArray[np.int64],
        as_of_us: NDArray[np.int64],
        place: NDArray[np.int64],
        room: Room,
    ) -> NDArray[np.int64]:
        """The answers (n_asked, n_pairs), each pair's in its place, in the room; customers (n_pairs,) their numbers."""
        first, end = versions.first_row[customers], versions.first_row[customers + 1]
        return versions.laid_out.answers(first, end, as_of_us, place, room)
