"""Portfolios by HiGHS: the linear relaxation solved whole, which gives all but a few customers one action."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from linewise.decisioning.portfolio.problem import NONE, Problem
from linewise.decisioning.types import Floats

__all__ = ["relaxed"]

WHOLE = 1.0 - 1e-6


def relaxed(problem: Problem) -> tuple[Floats, NDArray[np.int16]]:
    """The shadow prices of the linear relaxation, (n_budgets,), and the choice of the rows that it gives whole.

    Of its basic solution no more rows are split than there are budgets; they are left with nothing, and
    `feasible` fills what they leave. The relaxation: max value·x, one action a row, one line a binding budget,
    over the actions that may be worth something; by the interior point, five times as fast as the simplex here,
    and crossed over to a corner. HiGHS' search in whole numbers is not used: it prints to
    standard output whatever it is told, and one customer of a base is worth little.
    """
    prices, binding = np.zeros(len(problem.budgets)), problem.binding
    choice = np.full(len(problem.values), NONE, dtype=np.int16)
    is_open = (problem.values > 0.0) & ~(problem.uses[:, :, problem.empty] > 0.0).any(axis=2)
    rows, actions = np.nonzero(is_open)
    if not len(rows):
        return prices, choice
    who, place = np.unique(rows, return_inverse=True)
    scale = float(problem.values[is_open].max())
    one_each = csr_array((np.ones(len(rows)), (place, np.arange(len(rows)))), shape=(len(who), len(rows)))
    # Budgets in units of an even share of a row, so that their lines are of the size of the others.
    share = problem.budgets[binding] / len(who)
    in_shares = csr_array((problem.uses[is_open][:, binding] / share).T)
    solved = linprog(
        -problem.values[is_open] / scale,
        A_ub=vstack([one_each, in_shares], format="csr"),
        b_ub=np.concatenate([np.ones(len(who)), np.full(len(binding), float(len(who)))]),
        bounds=(0.0, None),
        method="highs-ipm",
    )
    prices[binding] = np.maximum(-solved.ineqlin.marginals[len(who) :], 0.0) * scale / share
    given = solved.x > WHOLE
    choice[rows[given]] = actions[given]
    return prices, choice
