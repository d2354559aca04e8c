"""Prices by dual decomposition: groups of the base answer prices, and a small linear programme learns from them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from linewise.decisioning.portfolio.kernel import best_actions
from linewise.decisioning.portfolio.problem import NONE, Problem
from linewise.decisioning.types import Floats, Ints

__all__ = ["Answers", "Dual", "Pass", "passed", "priced"]

GROUPS = 32
"""Groups of rows that each add a cut: more make fewer passes and a larger master problem."""

MOST_PASSES = 80
ENOUGH, FINEST = 1e-6, 1e-10
"""The dual is solved when its two bounds lie this near to each other, as a share; and what is no progress."""

UNITS = 1_000.0
"""What the base is worth in the master problem: HiGHS is exact to 1e-7 of whatever it is told."""

SAMPLED = 20_000
"""A larger base begins at the prices of so many of its customers, which are nearly its own."""


@dataclass(frozen=True, slots=True)
class Pass:
    """The base at given prices: choice (n_customers,), and by group its worth after prices, value and uses."""

    prices: Floats
    choice: NDArray[np.int16]
    worth: Floats
    value: Floats
    uses: Floats

    def bound(self, budgets: Floats, binding: Ints) -> float:
        """The dual function at these prices, which no allocation can pass."""
        return float(self.prices[binding] @ budgets[binding] + self.worth.sum())


@dataclass(slots=True)
class Answers:
    """The passes so far, and how much of each group the last master problem gave to each, (n_passes, n_groups)."""

    passes: list[Pass] = field(default_factory=list)
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True, slots=True)
class Dual:
    """The best prices found (n_budgets,), the bound that they prove, and what the way there is good for."""

    prices: Floats
    bound: float
    best: Pass
    answers: Answers


def edges_of(count: int) -> Ints:
    """Where the groups of so many rows begin and end, (n_groups + 1,); the same on any number of threads."""
    return np.linspace(0, count, min(GROUPS, max(count, 1)) + 1).astype(np.int64)


def passed(problem: Problem, prices: Floats, threads: int = 1) -> Pass:
    """What every row would choose at these prices."""
    edges = edges_of(len(problem.values))
    choice = np.full(len(problem.values), NONE, dtype=np.int16)
    given = (problem.values, problem.uses, prices, problem.empty, problem.draws)

    def group(place: int) -> Floats:
        return np.asarray(best_actions(*given, edges[place], edges[place + 1], choice))

    places = range(len(edges) - 1)
    if threads > 1 and len(choice) > SAMPLED:
        with ThreadPoolExecutor(threads) as pool:
            sums = np.stack(list(pool.map(group, places)))
    else:
        sums = np.stack([group(place) for place in places])
    return Pass(prices, choice, sums[:, 0], sums[:, 1], sums[:, 2:])


def priced(problem: Problem, threads: int = 1, begin: Floats | None = None) -> Dual:
    """The prices at which the bound on all allocations is lowest, by cutting planes.

    The dual function Σ_j price_j budget_j + Σ_i max_k (value_ik - Σ_j price_j use_ikj) is convex and made of
    planes; each pass at some prices gives one plane a group of rows. The master problem finds the lowest point
    over the planes known, which bounds it from below; the next pass is taken between that point and the best
    one so far (in-out separation: Ben-Ameur and Neto 2007), which keeps prices from jumping about.
    begin (n_budgets,): prices to begin at, by default those of a sample of the rows.
    """
    binding, budgets = problem.binding, problem.budgets
    free = passed(problem, np.zeros(len(budgets)), threads)
    answers = Answers([free])
    total = free.bound(budgets, binding)
    used = free.uses.sum(axis=0)
    if not (used[binding] > budgets[binding]).any():
        answers.weights = np.ones((1, len(free.value)))
        return Dual(free.prices, total, free, answers)

    best, step, reached = free, 1.0, -np.inf
    if begin is None and len(problem.values) > 2 * SAMPLED:
        begin = _prices_of_sample(problem)
    if begin is not None:
        answers.passes.append(passed(problem, begin, threads))
        best = min(answers.passes, key=lambda one: one.bound(budgets, binding))
    while True:
        lowest, prices, answers.weights = _master(answers.passes, budgets, binding, total)
        bound = best.bound(budgets, binding)
        # A whole step that taught the master problem nothing stands where its planes meet.
        stands = step == 1.0 and lowest - reached <= FINEST * bound
        if bound - lowest <= ENOUGH * bound or stands or len(answers.passes) == MOST_PASSES:
            break
        # Half-way at first; where that no longer helps, the whole way, at which the planes meet.
        tried = passed(problem, best.prices + step * (prices - best.prices), threads)
        answers.passes.append(tried)
        reached = lowest
        if tried.bound(budgets, binding) < bound:
            best, step = tried, 0.5
        else:
            step = 1.0
    return Dual(best.prices, best.bound(budgets, binding), best, answers)


def _prices_of_sample(problem: Problem) -> Floats:
    """The prices of evenly drawn rows under their share of the budgets."""
    rows = np.sort(np.argpartition(problem.draws, SAMPLED)[:SAMPLED])
    share = SAMPLED / len(problem.values)
    sample = Problem(problem.values[rows], problem.uses[rows], problem.budgets * share, problem.draws[rows], order=None)
    return priced(sample).prices


def _master(passes: list[Pass], budgets: Floats, binding: Ints, total: float) -> tuple[float, Floats, Floats]:
    """The lowest point over all planes: its height, its prices (n_budgets,), and the weights of the planes.

    In units in which the base is worth UNITS and each budget is 1, no price passes UNITS: what a budget
    costs in whole is never more than what the base is worth without it.
    """
    n_groups, n_passes = len(passes[0].value), len(passes)
    value = np.concatenate([one.value for one in passes]) * (UNITS / total)
    uses = np.concatenate([one.uses[:, binding] for one in passes]) / budgets[binding]
    at_group = csr_array(
        (-np.ones(n_groups * n_passes), (np.arange(n_groups * n_passes), np.tile(np.arange(n_groups), n_passes)))
    )
    solved = linprog(
        np.ones(len(binding) + n_groups),
        A_ub=hstack([csr_array(-uses), at_group], format="csr"),
        b_ub=-value,
        bounds=[(0.0, UNITS)] * len(binding) + [(0.0, None)] * n_groups,
        method="highs",
    )
    prices = np.zeros(len(budgets))
    prices[binding] = np.maximum(solved.x[: len(binding)], 0.0) * (total / UNITS) / budgets[binding]
    weights = np.maximum(-solved.ineqlin.marginals, 0.0).reshape(n_passes, n_groups)
    return float(solved.fun * total / UNITS), prices, weights
