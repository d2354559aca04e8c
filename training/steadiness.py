"""Inputs that moved within the rows a model learns from: what they taught of then is a guess about later."""

import numpy as np
import numpy.typing as npt

from features.profiling.stability import BINS_WANTED, SHIFTED_ABOVE, stability_index
from training.dataset import Dataset

__all__ = ["moved_inputs"]

Floats = npt.NDArray[np.float64]

OLDER_PART = 2 / 3
APART = 12
"""Values of an input of so few are compared one by one, not by tenths."""


def moved_inputs(data: Dataset) -> dict[str, float]:
    """The inputs whose distribution moved between the older two thirds of the rows and the rest, with their index.

    The population stability index above which a variable of a scorecard counts as shifted; missing values are a bin
    of their own. An empty dict where the rows carry no time.
    """
    if data.as_of is None:
        return {}
    order = np.argsort(data.as_of, kind="stable")
    older, later = np.split(data.x[order], [int(len(order) * OLDER_PART)])
    if not len(older) or not len(later):
        return {}
    found = {name: _index(older[:, place], later[:, place]) for place, name in enumerate(data.inputs)}
    return {name: index for name, index in found.items() if index > SHIFTED_ABOVE}


def _index(older: Floats, later: Floats) -> float:
    both = np.concatenate([older, later])
    seen = np.unique(both[~np.isnan(both)])
    if len(seen) > APART and not np.isnan(older).all():
        seen = np.unique(np.nanquantile(older, np.linspace(0, 1, BINS_WANTED + 1)[1:-1]))
    return stability_index(_shares(older, seen), _shares(later, seen))


def _shares(values: Floats, edges: Floats) -> Floats:
    """The share of values in each bin that the edges begin, below the first, and missing: (n_edges + 2,)."""
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return np.append(counts, len(values) - len(known)) / len(values)
