"""Where a condition can hold, as boxes over its columns: enough to see that two rules leave nothing over."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from linewise.policy.rules.folding import number_of

__all__ = ["WHOLE", "Box", "Span", "boxes_of", "covers"]

MOST_BOXES = 128
"""A condition that falls into more is not analysed: it would take long, and say little."""


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from low to high; an open end does not belong to it."""

    low: float = -math.inf
    high: float = math.inf
    is_low_open: bool = False
    is_high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.is_low_open or self.is_high_open))

    def meet(self, other: "Span") -> "Span":
        """What lies in both."""
        low = max((self.low, self.is_low_open), (other.low, other.is_low_open))
        high = min((self.high, not self.is_high_open), (other.high, not other.is_high_open))
        return Span(low[0], high[0], low[1], not high[1])

    def holds(self, other: "Span") -> bool:
        """Whether all of the other lies in this one."""
        return self.meet(other) == other


WHOLE = Span()


@dataclass(frozen=True, slots=True)
class Box:
    """The rows where each named column lies in its span; `is_exact`: and in no smaller part of them."""

    spans: Mapping[str, Span] = field(default_factory=dict)
    is_exact: bool = True

    def meet(self, other: "Box") -> "Box | None":
        """What lies in both, or None where nothing does."""
        names = {**self.spans, **other.spans}
        spans = {name: self.spans.get(name, WHOLE).meet(other.spans.get(name, WHOLE)) for name in names}
        if any(span.is_empty for span in spans.values()):
            return None
        return Box(spans, self.is_exact and other.is_exact)

    def lies_in(self, other: "Box") -> bool:
        """Whether every row of this box is surely one of the other's."""
        return other.is_exact and all(span.holds(self.spans.get(name, WHOLE)) for name, span in other.spans.items())


UNKNOWN = [Box(is_exact=False)]
"""A part of a condition that compares columns with each other, or texts: it may hold anywhere."""

SIGNS: Mapping[type[exp.Expression], str] = {
    exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.EQ: "=", exp.NEQ: "<>",
}  # fmt: skip

DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
"""The comparison that holds where one does not."""

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
"""The comparison with its sides changed."""

Boxes = list[Box] | None


def boxes_of(tree: exp.Expression, *, holds: bool = True) -> Boxes:
    """The boxes that together hold every row where the checked condition is true (or false); None if too many.

    No box: the condition can never be so.
    """
    analyse = ANALYSES.get(type(tree))
    return UNKNOWN if analyse is None else analyse(tree, holds)


def _constant(tree: exp.Boolean, holds: bool) -> Boxes:
    return [Box()] if bool(tree.this) == holds else []


def _flag(tree: exp.Column, holds: bool) -> Boxes:
    return [Box({tree.name: Span(float(holds), float(holds))})]


def _denied(tree: exp.Not, holds: bool) -> Boxes:
    return boxes_of(tree.this, holds=not holds)


def _joined(tree: exp.Expression, holds: bool) -> Boxes:
    left, right = boxes_of(tree.this, holds=holds), boxes_of(tree.expression, holds=holds)
    if left is None or right is None:
        return None
    is_both = isinstance(tree, exp.And) == holds
    found = [box for one in left for other in right if (box := one.meet(other))] if is_both else left + right
    return found if len(found) <= MOST_BOXES else None


def _members(tree: exp.In, holds: bool) -> Boxes:
    values = [number_of(one) for one in tree.expressions]
    numbers = [value for value in values if value is not None]
    if not holds or not isinstance(tree.this, exp.Column) or len(numbers) < len(values):
        return UNKNOWN
    return [Box({tree.this.name: Span(value, value)}) for value in numbers]


def _compared(tree: exp.Expression, holds: bool) -> Boxes:
    left, right, sign = tree.this, tree.expression, SIGNS[type(tree)]
    if isinstance(right, exp.Column):
        left, right, sign = right, left, MIRRORED[sign]
    value = number_of(right)
    if not isinstance(left, exp.Column) or value is None:
        return UNKNOWN
    spans = {
        "<": [Span(high=value, is_high_open=True)],
        "<=": [Span(high=value)],
        ">": [Span(low=value, is_low_open=True)],
        ">=": [Span(low=value)],
        "=": [Span(value, value)],
        "<>": [Span(high=value, is_high_open=True), Span(low=value, is_low_open=True)],
    }
    return [Box({left.name: span}) for span in spans[sign if holds else DENIED[sign]]]


ANALYSES: Mapping[type[exp.Expression], Callable[..., Boxes]] = {
    exp.Boolean: _constant,
    exp.Column: _flag,
    exp.Not: _denied,
    exp.And: _joined,
    exp.Or: _joined,
    exp.In: _members,
    **dict.fromkeys(SIGNS, _compared),
}


def covers(spans: list[Span], *, is_flag: bool) -> bool:
    """Whether the spans together leave no value over: of a flag 0 and 1, else every number."""
    if is_flag:
        return all(any(span.holds(Span(value, value)) for span in spans) for value in (0.0, 1.0))
    reached, is_reached_open = -math.inf, False
    for span in sorted(spans, key=lambda one: (one.low, one.is_low_open)):
        is_gap = span.low > reached or (span.low == reached and span.is_low_open and is_reached_open)
        if is_gap:
            return False
        if (span.high, not span.is_high_open) > (reached, not is_reached_open):
            reached, is_reached_open = span.high, span.is_high_open
    return reached == math.inf
