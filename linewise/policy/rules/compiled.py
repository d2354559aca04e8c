"""Rules compiled for one kind of candidate or one scope, and run by the engine that suits the number of rows."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from sqlglot import exp

from linewise.decisioning.rule import Hits
from linewise.policy.rules.columns import Columns
from linewise.policy.rules.frames import FrameEngine
from linewise.policy.rules.language import Kind, read_expression
from linewise.policy.rules.lookups import LookupEngine
from linewise.policy.rules.source import RuleSource

__all__ = ["FEW_ROWS", "RuleSet", "columns_of_rule", "compile_rules"]

FEW_ROWS = 128
"""Up to so many rows SQLite is faster, for it takes a while for each and polars one to plan: `make bench NAME=rules`.

All levels of the packs `cn` and `bank`, both engines in turn, least of 25 runs each, milliseconds: 64 rows 5.9 in
SQLite and 11.0 in polars, 128 rows 11.3 and 11.4, 256 rows 26 and 17.
"""

FIELDS: Mapping[str, tuple[Kind, ...]] = {
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
        # Caps come first, for they decide; values and thresholds are only shown.
        numbers = [
            (field, rule, trees[rule][field])
            for field in ("cap", "value", "threshold")
            for rule in range(len(sources))
            if field in trees[rule]
        ]
        conditions = [one["when"] for one in trees]
        named = {column.name for tree in _all(trees) for column in tree.find_all(exp.Column)}
        kinds = {name: kind for name, kind in columns.items() if name in named}
        guards = [source.rule.on_missing == "block" for source in sources]
        self.rules = tuple(source.as_decided(applies_to) for source in sources)
        self.columns = frozenset(kinds)
        self._places = {
            field: np.array([rule for one, rule, _ in numbers if one == field], dtype=np.int64)
            for field in ("cap", "value", "threshold")
        }
        self._unknown_cap = np.array([0.0 if guards[rule] else np.inf for rule in self._places["cap"]])
        parts = (conditions, guards, [tree for _, _, tree in numbers], kinds)
        self._few, self._many = LookupEngine(*parts), FrameEngine(*parts)

    def evaluate(self, columns: Columns, rows: int, *, with_values: bool = True, few_rows: int = FEW_ROWS) -> Hits:
        """All rules for all rows, with SQL's NULL logic; every array is (n_rows, n_rules).

        A rule whose condition is NULL hits where it guards (`on_missing: block`). A cap that is NULL
        is zero where its rule guards, and none where not. Without values, `value` and `threshold` are
        all NaN, and cost nothing. few_rows: up to how many SQLite is asked.
        """
        engine = self._few if 0 < rows <= few_rows else self._many
        cap_count = len(self._unknown_cap)
        value_count = len(self._places["value"])
        wanted = cap_count + value_count + len(self._places["threshold"]) if with_values else cap_count
        hit, numbers = engine.evaluate(columns, rows, wanted)
        shape = (len(self.rules), rows)
        caps = numbers[:cap_count]
        caps = np.where(np.isnan(caps), self._unknown_cap[:, None], caps)
        value = threshold = np.broadcast_to(np.nan, shape)
        if with_values:
            value, threshold = np.full(shape, np.nan), np.full(shape, np.nan)
            value[self._places["value"]] = numbers[cap_count : cap_count + value_count]
            threshold[self._places["threshold"]] = numbers[cap_count + value_count :]
        return Hits(self.rules, hit.T, value.T, threshold.T, tuple(self._places["cap"].tolist()), caps.T)


def _all(trees: Sequence[Trees]) -> Iterator[exp.Expression]:
    return (tree for one in trees for tree in one.values())


def compile_rules(sources: Sequence[RuleSource], columns: Mapping[str, Kind], applies_to: str) -> RuleSet:
    """Check and compile rules over the columns that they may name.

    applies_to: the kind of candidate or the scope, kept in each Rule. Raises PolicyInvalid with file and
    line for an expression that the language refuses.
    """
    return RuleSet(sources, columns, applies_to)
