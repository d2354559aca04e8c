"""What a grain is, and the one rule by which a row is known at an observation date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from features.feature import Grain
from linewise.bank.dictionary import load_dictionary

if TYPE_CHECKING:
    from ibis.expr.types import NumericValue, Table

__all__ = ["KEYS", "Columns", "Source", "Tables", "age_days", "contract_columns", "contract_table", "known"]

KEYS = ("customer_id", "as_of")
_DAY_US = 86_400_000_000

Tables = Mapping[str, "Table"]
"""Contract tables by name, as Ibis tables of one engine."""

Columns = Mapping[str, tuple[str, tuple[str, ...]]]
"""A column that an expression may name -> its type, and the contract columns behind it as `table.column`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A grain: the columns that expressions may name, and how its rows are made of the contract tables.

    `always` names the contract columns, as `table.column`, that place any of its rows in time and with its
    customer, whichever columns a feature names. `versions` takes the contract tables and gives the rows as they were
    known from one moment up to another (grains.versions); `rows` takes the pairs and the contract tables and gives
    every row once for each pair that knew it, with the KEYS. Neither stands where grains.transactions makes the rows.
    """

    grain: Grain
    columns: Columns
    always: tuple[str, ...]
    rows: "Callable[[Table, Tables], Table] | None" = None
    versions: "Callable[[Tables], Table] | None" = None


def contract_table(table: str) -> "Table":
    """A contract table without rows behind it, to read types and lineage from."""
    schema = ibis.Schema.from_pyarrow(load_dictionary()[table].arrow_schema)
    # Engines do not promise what the contract does, that a column holds no null: the types are those they give.
    return ibis.table({name: kind.copy(nullable=True) for name, kind in schema.items()}, name=table)


def contract_columns(table: str, *names: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Columns of a contract table as they stand."""
    schema = contract_table(table).schema()
    return {name: (str(schema[name]), (f"{table}.{name}",)) for name in names}


def known(pairs: "Table", table: "Table", event_time: str, *columns: str) -> "Table":
    """The KEYS and these columns of every event that had happened and had been recorded at `as_of`.

    This is where nothing may leak: all that has an event time is read through here.
    """
    t = table.select("customer_id", *dict.fromkeys((event_time, "recorded_at", *columns)))
    joined = pairs.inner_join(
        t,
        [pairs.customer_id == t.customer_id, t[event_time] <= pairs.as_of, t.recorded_at <= pairs.as_of],
    )
    return joined.select(pairs.customer_id, pairs.as_of, *(t[name] for name in columns))


def age_days(t: "Table", moment: str) -> "NumericValue":
    """Days of 24 hours from the moment to `as_of`, completed ones alone: 0 is the last of them."""
    return t.as_of.delta(t[moment], unit="microsecond") // _DAY_US
