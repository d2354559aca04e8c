"""The bars of a small plot: what share of the known values lies where, on one date and on the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature
from features.profiling.distributions import Distribution, Integers, cell_of

__all__ = ["BAR_COUNT", "Bars", "Spike", "bars_of"]

BAR_COUNT = 32
_SPIKE_RATIO = 0.25
"""A value that holds as much is told in words: beside its bar all others would vanish."""
_TAIL_PERCENT = 1


@dataclass(frozen=True, slots=True)
class Spike:
    """A value that is told and not drawn: its share of the known values on the date and on the reference date."""

    value: float
    current: float
    reference: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars side by side from `start` to `end`, both drawn.

    current and reference (None where there is no reference) are shares of the known values, a number a bar.
    has_bar_a_value: each bar stands for one value. Otherwise all are equally wide, and values outside, at most
    one in a hundred on either side of what is drawn, lie in the first and the last bar.
    """

    start: float
    end: float
    current: tuple[float, ...]
    reference: tuple[float, ...] | None
    spikes: tuple[Spike, ...]
    has_bar_a_value: bool


def bars_of(current: Distribution, reference: Distribution | None, feature: Feature) -> Bars | None:
    """The bars of a feature; None where no date holds a value."""
    both = [current] if reference is None else [current, reference]
    cells = np.unique(np.concatenate([one.cells for one in both]))
    if not cells.size:
        return None
    values = np.full(cells.size, np.inf)
    shares = np.zeros((len(both), cells.size))
    for row, one in zip(shares, both, strict=True):
        places = np.searchsorted(cells, one.cells)
        values[places] = np.minimum(values[places], one.values)
        row[places] = one.counts / max(one.known, 1)
    if cells.size <= BAR_COUNT:
        return _made(float(values[0]), float(values[-1]), shares, (), has_bar_a_value=True)
    is_spike = (shares >= _SPIKE_RATIO).any(axis=0) | _stands_for_nothing(cells, feature)
    spikes = [
        Spike(float(values[at]), float(shares[0, at]), None if reference is None else float(shares[1, at]))
        for at in np.flatnonzero(is_spike)
    ]
    is_whole = feature.type == "integer"
    edges = _edges(values[~is_spike], shares[:, ~is_spike], is_whole=is_whole)
    places = np.clip(np.searchsorted(edges, values[~is_spike], side="right") - 1, 0, edges.size - 2)
    drawn = np.zeros((len(both), edges.size - 1))
    for row, share in zip(drawn, shares[:, ~is_spike], strict=True):
        np.add.at(row, places, share)
    end = min(float(edges[-1]) - (1.0 if is_whole else 0.0), float(values[~is_spike][-1]))
    return _made(float(edges[0]), end, drawn, spikes, has_bar_a_value=False)


def _stands_for_nothing(cells: Integers, feature: Feature) -> NDArray[np.bool_]:
    """Where the default lies, if it is a number set far away for 'never': the axis would be all gap."""
    return np.isin(cells, cell_of(np.array([feature.default])) if feature.default else [])


def _made(
    start: float, end: float, shares: NDArray[np.float64], spikes: Sequence[Spike], *, has_bar_a_value: bool
) -> Bars:
    rows = [tuple(row.tolist()) for row in shares]
    return Bars(start, end, rows[0], rows[1] if len(rows) > 1 else None, tuple(spikes), has_bar_a_value)


def _edges(values: NDArray[np.float64], shares: NDArray[np.float64], *, is_whole: bool) -> NDArray[np.float64]:
    """Equally wide bars over the middle of both dates; whole numbers are never split unevenly among them."""
    heights = shares.sum(axis=0).cumsum()
    tail = _TAIL_PERCENT / 100 * heights[-1]
    low = values[np.searchsorted(heights, tail)]
    high = values[min(np.searchsorted(heights, heights[-1] - tail), values.size - 1)]
    if is_whole:
        width = max(1.0, np.ceil((high - low + 1) / BAR_COUNT))
        return low + width * np.arange(np.ceil((high - low + 1) / width) + 1)
    return np.linspace(low, high if high > low else low + 1.0, BAR_COUNT + 1)
