"""Charts as numbers in a drawing of fixed size, which a template puts into SVG: the page needs nothing else."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["HEIGHT", "LEFT", "WIDTH", "Chart", "Layer", "Line", "Spot", "columns", "lines"]

WIDTH, HEIGHT = 480, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 22, 20, 40
STEPS_WANTED = 5

Shown = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, of equal length each; is_dashed: what is foretold, or a line to compare with."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure with its interval at `x`."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Layer:
    """What is drawn of one name: a path through points, bars as (x, y, width, height), spots as (x, y, low, high)."""

    name: str
    is_dashed: bool = False
    path: str = ""
    bars: Sequence[tuple[float, float, float, float]] = ()
    spots: Sequence[tuple[float, float, float, float]] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Places of a drawing; across and below: ticks with their text; marks: upright lines with their text."""

    across: Sequence[tuple[float, str]]
    below: Sequence[tuple[float, str]]
    layers: Sequence[Layer]
    x_name: str
    y_name: str
    marks: Sequence[tuple[float, str]] = ()
    floor: float = HEIGHT - BOTTOM

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Where the plot lies: left, right, top, bottom."""
        return LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, shown: Shown) -> list[tuple[float, str]]:
        return [(self.at(one), shown(one)) for one in _marks(self.low, self.high)]


def _step(span: float) -> float:
    """The nearest of 1, 2, 2.5, 5 times a power of ten that makes about STEPS_WANTED steps.

    >>> [_step(span) for span in (1.0, 12.0, 0.3)]
    [0.2, 2.5, 0.1]
    """
    rough = span / STEPS_WANTED
    power = 10.0 ** math.floor(math.log10(rough))
    return float(f"{next((one for one in (1, 2, 2.5, 5) if one * power >= rough * 0.999), 10) * power:.6g}")


def _marks(low: float, high: float) -> list[float]:
    step = _step(high - low)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _around(values: Sequence[float], *, from_zero: bool) -> tuple[float, float]:
    """Ends of an axis: steps that hold all values, never of no width."""
    known = [one for one in values if math.isfinite(one)] or [0.0]
    low, high = min(known), max(known)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= abs(high) * 1e-9:
        low, high = low - (0.0 if low >= 0 else 1.0), high + (abs(high) or 1.0)
    step = _step(high - low)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def lines(
    drawn: Sequence[Line],
    names: tuple[str, str],
    shown: tuple[Shown, Shown],
    marks: Sequence[tuple[float, str]] = (),
    spots: tuple[str, Sequence[Spot]] | None = None,
) -> Chart:
    """Lines over one axis, with spots and upright marks; names, shown: of what lies below, and of what is upright."""
    dots = spots[1] if spots else ()
    every_x = [one for line in drawn for one in line.x] + [one.x for one in dots] + [one for one, _ in marks]
    every_y = [one for line in drawn for one in line.y] + [end for one in dots for end in (one.low, one.y, one.high)]
    x = _Scale(*_wide(every_x), LEFT, WIDTH - RIGHT)
    y = _Scale(*_around(every_y, from_zero=True), HEIGHT - BOTTOM, TOP)
    layers = [
        Layer(
            line.name,
            line.is_dashed,
            " ".join(f"{x.at(a):g},{y.at(b):g}" for a, b in zip(line.x, line.y, strict=True)),
        )
        for line in drawn
    ]
    if spots:
        placed = [(x.at(one.x), y.at(one.y), y.at(max(one.low, y.low)), y.at(min(one.high, y.high))) for one in dots]
        layers.append(Layer(spots[0], spots=placed))
    return Chart(
        across=y.ticks(shown[1]),
        below=x.ticks(shown[0]),
        layers=layers,
        x_name=names[0],
        y_name=names[1],
        marks=[(x.at(at), text) for at, text in marks],
        floor=y.at(0.0) if y.low <= 0.0 <= y.high else HEIGHT - BOTTOM,
    )


def _wide(values: Sequence[float]) -> tuple[float, float]:
    low, high = min([*values, 0.0]), max([*values, 0.0])
    return low, high if high > low else low + 1.0


def columns(
    labels: Sequence[str],
    stacks: Sequence[tuple[str, Sequence[float]]],
    names: tuple[str, str],
    shown: Shown,
    *,
    is_stacked: bool = False,
    line: tuple[str, Sequence[float | None]] | None = None,
) -> Chart:
    """Columns of several names at each label, side by side or stacked, and a line of dots over them."""
    count = max(len(labels), 1)
    slot = (WIDTH - RIGHT - LEFT) / count
    over = [one for one in (line[1] if line else ()) if one is not None]
    tops = [sum(one) for one in zip(*(values for _, values in stacks), strict=True)] if is_stacked else []
    every = [one for _, values in stacks for one in values] + tops + over
    y = _Scale(*_around(every, from_zero=True), HEIGHT - BOTTOM, TOP)
    layers, below = [], [0.0] * len(labels)
    share = 0.76 / (1 if is_stacked else max(len(stacks), 1))
    for at, (name, values) in enumerate(stacks):
        bars = []
        for place, value in enumerate(values):
            foot = below[place] if is_stacked else 0.0
            ends = sorted((y.at(foot), y.at(foot + value)))
            left = LEFT + slot * (place + 0.12 + (0.0 if is_stacked else at * share))
            bars.append((round(left, 1), ends[0], round(max(slot * share - 0.6, 0.4), 1), round(ends[1] - ends[0], 1)))
            below[place] += value
        layers.append(Layer(name, bars=bars))
    if line:
        dots = [(LEFT + slot * (at + 0.5), y.at(one)) for at, one in enumerate(line[1]) if one is not None]
        layers.append(Layer(line[0], is_dashed=True, path=" ".join(f"{a:.1f},{b:g}" for a, b in dots)))
    each = max(1, -(-len(labels) // 10))
    ticks = [(round(LEFT + slot * (at + 0.5), 1), text) for at, text in enumerate(labels) if at % each == 0]
    return Chart(y.ticks(shown), ticks, layers, *names, floor=y.at(0.0))
