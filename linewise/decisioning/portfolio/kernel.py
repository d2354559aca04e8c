"""The compiled passes over the base: the best action of each row at given prices, and moves from one to another."""

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import compiled
from linewise.decisioning.types import Floats, Ints

__all__ = ["apply_moves", "best_actions", "cheapest_moves", "exchange", "regrets", "totals_of"]


@compiled
def best_actions(
    values: Floats,
    uses: Floats,
    prices: Floats,
    empty: Ints,
    draws: NDArray[np.uint64],
    begin: int,
    end: int,
    choice: NDArray[np.int16],
) -> Floats:
    """Choose for rows begin..end what is worth most after prices; gives what that sums to, value, uses.

    prices (n_budgets,) finite; empty: budgets of which nothing may be used; choice (n_customers,) is
    written, -1 where nothing is worth more than nothing. Equal actions go by the row's draw. The sums are
    (2 + n_budgets,): value after prices, value, uses.
    """
    n_actions, n_budgets = values.shape[1], prices.shape[0]
    sums = np.zeros(2 + n_budgets)
    for row in range(begin, end):
        best, at = 0.0, -1
        start = int(draws[row] % np.uint64(n_actions))
        for step in range(n_actions):
            action = start + step
            if action >= n_actions:
                action -= n_actions
            # Uses are never negative, so what is worth less than the best before prices is so after them.
            worth = values[row, action]
            if worth <= best:
                continue
            for budget in range(n_budgets):
                worth -= prices[budget] * uses[row, action, budget]
            if worth <= best:
                continue
            is_open = True
            for budget in empty:
                is_open &= uses[row, action, budget] == 0.0
            if is_open:
                best, at = worth, action
        choice[row] = at
        if at >= 0:
            sums[0] += best
            sums[1] += values[row, at]
            for budget in range(n_budgets):
                sums[2 + budget] += uses[row, at, budget]
    return sums


@compiled
def totals_of(values: Floats, uses: Floats, choice: NDArray[np.int16]) -> Floats:
    """The value of a choice and what it uses, (1 + n_budgets,)."""
    n_budgets = uses.shape[2]
    sums = np.zeros(1 + n_budgets)
    for row in range(values.shape[0]):
        if choice[row] >= 0:
            sums[0] += values[row, choice[row]]
            for budget in range(n_budgets):
                sums[1 + budget] += uses[row, choice[row], budget]
    return sums


@compiled
def _worth(values: Floats, uses: Floats, prices: Floats, row: int, action: int) -> float:
    if action < 0:
        return 0.0
    worth = values[row, action]
    for budget in range(prices.shape[0]):
        worth -= prices[budget] * uses[row, action, budget]
    return worth


@compiled
def _use(uses: Floats, row: int, action: int, budget: int) -> float:
    return uses[row, action, budget] if action >= 0 else 0.0


@compiled
def cheapest_moves(
    values: Floats,
    uses: Floats,
    prices: Floats,
    choice: NDArray[np.int16],
    slack: Floats,
    cost: Floats,
    target: NDArray[np.int16],
) -> None:
    """For each row the move that fits what is left and costs least of the worth after prices.

    Where a budget is overrun, only what relieves it counts, and it costs what is lost by share of the overrun
    freed; where none is, only what raises the row's value. slack (n_budgets,) is negative where a budget is
    overrun, infinite where nothing is scarce. Written: target (n_customers,) and cost, infinite where no move is.
    """
    n_budgets = slack.shape[0]
    is_over = (slack < 0.0).any()
    for row in range(values.shape[0]):
        cost[row], target[row] = np.inf, choice[row]
        held = choice[row]
        # Nothing is worth nothing, and what is worth no more than that is given to nobody.
        least = 0.0 if is_over or held < 0 else values[row, held]
        worth = _worth(values, uses, prices, row, held)
        for action in range(-1 if is_over else 0, values.shape[1]):
            if action == held or (action >= 0 and values[row, action] <= least):
                continue
            freed, fits = 0.0, True
            for budget in range(n_budgets):
                change = _use(uses, row, action, budget) - _use(uses, row, held, budget)
                if slack[budget] < 0.0:
                    fits &= change <= 0.0
                    freed += min(-change, -slack[budget]) / -slack[budget]
                else:
                    fits &= change <= slack[budget]
            if fits and (freed > 0.0 or not is_over):
                lost = worth - _worth(values, uses, prices, row, action)
                lost = lost / freed if is_over else lost
                if lost < cost[row]:
                    cost[row], target[row] = lost, action


@compiled
def apply_moves(
    uses: Floats, rows: Ints, target: NDArray[np.int16], choice: NDArray[np.int16], slack: Floats, relieves: bool
) -> int:
    """Make the moves of these rows in turn as long as each fits; gives how many were made.

    Where they are to relieve, a move is made only while it frees an overrun budget and burdens none.
    choice and slack are written.
    """
    made = 0
    n_budgets = slack.shape[0]
    for row in rows:
        fits, frees, is_over = True, False, False
        for budget in range(n_budgets):
            change = _use(uses, row, target[row], budget) - _use(uses, row, choice[row], budget)
            if slack[budget] < 0.0:
                is_over = True
                fits &= change <= 0.0
                frees |= change < 0.0
            else:
                fits &= change <= slack[budget]
        if relieves and not is_over:
            break
        if not fits or (relieves and not frees):
            continue
        for budget in range(n_budgets):
            slack[budget] -= _use(uses, row, target[row], budget) - _use(uses, row, choice[row], budget)
        choice[row] = target[row]
        made += 1
    return made


@compiled
def regrets(values: Floats, uses: Floats, prices: Floats, regret: Floats) -> None:
    """Written, (n_customers,): how much the second best of each row's actions, none among them, is worth less.

    Infinite where a row has nothing to choose.
    """
    for row in range(values.shape[0]):
        best, second = 0.0, -np.inf
        for action in range(values.shape[1]):
            if values[row, action] > 0.0:
                worth = _worth(values, uses, prices, row, action)
                if worth > best:
                    best, second = worth, best
                elif worth > second:
                    second = worth
        regret[row] = best - second


@compiled
def _change(values: Floats, uses: Floats, row: int, choice: NDArray[np.int16], action: int, change: Floats) -> float:
    """What a row's other action adds to the value; written: what it adds to the uses, (n_budgets,)."""
    held = choice[row]
    for budget in range(change.shape[0]):
        change[budget] = _use(uses, row, action, budget) - _use(uses, row, held, budget)
    gained = values[row, action] if action >= 0 else 0.0
    return gained - (values[row, held] if held >= 0 else 0.0)


@compiled
def exchange(values: Floats, uses: Floats, rows: Ints, choice: NDArray[np.int16], slack: Floats, least: float) -> bool:
    """Move two of these rows at once wherever that gains at least so much and fits; whether any was moved.

    choice and slack are written.
    """
    n_actions, n_budgets = values.shape[1], slack.shape[0]
    one_use, other_use = np.zeros(n_budgets), np.zeros(n_budgets)
    moved = False
    for place in range(rows.shape[0]):
        for action in range(-1, n_actions):
            one = rows[place]
            if action == choice[one] or (action >= 0 and values[one, action] <= 0.0):
                continue
            gained = _change(values, uses, one, choice, action, one_use)
            found = False
            for other_place in range(rows.shape[0]):
                other = rows[other_place]
                if other == one or found:
                    continue
                for other_action in range(-1, n_actions):
                    if other_action == choice[other] or (other_action >= 0 and values[other, other_action] <= 0.0):
                        continue
                    if gained + _change(values, uses, other, choice, other_action, other_use) < least:
                        continue
                    fits = True
                    for budget in range(n_budgets):
                        fits &= one_use[budget] + other_use[budget] <= slack[budget]
                    if fits:
                        for budget in range(n_budgets):
                            slack[budget] -= one_use[budget] + other_use[budget]
                        choice[one], choice[other] = action, other_action
                        moved, found = True, True
                        break
            if found:
                break
    return moved
