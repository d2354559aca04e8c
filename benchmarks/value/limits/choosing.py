"""Choices under a budget of loss: by what a policy expects, or until the truth says that the budget is used."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.value.limits.worth import TrueWorth
from linewise.decisioning.portfolio import solve
from linewise.decisioning.types import Floats, Ints

__all__ = ["Wish", "at_budget", "at_true_budget", "until_used"]

HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Wish:
    """What a policy thinks of each raise, (n_people, n_raises): its value and what it takes of the budget of loss."""

    value_amt: Floats
    loss_amt: Floats

    def choice(self, price: float) -> Ints:
        """The raise of highest value less priced loss, (n_people,); no change where none is above zero."""
        return np.asarray((self.value_amt - price * self.loss_amt).argmax(axis=1), dtype=np.int64)

    def only_open(self, truth: TrueWorth) -> "Wish":
        """The same for those who may be raised at all, by the rule that binds everybody."""
        value = np.where(truth.is_open[:, None], self.value_amt, -np.inf)
        value[:, 0] = 0.0
        return Wish(value, self.loss_amt)


def at_true_budget(wish: Wish, truth: TrueWorth, budget_amt: float) -> tuple[float, float]:
    """Gain and true loss a customer when the price of loss is such that the *truth* just keeps the budget."""
    return until_used(wish.choice, truth, budget_amt, 50.0)


def until_used(
    choice: Callable[[float], Ints], truth: TrueWorth, budget_amt: float, highest: float
) -> tuple[float, float]:
    """Gain and true loss of choice(hurdle), whose loss falls in the hurdle, at the lowest that keeps the budget."""
    free = truth.of(choice(0.0))
    if free[1] <= budget_amt:
        return free
    low, high = 0.0, highest
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if truth.of(choice(middle))[1] > budget_amt:
            low = middle
        else:
            high = middle
    return truth.of(choice(high))


def at_budget(wish: Wish, truth: TrueWorth, budget_amt: float) -> tuple[float, float]:
    """Gain and true loss a customer of the product's own allocation, which knows the budget and not the truth."""
    count = len(wish.value_amt)
    found = solve(
        wish.value_amt[:, 1:],
        np.maximum(wish.loss_amt[:, 1:, None], 0.0),
        np.array([budget_amt * count]),
        keys=np.arange(count, dtype=np.uint64),
    )
    return truth.of(found.choice + 1)
