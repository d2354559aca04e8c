"""An allocation from prices: mixed from the passes as the dual weighs them, relieved of overruns, filled up."""

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.portfolio.dual import Answers, edges_of
from linewise.decisioning.portfolio.kernel import apply_moves, cheapest_moves, exchange, regrets, totals_of
from linewise.decisioning.portfolio.problem import NONE, Problem
from linewise.decisioning.types import Floats

__all__ = ["feasible", "mixed"]

FILLINGS = 4

EXCHANGED, EXCHANGES = 200, 20
"""So many rows that can least decide are moved in pairs, so often at most: what a small base gains by."""


def mixed(problem: Problem, answers: Answers) -> NDArray[np.int16]:
    """Each row's choice from one of the passes, by its draw and the weights of its group, (n_customers,).

    On average it uses the budgets as the best fractional allocation does; rows that chose alike in all
    passes are not touched by the draw.
    """
    edges = edges_of(len(problem.values))
    group_of = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    draw = (problem.draws >> np.uint64(11)).astype(np.float64) * 2.0**-53
    choice = np.full(len(problem.values), NONE, dtype=np.int16)
    reached = np.zeros(len(problem.values))
    for one, weight in zip(answers.passes, answers.weights, strict=True):
        if weight.any():
            below, reached = reached, reached + weight[group_of]
            np.copyto(choice, one.choice, where=(below <= draw) & (draw < reached))
    return choice


def feasible(problem: Problem, prices: Floats, choice: NDArray[np.int16]) -> NDArray[np.int16]:
    """The choice with no budget broken, and with nothing left that another move could still use.

    What breaks a budget gives way where it costs least by what it frees, ties by draw; then moves that raise
    the value take what is left, the best after prices first; and the rows that can least decide are moved in
    pairs, of which one makes room for the other.
    """
    choice = choice.copy()
    values, uses = problem.values, problem.uses
    cost, target = np.empty(len(choice)), np.empty_like(choice)

    def slack_left() -> Floats:
        return np.asarray(problem.budgets - totals_of(values, uses, choice)[1:])

    def in_turn() -> NDArray[np.int64]:
        rows = np.flatnonzero(np.isfinite(cost))
        return np.asarray(rows[np.lexsort((problem.draws[rows], cost[rows]))])

    slack = slack_left()
    while (slack < 0.0).any():
        cheapest_moves(values, uses, prices, choice, slack, cost, target)
        made = apply_moves(uses, in_turn(), target, choice, slack.copy(), True)
        if not made:
            choice[:] = NONE
        slack = slack_left()
    for _ in range(FILLINGS):
        cheapest_moves(values, uses, prices, choice, slack, cost, target)
        kept = choice.copy()
        made = apply_moves(uses, in_turn(), target, choice, slack.copy(), False)
        slack = slack_left()
        if (slack < 0.0).any():
            # Sums in another order may differ in the last bit; a budget is held by the sum that counts.
            return kept
        if not made:
            break
    return _exchanged(problem, prices, choice)


def _exchanged(problem: Problem, prices: Floats, choice: NDArray[np.int16]) -> NDArray[np.int16]:
    regret = np.empty(len(choice))
    regrets(problem.values, problem.uses, prices, regret)
    undecided = np.flatnonzero(np.isfinite(regret))
    rows = undecided[np.lexsort((problem.draws[undecided], regret[undecided]))][:EXCHANGED]
    value, *used = totals_of(problem.values, problem.uses, choice).tolist()
    for _ in range(EXCHANGES):
        tried = choice.copy()
        # A gain below the rounding of the sums could go round in circles.
        if not exchange(problem.values, problem.uses, rows, tried, problem.budgets - np.array(used), 1e-9 * value):
            break
        value, *used = totals_of(problem.values, problem.uses, tried).tolist()
        if (np.array(used) > problem.budgets).any():
            break
        choice = tried
    return choice
