"""What changes of a score although nothing changed."""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

__all__ = ["correlation_of_ranks", "first_tenth_moved"]

Floats = npt.NDArray[np.float64]


def correlation_of_ranks(one: Floats, other: Floats) -> float:
    """Spearman's correlation of two scores (n_rows,); 1 where both are constant, 0 where one is."""
    ranks = [rankdata(score) for score in (one, other)]
    spreads = [float(rank.std()) for rank in ranks]
    if min(spreads) == 0:
        return 1.0 if max(spreads) == 0 else 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def first_tenth_moved(one: Floats, other: Floats) -> float:
    """The share of the first tenth by one score (n_rows,) that is not in the first tenth by the other."""
    count = max(len(one) // 10, 1)
    first = [set(np.argsort(-score, kind="stable")[:count].tolist()) for score in (one, other)]
    return 1.0 - len(first[0] & first[1]) / count
