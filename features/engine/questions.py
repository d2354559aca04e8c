"""What has to be asked of a bank's tables so that some features are answered: walks, SQL, and the columns they read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import ibis
from ibis.expr import operations as ops

from features.buckets import READ_TABLES
from features.catalogue import FEATURES
from features.compute import answers_of
from features.engine.answering import Answering
from features.engine.duckdb_sql import sql_of
from features.grains import KEYS, SOURCES
from features.grains.sources import contract_table

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["ANSWERED", "PAIRS", "Questions", "questions_of"]

PAIRS, ANSWERED = "numbered_pairs", "answered_pairs"
_MOMENT = "timestamp('UTC', 6)"
_NUMBERED = {"customer_id", "account_id"}


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of transactions; by table the columns that are read; the SQL of every grain's features.

    `arithmetic` gives features of every pair of ANSWERED, in order (None: there are none), and each of `sql` gives
    `pair` and features of pairs that it tells of. Many small queries and not one: DuckDB takes longer to plan a join
    of fifteen wide tables than to run it.
    """

    answering: Answering
    columns: Mapping[str, frozenset[str]]
    arithmetic: str | None
    sql: tuple[str, ...]


@cache
def questions_of(time_zone: str, names: frozenset[str]) -> Questions:
    """What answers the features of these names; only tables that they read have columns."""
    features = tuple(feature for feature in FEATURES if feature.name in names)
    tables = {name: _numbered_table(name) for name in READ_TABLES}
    answering = Answering(time_zone, tables, features)
    answered = ibis.table({"pair": "int64", **answering.columns}, name=ANSWERED)
    made = answering.arithmetic(answered)
    arithmetic = _as_numbers(answered.select("pair", **made), names) if made else None
    numbered_pairs = ibis.table({"pair": "int64", "customer_id": "int32", "as_of": _MOMENT}, name=PAIRS)
    pairs = numbered_pairs.select(*KEYS)
    grains = {feature.grain for feature in features}
    told = []
    for grain, source in SOURCES.items():
        if source.rows is not None and grain in grains:
            answers = answers_of(grain, source.rows(pairs, tables), features=features)
            told.append(numbered_pairs.inner_join(answers, list(KEYS)))
    columns = {name: set[str]() for name in READ_TABLES}
    for field in {field for table in [*told, *answering.versions] for field in table.op().find(ops.Field)}:
        # In a join a table stands behind a reference to it.
        table = field.rel.parent if isinstance(field.rel, ops.Reference) else field.rel
        if isinstance(table, ops.UnboundTable) and table.name in columns:
            columns[table.name].add(field.name)
    columns["transactions"] |= answering.needed
    read = {name: frozenset(wanted) for name, wanted in columns.items() if wanted}
    return Questions(answering, read, arithmetic, tuple(_as_numbers(table, names) for table in told))


def _as_numbers(told: "Table", names: frozenset[str]) -> str:
    return sql_of(told.select("pair", **{name: told[name].cast("float64") for name in told.columns if name in names}))


def _numbered_table(name: str) -> "Table":
    """A contract table whose customers and accounts are numbers (features.engine.tables.numbered)."""
    schema = contract_table(name).schema()
    return ibis.table({**schema, **dict.fromkeys(schema.keys() & _NUMBERED, "int32")}, name=name)
