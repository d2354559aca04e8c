"""Rules compiled for one kind of candidate or one scope."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from sqlglot import exp

from linewise.decisioning.described import Columns
from linewise.decisioning.rule import Hits
from linewise.policy.rules.language import Kind, read_expression
from linewise.policy.rules.laying import Beside
from linewise.policy.rules.program import Expression, Program
from linewise.policy.rules.source import RuleSource

__all__ = ["RuleSet", "columns_of_rule", "compile_rules"]

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
    """Compiled rules of one kind; `columns` are the names that they use, the rest is not looked at.

    of_place: the columns that may differ between the candidates of one row, of_kind: those among them that only
    say what kind of candidate it is. A row with thirty candidates is judged once by the rules that know the row
    alone, a few times by those that ask what kind a candidate is, and thirty times by those that look at it.
    """

    def __init__(
        self,
        sources: Sequence[RuleSource],
        columns: Mapping[str, Kind],
        applies_to: str,
        of_place: Collection[str] = (),
        of_kind: Collection[str] = (),
    ) -> None:
        trees = [_trees(source, columns) for source in sources]
        named = {column.name for tree in _all(trees) for column in tree.find_all(exp.Column)}
        kinds = {name: kind for name, kind in columns.items() if name in named}
        guards = [source.rule.on_missing == "block" for source in sources]
        self.rules = tuple(source.as_decided(applies_to) for source in sources)
        self.kinds: Mapping[str, Kind] = kinds
        self.columns = frozenset(kinds)
        self.cap_places = tuple(rule for rule, fields in enumerate(trees) if "cap" in fields)
        self._unknown_cap = np.array([0.0 if guards[rule] else np.inf for rule in self.cap_places])
        conditions = [
            Expression(one["when"], guard, rule) for rule, (one, guard) in enumerate(zip(trees, guards, strict=True))
        ]
        # Caps come first, for they decide; values and thresholds are only shown, side by side after them.
        caps = [Expression(trees[rule]["cap"], None, place) for place, rule in enumerate(self.cap_places)]
        begins = {"value": len(caps), "threshold": len(caps) + len(trees)}
        shown = [
            Expression(fields[field], None, begin + rule)
            for field, begin in begins.items()
            for rule, fields in enumerate(trees)
            if field in fields
        ]
        self._number_count = len(caps) + len(shown)
        self._program = Program(conditions, [*caps, *shown], kinds, of_place, of_kind)

    def evaluate(self, columns: Columns, rows: int, beside: Beside | None = None, *, with_values: bool = True) -> Hits:
        """All rules for all rows, with SQL's NULL logic; every array is (n_rows, n_rules).

        A rule whose condition is NULL hits where it guards (`on_missing: block`). A cap that is NULL
        is zero where its rule guards, and none where not. Without values, `value` and `threshold` are
        all NaN, and cost nothing.
        """
        found = self.judge(columns, (rows, 1), beside, with_values=with_values)
        hit, value, threshold, caps = found.hit[:, 0], found.value[:, 0], found.threshold[:, 0], found.caps[:, 0]
        return Hits(self.rules, hit, value, threshold, self.cap_places, caps)

    def judge(
        self, columns: Columns, shape: tuple[int, int], beside: Beside | None = None, *, with_values: bool = True
    ) -> Hits:
        """The same for all candidates of all rows; every array is (n_rows, n_candidates, n_rules)."""
        cap_count, count = len(self.cap_places), len(self.rules)
        width = cap_count + 2 * count if with_values else cap_count
        wanted = self._number_count if with_values else cap_count
        hit, numbers = self._program.run(columns, shape, wanted, width, beside)
        caps = numbers[..., :cap_count]
        if cap_count:
            caps = np.where(np.isnan(caps), self._unknown_cap, caps)
        if with_values:
            value, threshold = numbers[..., cap_count : cap_count + count], numbers[..., cap_count + count :]
        else:
            value = threshold = np.broadcast_to(np.nan, hit.shape)
        return Hits(self.rules, hit, value, threshold, self.cap_places, caps)


def _all(trees: Sequence[Trees]) -> Iterator[exp.Expression]:
    return (tree for one in trees for tree in one.values())


def compile_rules(sources: Sequence[RuleSource], columns: Mapping[str, Kind], applies_to: str) -> RuleSet:
    """Check and compile rules over the columns that they may name.

    applies_to: the kind of candidate or the scope, kept in each Rule. Raises PolicyInvalid with file and
    line for an expression that the language refuses.
    """
    return RuleSet(sources, columns, applies_to)
