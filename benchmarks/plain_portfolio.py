"""A portfolio as a good user of numpy would allocate it, and as one would hand it to HiGHS whole."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

__all__ = ["a_base", "plain_duals", "whole_by_highs"]


def a_base(n_customers: int, seed: int = 20261126) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A base of customers × 7 actions under money, exposure and expected loss, none of which is enough.

    Sizes are log-normal across customers and rise with the action; exposure goes with the size, loss with
    exposure and a risk of its own, the cost hardly with either; the value is what size earns less loss and cost.
    """
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0.0, 0.8, (n_customers, 1)) * np.linspace(0.4, 1.6, 7)
    exposure = 50_000.0 * size * draw.lognormal(0.0, 0.3, size.shape)
    loss = exposure * 0.02 * draw.lognormal(0.0, 0.9, (n_customers, 1)) * draw.lognormal(0.0, 0.3, size.shape)
    money = 400.0 * draw.lognormal(0.0, 0.5, size.shape)
    values = 0.06 * exposure * draw.lognormal(0.0, 0.5, size.shape) - loss - money
    uses = np.stack([money, exposure, loss], axis=2)
    best = values.argmax(axis=1)
    wanted = np.flatnonzero(values.max(axis=1) > 0)
    return values, uses, np.array([0.25, 0.3, 0.15]) * uses[wanted, best[wanted]].sum(axis=0)


def _worth(values: np.ndarray, uses: np.ndarray, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best action of each customer after prices, and what it is worth."""
    worth = values - uses @ prices
    best = worth.argmax(axis=1)
    return best, worth[np.arange(len(worth)), best]


def plain_duals(values: np.ndarray, uses: np.ndarray, budgets: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Coordinate descent on the prices, each by bisection; then the least worthy go until every budget holds.

    Vectorised throughout: the others' charges are taken off once for each price, bisection begins around the
    former price and writes into one buffer, and the descent ends when the bound falls no more by 1e-6. Gives
    the choice (n_customers,), -1 for none, its value, and the gap to the bound as a share.
    """
    rows, prices, bound = np.arange(len(values)), np.zeros(len(budgets)), np.inf
    worth = np.empty_like(values)
    for _ in range(30):
        for budget in range(len(budgets)):
            others = prices.copy()
            others[budget] = 0.0
            rest, use = values - uses @ others, np.ascontiguousarray(uses[:, :, budget])

            def is_spent(price: float, rest: np.ndarray = rest, use: np.ndarray = use, of: int = budget) -> bool:
                np.multiply(use, -price, out=worth)
                np.add(worth, rest, out=worth)
                best = worth.argmax(axis=1)
                return bool(use[rows, best][worth[rows, best] > 0].sum() > budgets[of])

            prices[budget] = _bisected(is_spent, prices[budget])
        best, after = _worth(values, uses, prices)
        former, bound = bound, float(prices @ budgets + np.maximum(after, 0.0).sum())
        if former - bound <= 1e-6 * bound:
            break
    wants = np.flatnonzero(after > 0)
    taken = wants[np.argsort(-after[wants])]
    kept = taken[(np.cumsum(uses[taken, best[taken]], axis=0) <= budgets).all(axis=1)]
    choice = np.full(len(values), -1)
    choice[kept] = best[kept]
    value = float(values[kept, best[kept]].sum())
    return choice, value, (bound - value) / bound


def _bisected(is_spent: Callable[[float], bool], price: float) -> float:
    """The lowest price at which the budget holds, to 1e-6 of itself."""
    low, high = 0.9 * price, max(1.1 * price, 1e-2)
    while is_spent(high):
        low, high = high, 2.0 * high
    if low > 0.0 and not is_spent(low):
        low = 0.0
    if low == 0.0 and not is_spent(0.0):
        return 0.0
    while high - low > 1e-6 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if is_spent(middle) else (low, middle)
    return high


def whole_by_highs(values: np.ndarray, uses: np.ndarray, budgets: np.ndarray, method: str = "highs") -> float:
    """The linear relaxation handed to HiGHS whole, as `linprog` takes it; gives its value."""
    rows, actions = np.nonzero(values > 0)
    one_each = csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(len(values), len(rows)))
    of_budgets = csr_array((uses[rows, actions] / budgets).T)
    solved = linprog(
        -values[rows, actions],
        A_ub=vstack([one_each, of_budgets], format="csr"),
        b_ub=np.ones(len(values) + len(budgets)),
        bounds=(0.0, None),
        method=method,
    )
    return float(-solved.fun)
