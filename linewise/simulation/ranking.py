"""Places within runs of equal values."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Ints

__all__ = ["rank_within"]


def rank_within(who: NDArray[Any]) -> Ints:
    """0, 1, 2 … within each run of equal values, (n,)."""
    if not len(who):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    lengths = np.diff(np.append(starts, len(who)))
    return np.arange(len(who)) - np.repeat(starts, lengths)
