"""The weightiest codes of each row, compiled."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["heaviest"]


@compiled
def heaviest(values: Any, columns: Any, places: Any, sign: Any, code_count: int, most: int) -> Any:
    """The codes (n_rows, most) of highest weight and these weights, heaviest first; of two alike the first code.

    Contributions of the inputs `columns`, turned by the sign of the row, are added to the code at the same place
    of `places`, one after the other: the sum does not depend on how many rows stand beside it.
    """
    most = min(most, code_count)
    codes = np.empty((len(values), most), dtype=np.int64)
    weights = np.empty((len(values), most))
    for row in range(len(values)):
        weight = np.zeros(code_count)
        for at in range(len(columns)):
            weight[places[at]] += values[row, columns[at]] * sign[row]
        for place in range(most):
            best = np.argmax(weight)
            codes[row, place], weights[row, place] = best, weight[best]
            weight[best] = -np.inf
    return codes, weights
