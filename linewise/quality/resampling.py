"""Intervals by drawing customers anew: rows of one customer tell of the same person and are drawn together."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from linewise.quality.intervals import Measured

__all__ = ["DRAWS", "customer_weights", "percentiles", "resampled"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DRAWS = 200


def customer_weights(groups: Integers, seed: int, count: int = DRAWS) -> Iterator[Floats]:
    """`count` times how often each row (n_rows,) was drawn: one Poisson number of mean 1 for each customer.

    The draws follow from the seed, so that two learners are judged on the same customers.
    """
    _, place = np.unique(groups, return_inverse=True)
    customers = int(place.max()) + 1 if len(place) else 0
    draw = np.random.default_rng(seed)
    for _ in range(count):
        yield draw.poisson(1.0, customers)[place].astype(np.float64)


def resampled(
    figures: Callable[[Floats], Floats], groups: Integers, seed: int, count: int = DRAWS
) -> tuple[Floats, Floats]:
    """The figures (n_figures,) with every row once, and (n_draws, n_figures) with the customers drawn anew."""
    once = figures(np.ones(len(groups)))
    return once, np.array([figures(weight) for weight in customer_weights(groups, seed, count)])


def percentiles(value: float, drawn: Floats) -> Measured:
    """A figure with the interval that holds 95% of its draws, and always the figure."""
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return Measured(value=value, low=-np.inf, high=np.inf)
    low, high = np.quantile(known, (0.025, 0.975))
    return Measured(value=value, low=min(float(low), value), high=max(float(high), value))
