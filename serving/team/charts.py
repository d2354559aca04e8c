"""Charts as numbers in a drawing of fixed size: a template puts them into SVG, so that nothing is styled inline."""

from collections.abc import Sequence
from dataclasses import dataclass

from linewise.quality.shares import Share

__all__ = ["HEIGHT", "WIDTH", "Bar", "Chart", "Point", "bars", "shares"]

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 14, 10, 20
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a stack, from `y` down; layer: its place in the stack, from below."""

    x: float
    y: float
    width: float
    height: float
    layer: int


@dataclass(frozen=True, slots=True)
class Point:
    """A share at `x`, with the ends of its interval."""

    x: float
    y: float
    low_y: float
    high_y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines across with the value that each stands for, labels below with the place that each is of, and marks."""

    lines: Sequence[tuple[float, float]]
    labels: Sequence[tuple[float, int]]
    bars: Sequence[Bar] = ()
    points: Sequence[Point] = ()

    @property
    def path(self) -> str:
        """The line through the points; empty where there are fewer than two."""
        return " ".join(f"{one.x:g},{one.y:g}" for one in self.points) if len(self.points) > 1 else ""


def _nice_top(value: float) -> float:
    """The least of 1, 2, 5, 10, 20 … that is not below the value.

    >>> [_nice_top(value) for value in (0, 1, 3, 12, 51)]
    [1, 1, 5, 20, 100]
    """
    power = 1
    while True:
        for step in STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1)


def _slot(count: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(1, count)


def _labels(count: int) -> list[tuple[float, int]]:
    """Five labels at most, the last place always among them."""
    each = max(1, -(-count // 5))
    return [(round(LEFT + (place + 0.5) * _slot(count), 1), place) for place in range(count - 1, -1, -each)][::-1]


def bars(stacks: Sequence[Sequence[int]]) -> Chart:
    """A stack of bars for each bucket; stacks: the counts of each, from below."""
    top, slot = _nice_top(max((sum(one) for one in stacks), default=0)), _slot(len(stacks))
    found = []
    for place, stack in enumerate(stacks):
        below = 0
        for layer, count in enumerate(stack):
            if count:
                y = _y(below + count, top)
                height = round(_y(below, top) - y, 1)
                found.append(Bar(round(LEFT + (place + 0.15) * slot, 1), y, round(0.7 * slot, 1), height, layer))
            below += count
    lines = [(_y(value, top), value) for value in (0.0, top / 2, float(top))]
    return Chart(lines, _labels(len(stacks)), bars=found)


def shares(values: Sequence[Share]) -> Chart:
    """A point with its interval for each bucket of which there is enough; from nothing to all."""
    slot, found = _slot(len(values)), []
    for place, one in enumerate(values):
        if one.ratio is not None and one.interval is not None:
            low, high = one.interval
            found.append(Point(round(LEFT + (place + 0.5) * slot, 1), _y(one.ratio, 1.0), _y(low, 1.0), _y(high, 1.0)))
    return Chart([(_y(value, 1.0), value) for value in (0.0, 0.5, 1.0)], _labels(len(values)), points=found)
