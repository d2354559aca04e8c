"""A multiple-choice knapsack, checked once at the door: one action a customer, under budgets that all share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.core.errors import UsageError
from linewise.decisioning.types import Floats, Ints

__all__ = ["NONE", "Problem", "checked"]

NONE = -1
"""The choice of who gets nothing: it is worth nothing, uses nothing, and is open to everyone."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows in the order of the customers' draws, so that who stands where changes nothing.

    values (n_customers, n_actions), -inf where an action is closed; uses (n_customers, n_actions,
    n_budgets), never negative; budgets (n_budgets,), infinite where nothing is scarce; draws
    (n_customers,): what ties go by; order (n_customers,): the caller's row of each row here, None for the same.
    """

    values: Floats
    uses: Floats
    budgets: Floats
    draws: NDArray[np.uint64]
    order: Ints | None

    @property
    def binding(self) -> Ints:
        """The budgets that are neither empty nor endless: those that can have a price between."""
        return np.flatnonzero(np.isfinite(self.budgets) & (self.budgets > 0))

    @property
    def empty(self) -> Ints:
        """The budgets of nothing: whatever uses any of them is out of the question."""
        return np.flatnonzero(self.budgets == 0)

    def in_callers_order(self, choice: Ints) -> Ints:
        """A choice a row here as a choice a row of the caller's."""
        if self.order is None:
            return choice
        given = np.empty_like(choice)
        given[self.order] = choice
        return given


def checked(
    values: Floats, uses: Floats, budgets: Floats, seed: int, keys: NDArray[np.uint64] | None = None
) -> Problem:
    """The problem as given, its rows put in the order of their draws.

    Raises UsageError for shapes that do not fit, values that are NaN or endless, uses that are negative or
    not finite, and budgets that are negative or NaN.
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    uses = np.ascontiguousarray(uses, dtype=np.float64)
    budgets = np.ascontiguousarray(budgets, dtype=np.float64)
    _enforce_shapes(values, uses, budgets, keys)
    _enforce_numbers(values, uses, budgets)
    count = len(values)
    draws = _draws(np.arange(count, dtype=np.uint64) if keys is None else keys, seed)
    order = None if keys is None else np.argsort(draws, kind="stable")
    if order is not None:
        values, uses, draws = values[order], uses[order], draws[order]
    return Problem(values, uses, budgets, draws, order)


def _enforce_shapes(values: Floats, uses: Floats, budgets: Floats, keys: NDArray[np.uint64] | None) -> None:
    expected = (*values.shape, len(budgets)) if values.ndim == 2 and budgets.ndim == 1 else None
    if expected is None or uses.shape != expected or (keys is not None and keys.shape != values.shape[:1]):
        keyed = "no keys" if keys is None else f"keys {keys.shape}"
        raise UsageError(
            f"A portfolio of values {values.shape}, uses {uses.shape}, budgets {budgets.shape} and {keyed} was given.",
            "Values (n_customers, n_actions), uses (n_customers, n_actions, n_budgets), budgets (n_budgets,) and "
            "keys (n_customers,) were expected.",
        )


def _enforce_numbers(values: Floats, uses: Floats, budgets: Floats) -> None:
    # A minimum and a maximum are NaN where any number is, and make no array of flags beside a large base.
    if values.size and not values.max() < np.inf:
        row, action = np.argwhere(np.isnan(values) | (values == np.inf))[0]
        raise UsageError(
            f"The value of action {action} for customer {row} is {values[row, action]}.",
            "A number was expected, or -inf for an action that is closed to the customer.",
        )
    if uses.size and not (uses.min() >= 0.0 and uses.max() < np.inf):
        row, action, budget = np.argwhere(~((uses >= 0.0) & (uses < np.inf)))[0]
        raise UsageError(
            f"Customer {row}'s action {action} uses {uses[row, action, budget]} of budget {budget}.",
            "A finite use of at least 0 was expected: what gives back is no use of a budget.",
        )
    if not (budgets >= 0.0).all():
        place = int(np.flatnonzero(~(budgets >= 0.0))[0])
        raise UsageError(
            f"Budget {place} is {budgets[place]}.",
            "An amount of at least 0 was expected, or infinity where nothing is scarce.",
        )


def _draws(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over key and seed: even, and alike on every machine."""
    with np.errstate(over="ignore"):
        mixed = keys + np.uint64(0x9E3779B97F4A7C15) * np.uint64((seed + 1) % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
