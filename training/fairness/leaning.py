"""The cheapest way to pass over nobody without reading an attribute: a bonus that leans to those of whom inputs tell.

One bonus for everybody (`training.fairness.remedy`) also favours more of those who are favoured most, and pays for it.
The impact ratio asks that the rate of each group be at least r times that of any other. By inputs x alone, a decision
d(x) favours a group g at the rate E[d(x) P(g | x)] / P(g), so that what favouring somebody adds to that is

    bonus(x) = sum over groups g of weight_g * P(g | x) / P(g)

and the decision that is worth most among those that keep the ratio is the one that is worth most with this bonus, for
some weights (Agarwal, Beygelzimer, Dudík, Langford and Wallach, ICML 2018). Weights and P(g | x) are learnt on a sample
for audit, whose attributes a judge of fairness may see. Of who is decided on nothing is read but x: but what x tells of
a group is read on purpose, and whether it may be is a question of the law that binds the bank.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from training.report.segments import Groups
from training.standardised import Standard

__all__ = ["Leaning", "least_leaning"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STEPS, SLOWER_AFTER = 120, 10.0
AIMED_ABOVE = 0.02
"""Steps come nearer and nearer to the ratio that they aim at, from below as often as from above."""

FIRST_STEP_RATIO = 0.1
"""Of the largest bonus; a step is so long where nobody of a group is favoured."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What inputs tell of the groups of one attribute: a logistic line to each, and the share of each, (n_groups,)."""

    intercept: Floats
    lines: Floats
    share: Floats

    @classmethod
    def learnt(cls, columns: Floats, group_of: Integers) -> "_Told":
        """Of standardised inputs (n_customers, n_inputs) and the group of each customer."""
        share = np.bincount(group_of) / len(group_of)
        if len(share) < 2:
            return cls(np.zeros(1), np.zeros((1, columns.shape[1])), share)
        fitted = LogisticRegression(C=0.1, max_iter=500).fit(columns, group_of)
        if len(share) == 2:
            # Of two groups the library keeps the line of the second alone.
            return cls(np.r_[0.0, fitted.intercept_], np.vstack([0.0 * fitted.coef_, fitted.coef_]), share)
        return cls(fitted.intercept_, fitted.coef_, share)

    def relative(self, columns: Floats) -> Floats:
        """P(g | x) / P(g), (n_customers, n_groups)."""
        score = self.intercept + columns @ self.lines.T
        likely = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True) / self.share)


@dataclass(frozen=True, slots=True)
class Leaning:
    """A bonus by inputs alone, and what it came to on the sample it was learnt on.

    weights: of the groups of each attribute, minor units; impact_ratio: the lowest of all attributes; worth: of what
    was then decided, as `favoured` tells it; is_reached: whether the ratio is what was asked for.
    """

    standard: Standard
    told: tuple[_Told, ...]
    weights: tuple[Floats, ...]
    impact_ratio: float
    worth: float
    is_reached: bool

    def bonus_amt(self, x: Floats) -> Floats:
        """What is added for favouring each customer, (n_customers,), by inputs (n_customers, n_inputs); minor units."""
        return _bonus(self.weights, _relative(self.standard, self.told, x), len(x))


def least_leaning(
    favoured: Callable[[Floats], tuple[Bools, float]],
    x: Floats,
    groups: Sequence[Groups],
    asked_ratio: float,
    most_amt: float,
) -> Leaning:
    """The bonus by inputs x (n_customers, n_inputs) that reaches the ratio by every attribute and leaves most worth.

    favoured(bonus): who is favoured with a bonus (n_customers,), and what the decisions are then worth without it.
    Each pair of groups has a multiplier, never negative nor above `most_amt` (minor units), that rises while the ratio
    of the two is short and falls while it is more than asked for (subgradients of the dual, in shorter and shorter
    steps); of all decisions that were tried the one worth most that reaches the ratio is kept, else the fairest.
    """
    standard = Standard.of(x)
    columns = standard.columns(x)[:, 1:]
    group_of = [np.unique(np.array(one.values, dtype=str), return_inverse=True)[1] for one in groups]
    told = tuple(_Told.learnt(columns, one) for one in group_of)
    relative = [one.relative(columns) for one in told]
    pulls = [np.zeros((len(one.share), len(one.share))) for one in told]
    tried: list[Leaning] = []
    for step in range(STEPS):
        weights = tuple(_weights(pull, one.share, asked_ratio) for pull, one in zip(pulls, told, strict=True))
        is_favoured, worth = favoured(_bonus(weights, relative, len(x)))
        rates = [np.bincount(one, is_favoured) / np.bincount(one) for one in group_of]
        lowest = min((_ratio(one) for one in rates), default=1.0)
        tried.append(Leaning(standard, told, weights, lowest, worth, lowest >= asked_ratio))
        if step == 0 and tried[0].is_reached:
            return tried[0]
        length = FIRST_STEP_RATIO * most_amt / np.sqrt(1.0 + step / SLOWER_AFTER)
        pulls = [
            np.clip(pull + length * _short(rate, asked_ratio), 0.0, most_amt)
            for pull, rate in zip(pulls, rates, strict=True)
        ]
    return max(tried, key=_rank)


def _rank(tried: Leaning) -> tuple[bool, float]:
    """By worth among those that reach what is asked, which stand above the others, by the ratio among these."""
    return tried.is_reached, tried.worth if tried.is_reached else tried.impact_ratio


def _relative(standard: Standard, told: Sequence[_Told], x: Floats) -> list[Floats]:
    columns = standard.columns(x)[:, 1:]
    return [one.relative(columns) for one in told]


def _bonus(weights: Sequence[Floats], relative: Sequence[Floats], count: int) -> Floats:
    return sum((one @ weight for weight, one in zip(weights, relative, strict=True)), np.zeros(count))


def _ratio(rate: Floats) -> float:
    """The lowest over the highest; nobody is passed over where nobody is favoured."""
    return 1.0 if rate.max() == 0.0 else float(rate.min() / rate.max())


def _short(rate: Floats, asked_ratio: float) -> Floats:
    """By how much the rate of each group over that of each other is short of what is asked, (n_groups, n_groups)."""
    short = asked_ratio + AIMED_ABOVE - rate[:, None] / np.maximum(rate[None, :], 1e-9)
    np.fill_diagonal(short, 0.0)
    # Whose rate is many times the other's is no more than not short.
    return np.maximum(short, -1.0)


def _weights(pull: Floats, share: Floats, asked_ratio: float) -> Floats:
    """What each pair asks for is added to the one that is short, and taken off the other."""
    return np.asarray(share * (pull.sum(axis=1) - asked_ratio * pull.sum(axis=0)))
