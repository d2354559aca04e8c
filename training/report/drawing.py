"""What the pictures of a report share: figures with intervals, axes of shares, and how learners are told apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from linewise.quality.intervals import Measured

__all__ = ["COLOURS", "LINES", "forest", "share_axis", "with_intervals"]

# Told apart also without colours, by line and by the order of the key.
COLOURS = ("#0b558f", "#c2571a", "#5b7f2b", "#7a4ea3", "#555555")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)))
BOUNDS = (0.90, 1.10)
FURTHEST = 3.0
SHARES = (*(factor * 10.0**power for power in range(-5, 0) for factor in (1, 2, 5)), 1.0)
MOST_MARKS = 7


def forest(rows: Sequence[tuple[str, Measured]], kinds: Sequence[str], below: str) -> Figure:
    """A line a row, those of one kind together under its name."""
    heights, marks, height = [], [], 0.0
    for at, kind in enumerate(kinds):
        if at == 0 or kind != kinds[at - 1]:
            height += 1.0
            marks.append((height, kind))
            height += 0.8
        heights.append(height)
        height += 0.8
    figure = Figure(figsize=(8.4, 0.9 + 0.22 * height))
    axes = figure.subplots()
    axes.axvspan(*BOUNDS, color="#0b558f", alpha=0.10, linewidth=0)
    axes.axvline(1.0, color="0.6", linewidth=1)
    cut = [
        Measured(value=min(one.value, FURTHEST), low=min(one.low, FURTHEST), high=min(one.high, FURTHEST))
        for _, one in rows
    ]
    with_intervals(axes, np.array(heights), cut, is_upright=False)
    axes.set_yticks(heights, [word for word, _ in rows], fontsize=8)
    for mark, kind in marks:
        word = "in all" if kind == "overall" else f"by {kind.replace('_', ' ')}"
        axes.text(0.01, mark, word, weight="bold", fontsize=8.5, va="center", transform=axes.get_yaxis_transform())
    axes.set(ylim=(height + 0.2, 0.3), xlim=(0, max(2.0, *(one.high for one in cut)) * 1.02), xlabel=below)
    axes.grid(axis="x", color="0.92")
    axes.set_axisbelow(True)
    return figure


def with_intervals(axes: Axes, at: npt.NDArray[np.float64], found: Sequence[Measured], *, is_upright: bool) -> None:
    """Points at these places with their intervals, upright or lying."""
    values = np.array([one.value for one in found])
    ends = np.array([[one.value - one.low, one.high - one.value] for one in found]).T
    how: dict[str, Any] = {"fmt": "o", "capsize": 2.5, "markersize": 4, "color": COLOURS[0], "linewidth": 1.2}
    if is_upright:
        axes.errorbar(at, values, yerr=ends, **how)
    else:
        axes.errorbar(values, at, xerr=ends, **how)


def share_axis(axis: Axis, low: float, high: float) -> None:
    """Marks of a logarithmic axis of shares that a person reads."""
    marks = [mark for mark in SHARES if low <= mark <= high]
    axis.set_major_locator(FixedLocator(marks[:: max(len(marks) // MOST_MARKS, 1)]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3%}".rstrip("%").rstrip("0").rstrip(".") + "%"))
    axis.set_minor_locator(NullLocator())
