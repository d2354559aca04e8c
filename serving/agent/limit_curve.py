"""The curve of limits as a picture of the service: where each candidate stands, and the three that are marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

__all__ = ["HEIGHT", "WIDTH", "LimitCurve", "Mark", "limit_curve"]

WIDTH, HEIGHT = 360, 150
"""Of the picture, in its own units; the screen stretches it."""

LEFT, RIGHT, TOP, BOTTOM = 12.0, 348.0, 60.0, 136.0
"""Between which the curve is drawn; above it stand the words of the marks, each on a line of its own."""

LINE_HEIGHT = 16.0

WORD_WIDTH = 84.0
"""Of the longest word of a mark and what parts it from its line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One limit that is marked: its name, where it stands (picture units), and to which side its word reads."""

    name: str
    amount_amt: int
    x: float
    text_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class LimitCurve:
    """What is drawn.

    points: of the line, `x,y` by limit; ground_y: where a limit is worth as much as today's; most_x: from where on
    nothing is open; rows: the same as figures.
    """

    points: str
    ground_y: float
    most_x: float
    marks: Sequence[Mark]
    rows: Sequence[Mapping[str, Any]]


def limit_curve(limit: Mapping[str, Any]) -> LimitCurve | None:
    """The picture of the limit of an agent view; None where the view has no curve, or one of a single candidate.

    >>> limit_curve({"shape": [], "current_amt": 1, "suggested_amt": 1, "max_amt": 1}) is None
    True
    """
    shape = list(limit.get("shape", ()))
    if len(shape) < 2 or shape[0]["limit_amt"] == shape[-1]["limit_amt"]:
        return None
    marked = {name: int(limit[f"{name}_amt"]) for name in ("current", "suggested", "max")}
    least = min(int(shape[0]["limit_amt"]), *marked.values())
    most = max(int(shape[-1]["limit_amt"]), *marked.values())

    def x_of(amount_amt: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (amount_amt - least) / (most - least), 1)

    levels = [0, *(int(one["worth_level"]) for one in shape)]
    low, high = min(levels), max(levels)

    def y_of(level: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (level - low) / ((high - low) or 1), 1)

    points = " ".join(f"{x_of(one['limit_amt'])},{y_of(one['worth_level'])}" for one in shape)
    at = [x_of(amount) for amount in marked.values()]
    marks = [
        Mark(name, amount, x, LINE_HEIGHT * (row + 1) - 3, anchor)
        for (name, amount), x, (row, anchor) in zip(marked.items(), at, _placed(at), strict=True)
    ]
    return LimitCurve(points, y_of(0), x_of(marked["max"]), marks, shape)


def _placed(at: Sequence[float]) -> Sequence[tuple[int, str]]:
    """The row of each word and to which side it reads: the first way in which none crosses a line or is cut.

    A line begins below its word, so that what stands above it is free of it.
    """
    ways = (
        tuple(zip(rows, anchors, strict=True))
        for anchors in product(("start", "end"), repeat=len(at))
        for rows in permutations(range(len(at)))
    )
    return min(ways, key=lambda way: _fault_count(at, way))


def _fault_count(at: Sequence[float], way: Sequence[tuple[int, str]]) -> int:
    faults = 0
    for x, (row, anchor) in zip(at, way, strict=True):
        begins = x if anchor == "start" else x - WORD_WIDTH
        ends = begins + WORD_WIDTH
        faults += begins < 0 or ends > WIDTH
        faults += sum(begins < other < ends and above < row for other, (above, _) in zip(at, way, strict=True))
    return faults
