"""Comparisons of whole numbers and moments, worked out as arrays: what SQL works out for each row anew.

The clock of a bank changes twice a year, and a bucket's days are some hundreds: a comparison that all rows answer
alike is answered once, and what follows from a number of few values is worked out once a value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from ibis.expr import datatypes as dt
from ibis.expr import operations as ops
from numpy.typing import NDArray

__all__ = ["can_tell", "told_flags"]

_ROWS_AT_A_TIME = 65_536
"""Their numbers lie in the cache from one step to the next."""

_FEW_VALUES = 4_096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NUMPY: Mapping[type[Any], Callable[[Any, Any], Any]] = {
    ops.Add: np.add,
    ops.Subtract: np.subtract,
    ops.Multiply: np.multiply,
    ops.FloorDivide: np.floor_divide,
    # The sign is the dividend's, as in SQL.
    ops.Modulus: np.fmod,
    ops.Less: np.less,
    ops.LessEqual: np.less_equal,
    ops.Greater: np.greater,
    ops.GreaterEqual: np.greater_equal,
    ops.Equals: np.equal,
    ops.NotEquals: np.not_equal,
}
_COMPARISONS = (ops.Less, ops.LessEqual, ops.Greater, ops.GreaterEqual, ops.Equals, ops.NotEquals)


@dataclass(frozen=True, slots=True)
class _Coded:
    """A number of few values: values (n_values,), and of_row (n_rows,) which of them each row has."""

    values: NDArray[Any]
    of_row: NDArray[np.int64]


def can_tell(op: ops.Value) -> bool:
    """Whether the comparison is one that is worked out here, of columns without missing values.

    It may count with moments, which are far from the ends of what a number holds, and not with other columns.
    """
    match op:
        case ops.NotNull(arg=ops.Field()):
            return True
        case _:
            return isinstance(op, _COMPARISONS) and all(map(_is_compared, op.args))


def _is_compared(op: Any) -> bool:
    return (isinstance(op, ops.Field) and op.dtype.is_integer()) or _counts(op)


def _counts(op: Any) -> bool:
    """Whether the number is one of moments."""
    match op:
        case ops.Literal():
            return op.dtype.is_integer() and op.value is not None
        case ops.TimestampDelta(left=left, right=right, part=part):
            return part.value == "microsecond" and isinstance(left, ops.Field) and _moment(right) is not None
        case (
            ops.FloorDivide(left=left, right=ops.Literal(int(by))) | ops.Modulus(left=left, right=ops.Literal(int(by)))
        ):
            return by > 0 and _counts(left)
        case ops.Add() | ops.Subtract() | ops.Multiply():
            return all(map(_counts, op.args))
        case ops.IfElse():
            return can_tell(op.bool_expr) and _counts(op.true_expr) and _counts(op.false_null_expr)
        case _:
            return False


def _moment(op: Any) -> int | None:
    """Microseconds since 1970 of a moment that is written out."""
    match op:
        case ops.Cast(arg=arg) if isinstance(op.to, dt.Timestamp):
            return _moment(arg)
        case ops.Literal(datetime() as moment):
            return (moment - _EPOCH) // timedelta(microseconds=1) if moment.tzinfo is not None else None
        case _:
            return None


def told_flags(rows: pa.Table, flags: Sequence[ops.Value], digits: int) -> NDArray[np.int64] | None:
    """One number a row (n_rows,) that holds each flag as a digit below `digits`, 1 where not met and 2 where met.

    The first flag is the highest digit. None where a column that is compared has missing values: SQL knows what
    follows from those.
    """
    asked = [op for op in flags if isinstance(op, ops.NotNull)]
    compared = {
        field.name for op in flags if op not in asked for field in op.find(ops.Field, filter=ops.Value)
    }  # fmt: skip
    if any(rows[name].null_count for name in compared):
        return None
    columns: dict[Any, NDArray[Any]] = {name: rows[name].cast(pa.int64()).to_numpy() for name in compared}
    columns |= {op: rows[op.arg.name].is_valid().to_numpy() for op in asked}
    told = np.empty(rows.num_rows, dtype=np.int64)
    for start in range(0, len(told), _ROWS_AT_A_TIME):
        block = slice(start, start + _ROWS_AT_A_TIME)
        found: dict[Any, Any] = {}
        parts = {name: column[block] for name, column in columns.items()}
        told[block] = _as_digits([_value(op, parts, found) for op in flags], digits)
    return told


def _as_digits(flags: Sequence[Any], digits: int) -> Any:
    number: Any = 0
    coded: dict[int, Any] = {}
    for place, flag in enumerate(reversed(flags)):
        digit = _applied(
            lambda is_met, weight=digits**place: np.multiply(is_met, weight, dtype=np.int64) + weight, flag
        )
        if isinstance(digit, _Coded):
            before = coded.get(id(digit.of_row))
            coded[id(digit.of_row)] = digit if before is None else _applied(np.add, before, digit)
        else:
            number = number + digit
    for digit in coded.values():
        number = number + _whole(digit)
    return number


def _value(op: Any, columns: Mapping[Any, NDArray[Any]], found: dict[Any, Any]) -> Any:
    """The number or the answer of each row of a block: (n_rows,), coded, or the same for all."""
    if op not in found:
        found[op] = _few(_worked_out(op, columns, found))
    return found[op]


def _worked_out(op: Any, columns: Mapping[Any, NDArray[Any]], found: dict[Any, Any]) -> Any:
    match op:
        case ops.NotNull() | ops.Field():
            return columns[op if isinstance(op, ops.NotNull) else op.name]
        case ops.Literal(value=value):
            return value
        case ops.TimestampDelta(left=left, right=right):
            return _applied(np.subtract, _value(left, columns, found), _moment(right))
        case ops.IfElse():
            is_met = _value(op.bool_expr, columns, found)
            if isinstance(is_met, bool):
                return _value(op.true_expr if is_met else op.false_null_expr, columns, found)
            parts = (_value(part, columns, found) for part in (op.true_expr, op.false_null_expr))
            return _applied(np.where, is_met, *parts)
        case _:
            return _applied(_NUMPY[type(op)], *(_value(part, columns, found) for part in op.args))


def _applied(function: Callable[..., Any], *args: Any) -> Any:
    """What the function gives for the numbers, once a value where one coding tells of all."""
    codings = {id(arg.of_row): arg.of_row for arg in args if isinstance(arg, _Coded)}
    if len(codings) == 1 and not any(isinstance(arg, np.ndarray) for arg in args):
        (of_row,) = codings.values()
        return _Coded(function(*(arg.values if isinstance(arg, _Coded) else arg for arg in args)), of_row)
    return function(*map(_whole, args))


def _whole(told: Any) -> Any:
    return told.values[told.of_row] if isinstance(told, _Coded) else told


def _few(told: Any) -> Any:
    """The same, as one value or coded where there are few."""
    if isinstance(told, _Coded):
        return told
    if not isinstance(told, np.ndarray):
        return bool(told) if isinstance(told, np.bool_) else told
    low, high = told.min(), told.max()
    if low == high:
        return bool(low) if told.dtype == np.bool_ else int(low)
    if told.dtype == np.bool_ or high - low >= _FEW_VALUES:
        return told
    return _Coded(np.arange(low, high + 1), told - low)
