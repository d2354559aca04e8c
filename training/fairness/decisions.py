"""How often each group is favoured: the impact ratio, and the gap among those who pay."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from linewise.quality.resampling import DRAWS, percentiles, resampled
from training.report.figures import AttributeFairness, GroupRate
from training.report.segments import CUSTOMERS_MINIMUM, Groups

__all__ = ["fairness_of_decisions"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def fairness_of_decisions(
    is_favoured: Bools, groups: Sequence[Groups], is_good: Bools | None = None, seed: int = 1, draw_count: int = DRAWS
) -> tuple[AttributeFairness, ...]:
    """Of decisions (n_customers,), one a customer, by each attribute whose values (n_customers,) `groups` give.

    is_good (n_customers,): who is known to have paid; None where nothing is known yet. Without draws the intervals
    are endless.
    """
    return tuple(_of_attribute(is_favoured, one, is_good, seed, draw_count) for one in groups)


def _of_attribute(
    is_favoured: Bools, of: Groups, is_good: Bools | None, seed: int, draw_count: int
) -> AttributeFairness:
    values, place, count = np.unique(np.array(of.values, dtype=str), return_inverse=True, return_counts=True)
    judged = np.flatnonzero(count >= CUSTOMERS_MINIMUM)
    good = np.zeros(len(place), dtype=np.bool_) if is_good is None else is_good
    known = [group for group in judged if int((good & (place == group)).sum()) >= CUSTOMERS_MINIMUM]

    def figures(weight: Floats) -> Floats:
        rate = _rates(place, is_favoured, weight, len(values))
        among_good = _rates(place, is_favoured, weight * good, len(values))
        return np.array([_ratio(rate[judged]), np.ptp(among_good[known]) if len(known) > 1 else np.nan])

    ones = np.ones(len(place))
    rate, among_good = (_rates(place, is_favoured, weight, len(values)) for weight in (ones, ones * good))
    once, drawn = resampled(figures, np.arange(len(place), dtype=np.int64), seed, draw_count)
    drawn = drawn.reshape(-1, 2)
    return AttributeFairness(
        attribute=of.attribute,
        groups=tuple(
            GroupRate(
                value=str(values[group]),
                customer_count=int(count[group]),
                favoured_ratio=float(rate[group]),
                favoured_among_good_ratio=float(among_good[group]) if group in known else None,
            )
            for group in judged
        ),
        impact_ratio=percentiles(float(once[0]), drawn[:, 0]) if len(judged) > 1 else None,
        opportunity_gap=percentiles(float(once[1]), drawn[:, 1]) if len(known) > 1 else None,
    )


def _rates(place: Integers, is_favoured: Bools, weight: Floats, group_count: int) -> Floats:
    """The weighted share that is favoured by group, (n_groups,)."""
    whole = np.bincount(place, weight, minlength=group_count)
    favoured = np.bincount(place, weight * is_favoured, minlength=group_count)
    return np.asarray(favoured / np.maximum(whole, 1e-9))


def _ratio(rate: Floats) -> float:
    """The lowest over the highest; nobody is passed over where nobody is favoured."""
    if len(rate) < 2 or rate.max() == 0.0:
        return 1.0
    return float(rate.min() / rate.max())
