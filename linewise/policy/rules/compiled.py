"""Rules compiled for one kind of candidate or one scope, and run by the engine that suits the number of rows."""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlglot import exp

from linewise.decisioning.rule import Hits
from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.columns import Columns
from linewise.policy.rules.frames import FrameEngine
from linewise.policy.rules.language import Kind, read_expression
from linewise.policy.rules.lookups import LookupEngine
from linewise.policy.rules.source import RuleSource

__all__ = ["FEW_ROWS", "RuleSet", "columns_of_rule", "compile_rules"]

FEW_ROWS = 16
"""Up to so many rows SQLite is faster than polars."""

FIELDS: Mapping[str, tuple[Kind, ...]] = {
    # What decides comes first, so that it can be had without what is only shown.
    "when": ("flag",),
    "cap": ("number",),
    "value": ("number", "flag"),
    "threshold": ("number",),
}
"""The expressions of a rule, and what each may give."""

Trees = Mapping[str, exp.Expression]


def _trees(source: RuleSource, columns: Mapping[str, Kind]) -> Trees:
    """The checked expressions of a rule by field; raises PolicyInvalid with file and line."""
    given = {field: getattr(source.rule, field) for field in FIELDS}
    return {
        field: read_expression(text, field, source, columns, FIELDS[field])
        for field, text in given.items()
        if text is not None
    }


def columns_of_rule(source: RuleSource, columns: Mapping[str, Kind]) -> frozenset[str]:
    """The names of the columns that any expression of the rule uses; raises PolicyInvalid as compiling does."""
    trees = _trees(source, columns).values()
    return frozenset(column.name for tree in trees for column in tree.find_all(exp.Column))


class RuleSet:
    """Compiled rules of one kind; `columns` are the names that they use, the rest is not looked at."""

    def __init__(self, sources: Sequence[RuleSource], columns: Mapping[str, Kind], applies_to: str) -> None:
        trees = [_trees(source, columns) for source in sources]
        placed = [
            (cell, rule, trees[rule][field])
            for cell, field in enumerate(FIELDS)
            for rule in range(len(sources))
            if field in trees[rule]
        ]
        named = {column.name for _, _, tree in placed for column in tree.find_all(exp.Column)}
        kinds = {name: kind for name, kind in columns.items() if name in named}
        self.rules = tuple(source.as_decided(applies_to) for source in sources)
        self.columns = frozenset(kinds)
        self._cell = np.array([cell for cell, _, _ in placed], dtype=np.int64)
        self._rule = np.array([rule for _, rule, _ in placed], dtype=np.int64)
        self._deciding = int(np.count_nonzero(self._cell < 2))
        self._guards = np.array([source.rule.on_missing == "block" for source in sources], dtype=bool)[:, None]
        is_cap = np.array([source.rule.cap is not None for source in sources], dtype=bool)[:, None]
        self._unknown_cap = np.where(self._guards & is_cap, 0.0, np.inf)
        self._few = LookupEngine([tree for _, _, tree in placed], kinds)
        self._many = FrameEngine([tree for _, _, tree in placed], kinds)

    def evaluate(self, columns: Columns, rows: int, *, with_values: bool = True) -> Hits:
        """All rules for all rows, with SQL's NULL logic; every array is (n_rows, n_rules).

        A rule whose condition is NULL hits where it guards (`on_missing: block`). A cap that is NULL
        is zero where its rule guards, and none where not. Without values, `value` and `threshold` are
        all NaN, and cost nothing.
        """
        engine = self._few if rows <= FEW_ROWS else self._many
        first = len(self._cell) if with_values else self._deciding
        cells = np.full((len(FIELDS) if with_values else 2, len(self.rules), rows), np.nan)
        cells[self._cell[:first], self._rule[:first]] = engine.evaluate(columns, rows, first)
        when, cap = cells[:2]
        value, threshold = cells[2:] if with_values else (np.broadcast_to(np.nan, when.shape),) * 2
        hit: Bools = np.where(np.isnan(when), self._guards, when != 0.0)
        cap_amt: Floats = np.where(np.isnan(cap), self._unknown_cap, cap)
        return Hits(self.rules, hit.T, value.T, threshold.T, cap_amt.T)


def compile_rules(sources: Sequence[RuleSource], columns: Mapping[str, Kind], applies_to: str) -> RuleSet:
    """Check and compile rules over the columns that they may name.

    applies_to: the kind of candidate or the scope, kept in each Rule. Raises PolicyInvalid with file and
    line for an expression that the language refuses.
    """
    return RuleSet(sources, columns, applies_to)
