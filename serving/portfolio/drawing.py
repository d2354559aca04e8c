"""The frontier as a picture: profit against expected loss and against new credit, and what each constraint costs."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from linewise.core.errors import UsageError
from linewise.core.files import written_whole
from linewise.core.money import minor_units
from serving.portfolio.frontier import SWEPT, Frontier

__all__ = ["FORMATS", "UNIT_WORDS", "draw_frontier"]

FORMATS = (".png", ".svg")
INK, LINE, SOFT, MARK = "#1f2933", "#0b6e6e", "#8fb8b8", "#c2410c"

WORDS = {"loss": "Expected loss of twelve months", "exposure": "New credit granted"}

UNIT_WORDS = {
    "money": "one more {currency} spent on offers",
    "contacts": "one more contact",
    "exposure": "one more {currency} of new credit",
    "loss": "one more {currency} of expected loss",
    "capital": "one more {currency} of capital",
}
"""The unit that a price is of, by name of the budget."""


def draw_frontier(path: Path, frontier: Frontier, title: str) -> None:
    """Write the picture as PNG or SVG by the ending of its name, whole or not at all.

    The figure is made without pyplot, so none stays open in the process. Raises UsageError for another ending.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"The picture {path} was asked for.", f"A name ending in {' or '.join(FORMATS)} was expected.")
    figure = Figure(figsize=(13.5, 6.2), layout="constrained")
    *panels, prices = figure.subplots(1, 3, width_ratios=[5, 5, 3.4])
    for axes, name in zip(panels, SWEPT, strict=True):
        _panel(axes, frontier, name)
    _prices(prices, frontier)
    figure.suptitle(title, fontsize=13, color=INK, x=0.01, ha="left")
    kind = path.suffix.lower().removeprefix(".")
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    with written_whole(path) as draft:
        figure.savefig(draft, format=kind, dpi=100, metadata=metadata)


def _scale(amounts: Any) -> tuple[float, str]:
    """A divisor of major units in which the largest has few digits, and its word."""
    most = float(np.abs(amounts).max(initial=0.0))
    for divisor, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if most >= divisor:
            return divisor, f" {word}"
    return 1.0, ""


def _panel(axes: Any, frontier: Frontier, name: str) -> None:
    major = 10.0 ** minor_units(frontier.currency)
    points, solved = frontier.points[name], frontier.solved
    used = np.array([one.used for one in points]) / major
    value, expected = (np.array([getattr(one, of) for one in points]) / major for of in ("value_amt", "expected_amt"))
    (across, across_word), (up, up_word) = _scale(used), _scale(np.concatenate([value, expected]))
    axes.plot(used / across, expected / up, color=SOFT, lw=1.6, label="the same choice, as expected")
    axes.plot(
        used / across,
        value / up,
        color=LINE,
        lw=2.4,
        marker="o",
        ms=3.5,
        label="the most that can be reached, raises at their cautious end",
    )
    axes.plot([used[0] / across, used[-1] / across], [value[0] / up, value[-1] / up], color=INK, lw=1.0, ls=(0, (4, 3)),
              label="without prices: whoever calls first")  # fmt: skip
    _mark_budget(axes, frontier, name, (solved.used[name] / major / across, solved.value_amt / major / up))
    axes.set_xlabel(f"{WORDS[name]},{across_word} {frontier.currency}")
    axes.set_ylabel(f"Value to the bank,{up_word} {frontier.currency}")
    axes.set_title(f"Value against {WORDS[name][0].lower()}{WORDS[name][1:]}", fontsize=11, loc="left", color=INK)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=_floor_of(np.concatenate([value, expected]) / up))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))
        axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,g}"))
    axes.grid(color="#e5e9ec", lw=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", fontsize=8, frameon=False)


def _floor_of(values: Any) -> float:
    """Where the axis begins: at nothing, unless what needs none of the budget would leave the curve flat."""
    least, most = float(values.min()), float(values.max())
    return least - 0.08 * (most - least) if most > least > 0.4 * most else min(0.0, least)


def _mark_budget(axes: Any, frontier: Frontier, name: str, at: tuple[float, float]) -> None:
    axes.plot(*at, marker="D", ms=8, color=MARK, zorder=5)
    price = frontier.solved.prices.of(name)
    told = f"under all budgets\na unit more earns {price:,.3g}" if price else "under all budgets\nnot scarce"
    # A concave curve leaves the lower right corner free, wherever the point lies.
    axes.annotate(
        told,
        at,
        xytext=(0.98, 0.24),
        textcoords="axes fraction",
        ha="right",
        fontsize=8.5,
        color=MARK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.9, "pad": 1.5},
        arrowprops={"arrowstyle": "-", "color": MARK, "lw": 0.7, "shrinkB": 6},
    )


def _prices(axes: Any, frontier: Frontier) -> None:
    """What one more unit of each budget earns, in words: prices of different units share no axis."""
    axes.axis("off")
    axes.set_title("What each constraint costs", fontsize=11, loc="left", color=INK)
    major, solved, y = 10.0 ** minor_units(frontier.currency), frontier.solved, 0.93
    for name, words in UNIT_WORDS.items():
        price = solved.prices.of(name) / (major if name == "contacts" else 1.0)
        budget = solved.budgets.get(name)
        colour = MARK if price > 0 else "#6b7780"
        axes.text(0.0, y, words.format(currency=frontier.currency), fontsize=9, color=INK, transform=axes.transAxes)
        earns = f"earns {price:,.3g} {frontier.currency}" if price > 0 else "earns nothing more"
        axes.text(0.0, y - 0.045, earns, fontsize=11, color=colour, weight="bold", transform=axes.transAxes)
        axes.text(0.0, y - 0.085, _of_budget(name, frontier, major, budget is not None), fontsize=8, color="#6b7780",
                  transform=axes.transAxes)  # fmt: skip
        y -= 0.18


def _of_budget(name: str, frontier: Frontier, major: float, is_given: bool) -> str:
    if not is_given or frontier.solved.budgets[name].amount == float("inf"):
        return "no budget was given"
    unit = 1.0 if name == "contacts" else major
    amount, used = frontier.solved.budgets[name].amount / unit, frontier.solved.used[name] / unit
    share = f"{used / amount:.0%} used" if amount else "empty"
    return f"of {amount:,.0f}: {share}"
