"""The profile as one HTML file that needs nothing else: readable on a phone and on paper, in light and dark."""

from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from jinja2 import Environment

from features.feature import COUNT_LIMIT, WHOLE_LIMIT, Unit
from features.freshness import MEANINGS
from features.profiling.bars import Bars
from features.profiling.dates import show_moment
from features.profiling.distributions import CELLS_A_DOUBLING, DISTINCT_LIMIT
from features.profiling.report import FeatureProfile, Profile
from features.profiling.stability import BINS_WANTED, SHARE_FLOOR, SHIFTED_ABOVE, WATCH_FROM
from linewise.core.formatters import show_money, show_percent
from linewise.core.page_templates import page_templates

__all__ = ["profile_page"]

_LANGUAGE = "en"
_SMALLEST_SHOWN = 0.0005
_PLOT_WIDTH, _PLOT_HEIGHT = 320, 120
_PSI_TOP = 1.0
_NEAREST_MOVED = 0.8


def profile_page(profile: Profile) -> str:
    """The page; the same profile gives the same bytes."""
    families = {family: tuple(members) for family, members in groupby(profile.features, lambda one: one.family)}
    return (
        _environment()
        .get_template("profile.html")
        .render(
            profile=profile,
            families=families,
            value=partial(_value, currency=profile.currency),
            declared_range=partial(_range, currency=profile.currency),
            psi_top=_psi_top(profile.by_psi),
        )
    )


@cache
def _environment() -> Environment:
    made = page_templates(Path(__file__).parent / "templates")
    made.filters |= {"share": _share, "moment": show_moment, "index": _index}
    made.globals |= {
        "bars_path": _bars_path,
        "outline_path": _outline_path,
        "tallest": _tallest,
        "freshness_meanings": MEANINGS,
        "plot_width": _PLOT_WIDTH,
        "plot_height": _PLOT_HEIGHT,
        "psi_bins": BINS_WANTED,
        "psi_floor": SHARE_FLOOR,
        "watch_from": WATCH_FROM,
        "shifted_above": SHIFTED_ABOVE,
        "cells": CELLS_A_DOUBLING,
        "distinct_limit": DISTINCT_LIMIT,
    }
    return made


def _value(number: float | None, unit: Unit, *, currency: str, decimals: int = 0) -> str:
    """A figure as a person reads it; `decimals` for a mean of whole numbers."""
    if number is None:
        return "none"
    if unit == "minor units":
        return show_money(round(number), currency, _LANGUAGE)
    if unit == "ratio":
        return f"{number:,.4f}"
    return f"{number:,.{decimals}f}"


def _range(feature: FeatureProfile, *, currency: str) -> str:
    low, high = feature.declared_minimum, feature.declared_maximum
    is_open = high >= (COUNT_LIMIT if feature.unit == "count" else WHOLE_LIMIT)
    if is_open:
        return "any" if low <= -WHOLE_LIMIT else f"{_value(low, feature.unit, currency=currency)} or more"
    if low <= -WHOLE_LIMIT:
        return f"{_value(high, feature.unit, currency=currency)} or less"
    return " to ".join(_value(end, feature.unit, currency=currency) for end in (low, high))


def _share(ratio: float | None) -> str:
    """A share of the rows in per cent, where a few rows of a million are not told as none."""
    if ratio is None:
        return "none"
    if 0.0 < ratio < _SMALLEST_SHOWN:
        return "under 0.1%"
    if 1.0 - _SMALLEST_SHOWN < ratio < 1.0:
        return "over 99.9%"
    return show_percent(ratio, _LANGUAGE, 1)


def _index(psi: float) -> str:
    return f"{psi:.3f}"


def _psi_top(by_psi: Sequence[FeatureProfile]) -> float:
    """Where the plot of all indices ends: never below the bands, and one runaway does not flatten the rest."""
    furthest = max((one.psi or 0.0 for one in by_psi), default=0.0)
    return min(_PSI_TOP, max(furthest / _NEAREST_MOVED, 2 * SHIFTED_ABOVE))


def _tallest(bars: Bars) -> float:
    return max(*bars.current, *(bars.reference or ()), 1e-12)


def _bars_path(heights: Sequence[float], tallest: float) -> str:
    """An SVG path of bars that stand apart, the tallest as high as the plot."""
    width = _PLOT_WIDTH / len(heights)
    gap = min(1.0, width / 5)
    return "".join(
        f"M{place * width + gap / 2:.1f} {_PLOT_HEIGHT}v-{tall:.1f}h{width - gap:.1f}v{tall:.1f}z"
        for place, tall in enumerate(_PLOT_HEIGHT * height / tallest for height in heights)
        if tall > 0
    )


def _outline_path(heights: Sequence[float], tallest: float) -> str:
    """An SVG path of stairs over the tops of the bars."""
    width = _PLOT_WIDTH / len(heights)
    tops = [_PLOT_HEIGHT * (1 - height / tallest) for height in heights]
    return (
        f"M0 {_PLOT_HEIGHT}"
        + "".join(f"V{top:.1f}H{(at + 1) * width:.1f}" for at, top in enumerate(tops))
        + (f"V{_PLOT_HEIGHT}")
    )
