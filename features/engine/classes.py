"""Classes of rows: rows alike in every column that takes few values meet the same conditions.

A million transactions of a bank fall into some thousand classes of direction, kind, merchant category and the like.
A condition is evaluated once a class; a comparison on a column of many values is evaluated once a row, and its
answer makes the classes finer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection
from ibis.expr import operations as ops
from numpy.typing import NDArray

from features.engine.duckdb_sql import shared_sql
from features.engine.flags import can_tell, told_flags
from features.engine.numbering import numbered_classes
from features.engine.plan import replaced

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["ClassedRows", "Classifier", "encoded", "inlined"]

_CLASSES = "classes_of_rows"
_LOGIC = (ops.And, ops.Or, ops.Not)
_LOGIC_VALUES = pa.array([None, False, True])


@dataclass(frozen=True, slots=True)
class ClassedRows:
    """class_of (n_rows,) the class of each row; meets (n_classes, n_conditions) which conditions a class meets."""

    class_of: NDArray[np.int32]
    meets: NDArray[np.bool_]


@cache
def inlined(op: ops.Value) -> ops.Value:
    """The expression with every derived column replaced by what it is derived from, down to the table itself."""
    if isinstance(op, ops.Field):
        return inlined(op.rel.values[op.name]) if isinstance(op.rel, ops.Project) else op
    parts = dict(zip(op.argnames, op.args, strict=True))
    plain = {name: _inlined_part(part) for name, part in parts.items()}
    changed = {name: part for name, part in plain.items() if part is not parts[name]}
    return op.copy(**changed) if changed else op


def _inlined_part(part: Any) -> Any:
    if isinstance(part, ops.Value):
        return inlined(part)
    return tuple(map(_inlined_part, part)) if isinstance(part, tuple) else part


class Classifier:
    """Tells the classes of rows, and which of the given conditions each class meets.

    `rows` is the Ibis table that the inlined conditions are over, `few` names those of its columns that take few
    values.
    """

    def __init__(self, rows: "Table", few: Collection[str], conditions: Sequence[ops.Value]) -> None:
        self._count = len(conditions)
        flags = {op: f"flag{place}" for place, op in enumerate(_flags_of(conditions, few))}
        named = {field.name for op in conditions for field in op.find(ops.Field, filter=ops.Value)}
        self._columns = sorted(named & set(few))
        kinds = {name: rows[name].type() for name in self._columns} | dict.fromkeys(flags.values(), "boolean")
        classes = ibis.table({"class": "int64", **kinds}, name=_CLASSES)
        fields: dict[Any, Any] = {op: ops.Field(classes.op(), name) for op, name in flags.items()}
        fields |= {ops.Field(rows.op(), name): ops.Field(classes.op(), name) for name in self._columns}
        met = {f"c{place}": replaced(op, fields) for place, op in enumerate(conditions)}
        self._meets = shared_sql(classes, {"class": ops.Field(classes.op(), "class"), **met})
        self._flag_names = tuple(flags.values())
        self._flags = shared_sql(rows, {"flags": _as_digits(list(flags))}) if flags else None
        self._arrays = tuple(flags) if all(map(can_tell, flags)) else ()

    @property
    def of_none(self) -> ClassedRows:
        """The classes of no rows: none."""
        return ClassedRows(np.empty(0, dtype=np.int32), np.empty((0, self._count), dtype=np.bool_))

    def __call__(self, engine: DuckDBPyConnection, rows: pa.Table) -> ClassedRows:
        """The classes of rows that the engine knows under the table's name; texts may be dictionary-encoded."""
        columns = {name: encoded(rows[name]) for name in self._columns}
        parts = [_values_of(codes) for codes in columns.values()]
        flags = np.zeros(rows.num_rows, dtype=np.int64)
        if self._flags is not None:
            told = told_flags(rows, self._arrays, len(_LOGIC_VALUES)) if self._arrays else None
            flags = engine.sql(self._flags).to_arrow_table()["flags"].to_numpy() if told is None else told
            parts.append((flags, len(_LOGIC_VALUES) ** len(self._flag_names)))
        # The earliest row of a class speaks for it.
        class_of, first = numbered_classes(parts, rows.num_rows)
        told_of: dict[str, Any] = {
            "class": np.arange(len(first)),
            **{name: codes.take(pa.array(first)) for name, codes in columns.items()},
        }
        digits = flags[first]
        for name in reversed(self._flag_names):
            digits, place = np.divmod(digits, len(_LOGIC_VALUES))
            told_of[name] = _LOGIC_VALUES.take(pa.array(place))
        return ClassedRows(class_of, self._met(engine, pa.table(told_of)))

    def _met(self, engine: DuckDBPyConnection, classes: pa.Table) -> NDArray[np.bool_]:
        engine.register(_CLASSES, classes)
        met = engine.sql(self._meets).to_arrow_table()
        meets = np.zeros((met.num_rows, self._count), dtype=np.bool_)
        which = met["class"].to_numpy()
        for condition in range(self._count):
            meets[which, condition] = pc.fill_null(met[f"c{condition}"], False).to_numpy()
        return meets


def _values_of(codes: pa.DictionaryArray) -> tuple[NDArray[Any], int]:
    """The values from 0 on, missing ones as the last, and how many there are."""
    count = len(codes.dictionary)
    if codes.null_count:
        return pc.fill_null(codes.indices, count).to_numpy(), count + 1
    return codes.indices.to_numpy(), max(count, 1)


def _as_digits(flags: Sequence[ops.Value]) -> ops.Value:
    """One number that holds every flag as a digit, its place among _LOGIC_VALUES."""
    number: Any = ibis.literal(0, "int64")
    for flag in flags:
        told = flag.to_expr()
        number = number * len(_LOGIC_VALUES) + told.ifelse(2, 1).fill_null(0) * told.notnull().ifelse(1, 0)
    digits: ops.Value = number.op()
    return digits


def _flags_of(conditions: Sequence[ops.Value], few: Collection[str]) -> list[ops.Value]:
    """The comparisons among the conditions that read a column of many values, each once."""
    found: dict[ops.Value, None] = {}

    def look(op: ops.Value) -> None:
        if all(field.name in few for field in op.find(ops.Field, filter=ops.Value)):
            return
        if isinstance(op, _LOGIC):
            for part in op.args:
                look(part)
        else:
            found[op] = None

    for condition in conditions:
        look(condition)
    return list(found)


def encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The column as codes of its different values; as it is where it is so already."""
    whole = column.combine_chunks()
    return whole if pa.types.is_dictionary(whole.type) else pc.dictionary_encode(whole)
