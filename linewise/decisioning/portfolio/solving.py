"""The allocation of a base under budgets: by HiGHS where the base is small, by dual decomposition above."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.portfolio.dual import passed, priced
from linewise.decisioning.portfolio.kernel import totals_of
from linewise.decisioning.portfolio.primal import feasible, mixed
from linewise.decisioning.portfolio.problem import Problem, checked
from linewise.decisioning.portfolio.relaxed import relaxed
from linewise.decisioning.types import Floats, Ints

__all__ = ["HIGHS_UP_TO", "Allocation", "Method", "solve"]

Method = Literal["auto", "highs", "decomposed"]

HIGHS_UP_TO = 1_000
"""Up to so many customers HiGHS solves the relaxation whole; above, the decomposition proves the same bound sooner."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who gets what, and what one more unit of each budget would earn.

    choice (n_customers,): an action, or NONE; prices (n_budgets,), in value a unit, never negative; used
    (n_budgets,), never above the budget. primal is the value of the choice, dual the bound that the prices
    prove; gap_ratio is their distance as a share of the bound, 0 where nothing is worth anything.
    """

    choice: Ints
    prices: Floats
    used: Floats
    primal: float
    dual: float
    gap_ratio: float
    method: str


def solve(
    values: Floats,
    uses: Floats,
    budgets: Floats,
    *,
    seed: int = 0,
    keys: NDArray[np.uint64] | None = None,
    method: Method = "auto",
    threads: int = 1,
    begin: Floats | None = None,
) -> Allocation:
    """Give each customer at most one action so that the sum of values is greatest and no budget is broken.

    values (n_customers, n_actions), -inf where an action is closed; uses (n_customers, n_actions,
    n_budgets), never negative; budgets (n_budgets,): zero closes what uses it, infinity is no budget.
    max Σ_ik value_ik x_ik with Σ_k x_ik <= 1 and Σ_ik use_ikj x_ik <= budget_j, a multiple-choice knapsack;
    with prices λ every choice is bounded by Σ_j λ_j budget_j + Σ_i max(0, max_k value_ik - Σ_j λ_j use_ikj).

    keys (n_customers,), unique: with them a customer's choice does not depend on the order of the rows, and
    ties go by key and seed; without them the place takes the key's. begin (n_budgets,): prices of a problem
    like this one, to begin at. Raises UsageError for shapes that do not fit, NaN, and negative uses or budgets.
    """
    problem = checked(values, uses, budgets, seed, keys)
    if method == "auto":
        method = "highs" if len(problem.values) <= HIGHS_UP_TO else "decomposed"
    if method == "highs":
        prices, choice = relaxed(problem)
        bound = passed(problem, prices, threads).bound(problem.budgets, problem.binding)
    else:
        dual = priced(problem, threads, begin)
        prices, bound = dual.prices, dual.bound
        choice = mixed(problem, dual.answers)
    choice = feasible(problem, prices, choice)
    primal, *used = totals_of(problem.values, problem.uses, choice).tolist()
    return Allocation(
        choice=problem.in_callers_order(choice.astype(np.int64)),
        prices=_with_closing_prices(problem, prices),
        used=np.array(used),
        primal=primal,
        dual=bound,
        gap_ratio=max(bound - primal, 0.0) / bound if bound > 0.0 else 0.0,
        method=method,
    )


def _with_closing_prices(problem: Problem, prices: Floats) -> Floats:
    """The price of an empty budget is what its first unit would earn: from there on nobody would use it."""
    closing = prices.copy()
    for budget in problem.empty:
        users = problem.uses[:, :, budget] > 0.0
        # What also uses another empty budget is closed by either; each price is enough by itself.
        worth = problem.values[users] - problem.uses[users] @ prices
        closing[budget] = (worth / problem.uses[users][:, budget]).max(initial=0.0)
    return closing
