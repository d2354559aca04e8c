"""Rows parted into good and bad by the rules of their table, every bad one with its reasons."""

import functools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.database import literal, name_quoted
from linewise.bank.dictionary import Column, Table, arrow_schema
from linewise.bank.problems import Problem, first_rows
from linewise.bank.rules import Rule

__all__ = ["REASON", "Sieve", "problems_of", "reason_counts", "reasons_in"]

REASON = "quarantine_reason"
"""The column added to rows that are put aside; a plain `reason` is a column of the table of calls."""

_SEPARATOR = "; "


@dataclass(frozen=True)
class Sieve:
    """The rules of one table over `view`, a table or view of the database that conforms to the columns.

    `floating` are columns of integers that the view has as floating-point numbers.
    """

    database: duckdb.DuckDBPyConnection
    view: str
    table: Table
    columns: Sequence[Column]
    rules: Sequence[Rule]
    floating: Collection[str] = ()

    @functools.cached_property
    def rows(self) -> int:
        """How many rows there are, good and bad."""
        return int(self.database.execute(f"SELECT count(*) FROM {name_quoted(self.view)}").fetchall()[0][0])

    def parted(self) -> tuple[pa.Table, pa.Table]:
        """The good rows and the bad ones."""
        good = self.good()
        # Where all are good nobody need ask again which are bad.
        return good, self._bad_schema.empty_table() if good.num_rows == self.rows else self.bad()

    def good(self) -> pa.Table:
        """The rows that break no rule, sorted by customer, event time and key.

        The order makes the same rows give the same bytes whatever order they came in, and lays one
        customer's events together.
        """
        return self._select(arrow_schema(self.columns), f"{REASON} = ''")

    def bad(self) -> pa.Table:
        """The rows that break a rule, with a column `quarantine_reason` that names every rule they break."""
        return self._select(self._bad_schema, f"{REASON} <> ''")

    @property
    def _bad_schema(self) -> pa.Schema:
        kinds = {column.name: column.arrow_type for column in self.columns} | dict.fromkeys(self.floating, pa.float64())
        return pa.schema({**kinds, REASON: pa.string()})

    def _select(self, schema: pa.Schema, condition: str) -> pa.Table:
        # Most optional tables of most banks are empty, and a plan of forty rules costs more than none.
        if self.rows == 0:
            return schema.empty_table()
        listed = ", ".join(map(name_quoted, schema.names))
        query = f"SELECT {listed} FROM ({self._marked()}) WHERE {condition} ORDER BY {self._order()}"
        return self.database.sql(query).to_arrow_table().cast(schema).combine_chunks()

    def _marked(self) -> str:
        told = ", ".join(f"CASE WHEN {rule.is_bad} THEN {literal(rule.reason)} END" for rule in self._asked)
        return f"SELECT *, concat_ws({literal(_SEPARATOR)}, {told}) AS {REASON} FROM {name_quoted(self.view)}"

    @functools.cached_property
    def _asked(self) -> Sequence[Rule]:
        # The window behind the rule on duplicates sorts the whole table: only where there are any.
        if self._has_twins:
            return self.rules
        return [rule for rule in self.rules if not rule.rule_id.endswith(".duplicate")]

    @functools.cached_property
    def _has_twins(self) -> bool:
        key = ", ".join(map(name_quoted, self.table.key))
        twins = f"SELECT 1 FROM {name_quoted(self.view)} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
        return bool(self.database.execute(twins).fetchall())

    def _order(self) -> str:
        names = [column.name for column in self.columns]
        first = [name for name in ("customer_id", self.table.event_time) if name in names]
        # Twins differ in other columns only: where there are any, every column has a say in the order.
        order = dict.fromkeys([*first, *self.table.key, *(names if self._has_twins else ())])
        return ", ".join(name_quoted(str(name)) for name in order)


def reasons_in(told: str) -> tuple[str, ...]:
    """The reasons that stand in one value of `quarantine_reason`."""
    return tuple(told.split(_SEPARATOR))


def reason_counts(bad: pa.Table) -> dict[str, int]:
    """How many bad rows each reason has, in alphabetical order; a row may have several."""
    counts: Counter[str] = Counter()
    for told in pc.value_counts(bad[REASON]).to_pylist():
        for reason in reasons_in(told["values"]):
            counts[reason] += told["counts"]
    return dict(sorted(counts.items()))


def problems_of(bad: pa.Table, table: Table, rules: Sequence[Rule]) -> list[tuple[Rule, Problem]]:
    """Each rule beside what it found among the bad rows, also where it found nothing, in the rules' order."""
    counts = reason_counts(bad)
    lists = pc.split_pattern(bad[REASON], _SEPARATOR).to_pylist()
    found = []
    for rule in rules:
        mask = pa.array([rule.reason in reasons for reasons in lists] if rule.reason in counts else [], pa.bool_())
        rows = bad.filter(mask) if len(mask) else bad.slice(0, 0)
        shown = first_rows(rows, [*table.key, *rule.column.split("+")])
        found.append((rule, Problem(table.name, rule.column, rule.reason, counts.get(rule.reason, 0), shown)))
    return found
