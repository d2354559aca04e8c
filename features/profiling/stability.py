"""The population stability index: how far a distribution has moved from that of a reference date.

    PSI = sum over bins of (current share - reference share) x ln(current share / reference share)

It is Jeffreys' divergence (Kullback and Leibler, "On information and sufficiency", Annals of Mathematical
Statistics 22(1), 1951), used so in credit scoring at least since Lewis, "An introduction to credit scoring"
(1994), and by its present name in Siddiqi, "Credit risk scorecards" (2006).
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from features.profiling.distributions import Distribution, Integers

__all__ = [
    "BINS_WANTED",
    "SHARE_FLOOR",
    "SHIFTED_ABOVE",
    "WATCH_FROM",
    "Band",
    "band_of",
    "bin_shares",
    "bin_starts",
    "chance_index",
    "index_by_tenths",
    "stability_index",
]

Band = Literal["stable", "watch", "shifted"]

WATCH_FROM = 0.10
SHIFTED_ABOVE = 0.25
"""The bands of the trade (Siddiqi 2006): a convention, not mathematics, and the same for any number of rows."""

SHARE_FLOOR = 1e-4
"""An empty bin counts as one row in ten thousand, for a logarithm of nothing is infinite.

The same for every number of rows, so that a larger bank does not move more by being larger: one customer in
a hundred in a bin that was empty gives 0.05, five in a hundred 0.30.
"""

BINS_WANTED = 10


def band_of(index: float) -> Band:
    """The word for an index.

    >>> [band_of(index) for index in (0.0999, 0.1, 0.25, 0.2501)]
    ['stable', 'watch', 'watch', 'shifted']
    """
    if index > SHIFTED_ABOVE:
        return "shifted"
    return "watch" if index >= WATCH_FROM else "stable"


def stability_index(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float:
    """The index of two sets of shares (n_bins,) of the same bins.

    A half that becomes 0.6 is stable, one that becomes 0.7 is to be watched, one that becomes 0.8 has shifted;
    and one customer in a hundred where there was nobody:

    >>> even = np.array([0.5, 0.5])
    >>> [round(stability_index(even, np.array([share, 1 - share])), 4) for share in (0.5, 0.6, 0.7, 0.8)]
    [0.0, 0.0405, 0.1695, 0.4159]
    >>> round(stability_index(np.array([1.0, 0.0]), np.array([0.99, 0.01])), 4)
    0.0457
    """
    were, are = np.maximum(reference, SHARE_FLOOR), np.maximum(current, SHARE_FLOOR)
    return float(((are - were) * np.log(are / were)).sum())


def index_by_tenths(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float:
    """The index of scores that are all known, (n_reference,) and (n_current,), by tenths of the reference.

    >>> index_by_tenths(np.arange(100.0), np.arange(100.0)), round(index_by_tenths(np.arange(9.0), np.full(9, 9.0)), 1)
    (0.0, 8.2)
    """
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, BINS_WANTED + 1)[1:-1]))
    before, now = (
        np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1) / len(scores)
        for scores in (reference, current)
    )
    return stability_index(before, now)


def bin_starts(reference: Distribution) -> Integers:
    """The first grid cell of every bin but the lowest, ascending (n_bins - 1,).

    Bins end at the reference's deciles. Many features are mostly zero, so several deciles are one value: a value
    (a cell) that holds a tenth of the known rows or more is a bin by itself, and what lies on either side
    of it is told apart, be it empty in the reference. The outer bins are open.
    """
    cells = reference.cells
    if not cells.size:
        return cells
    ranks = np.arange(1, BINS_WANTED) * reference.known
    deciles = np.searchsorted(BINS_WANTED * reference.counts.cumsum(), ranks)
    heavy = cells[BINS_WANTED * reference.counts >= reference.known]
    return np.unique(np.concatenate([cells[deciles] + 1, heavy, heavy + 1]))


def bin_shares(distribution: Distribution, starts: Integers) -> NDArray[np.float64]:
    """The share of all rows in each bin (n_bins + 1,), at the end those without a number."""
    places = np.searchsorted(starts, distribution.cells, side="right")
    inside = np.bincount(places, weights=distribution.counts, minlength=starts.size + 1)
    return np.append(inside, distribution.rows - distribution.known) / distribution.rows


def chance_index(bin_count: int, reference_rows: int, current_rows: int) -> float:
    """The index to expect of two samples of one and the same population.

    (bins - 1) x (1/rows + 1/rows), for the index is then distributed nearly as a chi-square times that sum:
    Yurdakul and Naranjo, "Statistical properties of the population stability index", Journal of Risk Model
    Validation 14(4), 2020.

    >>> round(chance_index(10, 1_000, 1_000), 3), round(chance_index(10, 100, 100), 3)
    (0.018, 0.18)
    """
    return (bin_count - 1) * (1 / reference_rows + 1 / current_rows)
