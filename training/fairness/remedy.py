"""What it takes that no group is passed over: one bonus for favouring anybody, the same for everybody.

The attribute never enters a decision. A bonus on every raise, whoever's, moves those whose raise is worth about
nothing, and of those a group that is passed over has the most; the budget of loss is kept by its price. How large it
must be is found on a sample of customers whose attributes a judge of fairness may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.fairness.decisions import fairness_of_decisions
from training.report.segments import Groups

__all__ = ["Remedy", "least_bonus"]

Bools = npt.NDArray[np.bool_]

TRIED_COUNT, HALVINGS = 8, 8


@dataclass(frozen=True, slots=True)
class Remedy:
    """The bonus (minor units) and the lowest impact ratio with it; is_reached: whether that is what was asked for."""

    bonus_amt: float
    impact_ratio: float
    is_reached: bool


def least_bonus(
    favoured: Callable[[float], Bools], groups: Sequence[Groups], asked_ratio: float, most_amt: float
) -> Remedy:
    """The least bonus with which the impact ratio of every attribute is at least what is asked for.

    favoured(bonus): who is favoured with that bonus, (n_customers,), under the budgets that hold. A large bonus need
    not be fairer than a small one, so bonuses are tried from small to large, and between the last that falls short and
    the first that reaches it the least is sought. Where none does, the fairest of those tried is told.
    """

    def lowest(bonus: float) -> float:
        chosen = favoured(bonus)
        found = [_plain_ratio(chosen, one) for one in groups]
        return min(found, default=1.0)

    none = lowest(0.0)
    if none >= asked_ratio:
        return Remedy(0.0, none, is_reached=True)
    tried = {0.0: none}
    for bonus in most_amt * 2.0 ** -np.arange(TRIED_COUNT - 1, -1, -1):
        tried[float(bonus)] = lowest(float(bonus))
        if tried[float(bonus)] >= asked_ratio:
            break
    fairest = max(tried, key=lambda bonus: (tried[bonus], -bonus))
    if tried[fairest] < asked_ratio:
        return Remedy(fairest, tried[fairest], is_reached=False)
    low, high, reached = list(tried)[-2], fairest, tried[fairest]
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        ratio = lowest(middle)
        if ratio >= asked_ratio:
            high, reached = middle, ratio
        else:
            low = middle
    return Remedy(high, reached, is_reached=True)


def _plain_ratio(is_favoured: Bools, of: Groups) -> float:
    """The impact ratio without its interval."""
    (found,) = fairness_of_decisions(is_favoured, [of], draw_count=0)
    return 1.0 if found.impact_ratio is None else found.impact_ratio.value
