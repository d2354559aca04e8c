"""The first check: every column of the contract is there, once, in a type that loses nothing."""

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.types as kinds

from linewise.bank.dictionary import Column, ColumnType, Table, arrow_schema
from linewise.bank.problems import Problem, first_rows

__all__ = ["conform"]


def _is_encoded(kind: pa.DataType) -> bool:
    return bool(kinds.is_dictionary(kind) and kinds.is_string(kind.value_type))


def _is_text(kind: pa.DataType) -> bool:
    if kinds.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _is_whole(kind: pa.DataType) -> bool:
    # SQL's sum() of integers is a decimal of scale 0; it holds whole numbers only.
    return bool(kinds.is_integer(kind) or (kinds.is_decimal(kind) and kind.scale == 0))


def _is_number(kind: pa.DataType) -> bool:
    return bool(kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind))


_MAY_BECOME: dict[ColumnType, Callable[[pa.DataType], bool]] = {
    "string": _is_text,
    "integer": _is_whole,
    "float": _is_number,
    "ratio": _is_number,
    "boolean": kinds.is_boolean,
    "timestamp": lambda kind: bool(kinds.is_timestamp(kind) or kinds.is_date32(kind)),
    "date": kinds.is_date32,
}


def conform(
    table: Table,
    columns: Sequence[Column],
    given: pa.Table,
    *,
    keeps_dictionaries: bool = False,
    takes_floats: bool = False,
) -> tuple[pa.Table, list[Problem]]:
    """The given rows in the contract's columns, order and types, and what stands in the way.

    A type is changed only where no value can lose by it: a shorter integer becomes a longer one, a date
    midnight UTC, a time without a zone UTC; a column of nothing but nulls may take any type. The table
    is of use only where the list of problems is empty. `keeps_dictionaries` leaves a text that came
    dictionary-encoded so; it is written many times faster than plain text. `takes_floats` leaves a column of
    integers that came as floating-point numbers so, for the rules to find those that are not whole: where a
    value is missing, many tools deliver all of them so, and NaN for what is missing.
    """
    shown = list(table.key)
    names = [column.name for column in columns]
    problems = [
        Problem(table.name, name, "is not a column of the contract", given.num_rows)
        for name in dict.fromkeys(given.column_names)
        if name not in names
    ]
    delivered = []
    for column in columns:
        places = given.schema.get_all_field_indices(column.name)
        if len(places) != 1:
            what = "occurs more than once" if places else f"is missing ({_article(column.type)} is expected)"
            problems.append(Problem(table.name, column.name, what, given.num_rows, first_rows(given, shown)))
            continue
        values = given.column(places[0])
        if takes_floats and column.type == "integer" and kinds.is_floating(values.type):
            delivered.append(values.cast(pa.float64()))
            continue
        fault = _fault(column, values.type)
        if fault is None:
            try:
                delivered.append(values if keeps_dictionaries and _is_encoded(values.type) else _cast(values, column))
                continue
            except pa.ArrowInvalid as err:
                fault = f"does not fit {_article(column.type)} without loss ({err})"
        problems.append(
            Problem(table.name, column.name, fault, given.num_rows, first_rows(given, [*shown, column.name]))
        )
    if problems:
        return arrow_schema(columns).empty_table(), problems
    return pa.table(delivered, names=names), []


def _fault(column: Column, kind: pa.DataType) -> str | None:
    if kinds.is_null(kind) or _MAY_BECOME[column.type](kind):
        return None
    return f"holds {kind} where {_article(column.type)} is expected"


def _cast(values: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if kinds.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if kinds.is_date32(values.type) and column.type == "timestamp":
        values = values.cast(pa.timestamp("us"))
    return values.cast(column.arrow_type)


def _article(kind: ColumnType) -> str:
    return f"an {kind}" if kind == "integer" else f"a {kind}"
