"""Ibis expressions as SQL that DuckDB runs fast: what they share is computed once, and time is plain arithmetic."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import ibis
from ibis.expr import datatypes as dt
from ibis.expr import operations as ops

from features.engine.plan import replaced

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["shared_sql", "sql_of"]


@ibis.udf.scalar.builtin
def epoch_us(moment: dt.Timestamp(timezone="UTC", scale=6)) -> dt.int64:  # type: ignore[valid-type]
    """DuckDB's own function: microseconds since 1970."""


def sql_of(expression: "Table") -> str:
    """The expression as DuckDB reads it.

    Two moments are subtracted as microseconds since 1970: DuckDB's DATE_DIFF asks the calendar of the session's time
    zone for each row, which takes a hundred times as long and comes to the same.
    """
    return str(ibis.to_sql(expression.op().replace(_subtracted).to_expr(), dialect="duckdb"))


def _subtracted(node: Any, changed: dict[str, Any] | None) -> Any:
    node = node.__recreate__(changed) if changed else node
    if isinstance(node, ops.TimestampDelta) and node.part.value == "microsecond":
        return (epoch_us(node.left.to_expr()) - epoch_us(node.right.to_expr())).op()
    return node


def shared_sql(rows: "Table", named: Mapping[str, ops.Value]) -> str:
    """The SQL of `rows.select(**named)`, the expressions being over the table itself (features.engine.classes.inlined).

    An expression is written out wherever it is used, and the day of the month, for one, is made of the local day
    thirty times over. What is used more than once becomes a column of a step before.
    """
    levels = _shared_levels(named.values())
    read = {field.name for op in named.values() for field in op.find(ops.Field, filter=ops.Value)}
    columns, names = {name: kind for name, kind in rows.schema().items() if name in read}, dict[ops.Value, str]()
    before, steps = rows, list[str]()
    for level in sorted(set(levels.values())):
        made = {op: f"shared{len(names) + at}" for at, op in enumerate(op for op in levels if levels[op] == level)}
        step = before.select(*columns, **{name: _over(before, rows, names, op) for op, name in made.items()})
        columns |= {name: op.dtype for op, name in made.items()}
        names |= made
        before = ibis.table(columns, name=f"step{level}")
        steps.append(f"step{level} AS ({sql_of(step)})")
    last = sql_of(before.select(**{name: _over(before, rows, names, op) for name, op in named.items()}))
    return f"WITH {', '.join(steps)} {last}" if steps else last


def _over(table: "Table", rows: "Table", names: Mapping[ops.Value, str], op: ops.Value) -> Any:
    """The expression over a step's table instead of the rows, with the columns that former steps have made."""
    shared = [name for name in rows.columns if name in table.columns]
    fields: dict[Any, Any] = {ops.Field(rows.op(), name): ops.Field(table.op(), name) for name in shared}
    return replaced(op, fields | {made: ops.Field(table.op(), name) for made, name in names.items()}).to_expr()


def _shared_levels(expressions: Iterable[ops.Value]) -> dict[ops.Value, int]:
    """The expressions that are used more than once, each with the step that can compute it."""
    users: Counter[ops.Value] = Counter()
    seen: dict[ops.Value, None] = {}

    def look(op: ops.Value) -> None:
        users[op] += 1
        if op not in seen:
            for part in _parts(op):
                look(part)
            seen[op] = None

    for expression in expressions:
        look(expression)
    levels: dict[ops.Value, int] = {}
    below: dict[ops.Value, int] = {}
    # `seen` holds the parts of an expression before itself.
    for op in seen:
        below[op] = max((below[part] for part in _parts(op)), default=0)
        if users[op] > 1 and not isinstance(op, ops.Field | ops.Literal):
            below[op] = levels[op] = below[op] + 1
    return levels


def _parts(op: ops.Value) -> list[ops.Value]:
    nested = [part if isinstance(part, tuple) else (part,) for part in op.args]
    return [part for parts in nested for part in parts if isinstance(part, ops.Value)]
