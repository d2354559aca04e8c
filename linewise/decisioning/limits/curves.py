"""How default, balance and spending answer to each candidate limit, and how the line is then used, compiled."""

from math import erfc, exp, pi, sqrt
from typing import Any

import numpy as np
from numba import njit, vectorize

from linewise.decisioning.valuing import between

__all__ = ["answered", "borne", "declined", "declined_share", "used"]

ROOT_OF_TWO, ROOT_OF_TWO_PI = sqrt(2.0), sqrt(2.0 * pi)


@njit(nogil=True, cache=True)
def answered(default: Any, balance: Any, spend: Any, doses: Any, errors: float) -> Any:
    """What survives, what earns interest and what is spent, each (2, n_customers, n_grid).

    First as expected, then with so many errors more of the slope of default and fewer of the others, none below zero.
    default, balance, spend: base, slope and its error, each (n_customers,); doses: those of the three, each
    (n_customers, n_grid).
    """
    rows, width = doses[0].shape
    surviving, earning, spent = np.empty((2, rows, width)), np.empty((2, rows, width)), np.empty((2, rows, width))
    for row in range(rows):
        for end in range(2):
            worse, less, fewer = default[1][row], balance[1][row], spend[1][row]
            if end == 1:
                worse += errors * default[2][row]
                less = max(less - errors * balance[2][row], 0.0)
                fewer = max(fewer - errors * spend[2][row], 0.0)
            for at in range(width):
                surviving[end, row, at] = 1.0 / (1.0 + exp(default[0][row] + worse * doses[0][row, at]))
                earning[end, row, at] = max(balance[0][row] + less * doses[1][row, at], 0.0)
                spent[end, row, at] = max(spend[0][row] + fewer * doses[2][row, at], 0.0)
    return surviving, earning, spent


@njit(nogil=True, cache=True)
def _declined(limit: float, mean: float, spread: float) -> float:
    """What lies above a line in a mean cycle: E[(demand - limit)+] of a normal demand."""
    deviation = max(spread, 1e-9)
    z = (limit - mean) / deviation
    return deviation * max(exp(-0.5 * z * z) / ROOT_OF_TWO_PI - z * (0.5 * erfc(z / ROOT_OF_TWO)), 0.0)


@vectorize(["float64(float64, float64, float64)"], nopython=True, cache=True)
def declined(limit: Any, mean: Any, spread: Any) -> Any:
    """The same of arrays that broadcast."""
    return _declined(limit, mean, spread)


@vectorize(["float64(float64, float64, float64)"], nopython=True, cache=True)
def declined_share(limit: Any, mean: Any, spread: Any) -> Any:
    """The same as a share of what is wanted, at most 1; 0 where nothing is."""
    return min(_declined(limit, mean, spread) / max(mean, 1.0), 1.0) if mean > 0.0 else 0.0


@njit(nogil=True, cache=True)
def used(limit: Any, owed: Any, utilisation: Any, whole_share: Any, added_share: Any) -> Any:
    """The share of each line in use, and what is owed by who defaults on it as it was raised, (n_customers, n_grid).

    utilisation (n_customers,). whole_share, added_share: bands of the exposure of a line, and of what is added to it,
    by how much of the line in force is used: who is near the limit fills the new line up again, so a raise makes nobody
    safer by lowering the share that is used.
    """
    in_use, at_default = np.empty(owed.shape), np.empty(owed.shape)
    for row in range(owed.shape[0]):
        current, owed_now, part = limit[row, 0], owed[row, 0], utilisation[row]
        of_whole = of_added = 0.0
        for at in range(owed.shape[1]):
            line, owes = limit[row, at], owed[row, at]
            # What is owed now, or will be by the model, whichever is more, and what is added.
            drawn = max(owes, part * current + owes - owed_now)
            if at == 0:
                habit = drawn / max(current, 1)
                of_whole = between(habit, whole_share[0], whole_share[1])
                of_added = between(habit, added_share[0], added_share[1])
            in_use[row, at] = drawn / max(line, 1)
            is_raised = current > 0 and line >= current
            at_default[row, at] = max(owes, of_whole * current + of_added * (line - current) if is_raised else 0.0)
    return in_use, at_default


@vectorize(["float64(float64, float64, float64, float64)"], nopython=True, cache=True)
def borne(revolves: Any, now: Any, earning: Any, ramp: Any) -> Any:
    """The balance that bears interest on average within the year: new borrowing grows over it."""
    return revolves * (now + ramp * (earning - now))
