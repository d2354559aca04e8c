"""Prices solved anew: under budgets that bind, on the base and on a half of it, to see what that changes."""

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from linewise.decisioning.draws import uniform_draw
from linewise.decisioning.prices import Prices
from serving.portfolio.budgets import Given
from serving.portfolio.callers import Callers
from serving.portfolio.candidates import Candidates, candidates_of
from serving.portfolio.solving import solve_portfolio
from serving.scoring.deciding import Decider

__all__ = ["prices_solved_anew"]

SCARCE = ("contacts", "exposure", "loss")
BUDGET_RATIO = 0.5
"""Of what would be used if nothing were scarce, so that each budget has a price."""


def prices_solved_anew(recommender: Decider) -> dict[str, Prices]:
    """The prices of the base, those of another seed of the solver, and those of a half of the base with half the money.

    Everybody is taken to call once; the budgets are BUDGET_RATIO of what is used without them.
    """
    candidates, _ = candidates_of(recommender, _everybody)
    half = uniform_draw(candidates.customer_id, 0, "half of the base") < 0.5
    free = solve_portfolio(candidates, {}, seed=0).free_used
    whole = {name: Given(BUDGET_RATIO * free[name], "the judge") for name in SCARCE}
    halved = {name: Given(given.amount / 2.0, given.source) for name, given in whole.items()}
    return {
        "the base": solve_portfolio(candidates, whole, seed=0).prices,
        "another seed of the solver": solve_portfolio(candidates, whole, seed=1).prices,
        "a half of the base": solve_portfolio(_of(candidates, half), halved, seed=0).prices,
    }


def _everybody(customer_ids: Sequence[str]) -> Callers:
    return Callers(np.ones(len(customer_ids)), "everybody calls once")


def _of(candidates: Candidates, which: np.ndarray) -> Candidates:
    """These rows; of what goes to customers without a row, who are parted by the same hash, the same share."""
    rows = [one.name for one in fields(Candidates) if one.name != "unpriced_uses"]
    taken = {name: getattr(candidates, name)[which] for name in rows}
    return replace(candidates, **taken, unpriced_uses=candidates.unpriced_uses * which.mean())
