"""How a record goes wrong: for each kind of promise in the data dictionary, the value that breaks it."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.dictionary import Column, Table, Unit
from linewise.bank.rules import Rule
from linewise.simulation.chance import Ints
from linewise.simulation.dirt.surroundings import WITHOUT_RATE

__all__ = ["DAY_US", "HIGHEST_SIZE", "broken", "kind_of", "promises_broken"]

DAY_US = 24 * 3_600_000_000
HIGHEST_SIZE = 30
"""The largest size of a fault: so many days, units or whole ratios is a value beside the truth."""

_UTC_US = pa.timestamp("us", tz="UTC")

# What stands in the extracts of banks: a currency by its everyday name, a country by three letters, a
# merchant category whose leading zero a spreadsheet took away, an offset for a zone, a locale for a language.
_WRONG_FORMS: dict[Unit | None, str] = {
    "iso_4217": "RMB",
    "iso_3166": "CHN",
    "iso_18245": "763",
    "iana_time_zone": "UTC+8",
    "bcp_47": "zh_CN",
}


def kind_of(rule: Rule) -> str:
    """The kind of promise that a rule guards: `missing`, `order` or `duplicate`."""
    return rule.rule_id.rsplit(".", 1)[-1]


def broken(rule: Rule, table: Table, rows: pa.Table, size: Ints, *, until: datetime) -> pa.Table:
    """The rows (n,) with the one value changed that breaks the rule.

    `rows` have the contract's columns in the types in which they are delivered, none of them encoded; `size`
    (n,) from 1 to HIGHEST_SIZE is how far off each value is, where that can be said. A duplicate keeps its key
    and is recorded as many days later, at most at the end of the data, so that it never precedes its original.
    """
    kind = kind_of(rule)
    if kind == "duplicate":
        return _recorded_again(table, rows, size, until)
    column = table.column(rule.column)
    place = rows.column_names.index(column.name)
    field = rows.schema.field(place)
    return rows.set_column(place, field, _FAULTS[kind](column, rows, size, until).cast(field.type))


def promises_broken(rule: Rule, table: Table, bad: pa.Table) -> list[tuple[str, pa.Array]]:
    """The ids of all rules that the rows (n,), broken by that rule, break, each with the rows that do (n,).

    One wrong value can break more than one promise: a blank is no member of a list, and a moment set in
    the future passes those that must follow it.
    """
    every = pa.repeat(True, bad.num_rows)
    found = [(rule.rule_id, every)]
    if kind_of(rule) == "blank":
        column = table.column(rule.column)
        also = {"values": column.values, "form": column.unit in _WRONG_FORMS, "reference": column.refers_to}
        found += [(f"{table.name}.{column.name}.{kind}", every) for kind, is_promised in also.items() if is_promised]
    if kind_of(rule) == "future":
        for column in table.columns:
            if column.not_before == rule.column:
                is_passed = pc.fill_null(pc.less(bad[column.name], bad[rule.column]), False)
                found.append((f"{table.name}.{column.name}.order", is_passed.combine_chunks()))
    return found


def _recorded_again(table: Table, rows: pa.Table, size: Ints, until: datetime) -> pa.Table:
    place = rows.column_names.index("recorded_at")
    if "recorded_at" in table.key:
        return rows
    again = np.minimum(_as_us(rows["recorded_at"]) + size * DAY_US, _moment_us(until))
    return rows.set_column(place, rows.schema.field(place), pa.array(again).cast(_UTC_US))


def _missing(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.nulls(rows.num_rows, column.arrow_type)


def _blank(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.array(np.where(size % 2, "", "   "), pa.string())


def _no_number(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.array(np.where(size % 2, np.nan, np.inf))


def _below(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.array((column.minimum or 0) - size).cast(column.arrow_type)


def _above(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.array((column.maximum or 0) + size).cast(column.arrow_type)


def _unlisted(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.ChunkedArray:
    listed = (column.values or ("",))[0]
    return pc.utf8_swapcase(pc.fill_null(rows[column.name], listed))


def _misshapen(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.repeat(pa.scalar(_WRONG_FORMS[column.unit], pa.string()), rows.num_rows)


def _unknown(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.ChunkedArray:
    return pc.binary_join_element_wise("TEST", pc.fill_null(rows[column.name], ""), "-")


def _too_early(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.array(_as_us(rows[column.not_before]) - size * DAY_US).cast(_UTC_US).cast(column.arrow_type)


def _to_come(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.array(_moment_us(until) + size * DAY_US).cast(_UTC_US).cast(column.arrow_type)


def _without_rate(column: Column, rows: pa.Table, size: Ints, until: datetime) -> pa.Array:
    return pa.repeat(WITHOUT_RATE, rows.num_rows)


def _as_us(moments: pa.ChunkedArray) -> Ints:
    return np.asarray(moments.cast(_UTC_US).cast(pa.int64()), dtype=np.int64)


def _moment_us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


_FAULTS: dict[str, Callable[[Column, pa.Table, Ints, datetime], pa.Array | pa.ChunkedArray]] = {
    "missing": _missing,
    "blank": _blank,
    "number": _no_number,
    "minimum": _below,
    "maximum": _above,
    "values": _unlisted,
    "form": _misshapen,
    "reference": _unknown,
    "rate": _without_rate,
    "order": _too_early,
    "future": _to_come,
}
