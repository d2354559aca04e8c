"""The candidate limits of each customer: a ladder that the line in force and the policy alone make."""

from functools import lru_cache

import numpy as np

from linewise.decisioning.arrays import some
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.limits.rungs import climbed
from linewise.decisioning.types import Floats, Ints

__all__ = ["floor_to_step", "ladder", "least_rise_amt", "with_rung"]

SPREAD = 1.5
"""Rungs lie closer near the line in force: share of the way = (place / last place) ** SPREAD."""


def floor_to_step(amount_amt: Ints, step_amt: int) -> Ints:
    """The largest multiple of the step that is not above the amount, same shape."""
    return np.asarray(amount_amt // step_amt * step_amt)


def least_rise_amt(current_amt: Ints, policy: LimitPolicy) -> Ints:
    """The least that is added to a line, (n_customers,): a step, or the least first line where there is none."""
    return np.where(current_amt > 0, policy.step_amt, _first_line_amt(policy))


def _first_line_amt(policy: LimitPolicy) -> int:
    return max(-(-policy.minimum_amt // policy.step_amt), 1) * policy.step_amt


def ladder(current_amt: Ints, policy: LimitPolicy) -> Ints:
    """The candidates (n_customers, n_grid), rising: the line in force, then multiples of the step from the least on.

    They depend on neither risk nor income nor caps: a cap only cuts rungs off, so that who may have more is
    offered no less, and a riskier customer chooses among the same ones.
    """
    rungs = climbed(
        current_amt,
        _shares(policy.grid_count - 1),
        policy.raise_most_ratio,
        float(policy.new_line_most_amt),
        _first_line_amt(policy),
        policy.step_amt,
    )
    return np.asarray(rungs)


@lru_cache(maxsize=16)
def _shares(last: int) -> Floats:
    """The share of the way at which each rung above the line in force stands, (n_grid - 1,)."""
    return np.asarray((np.arange(1, last + 1) / last) ** SPREAD)


def with_rung(candidate_amt: Ints, amount_amt: Ints, kept_amt: Ints | None = None) -> Ints:
    """The candidates with an amount of each customer (n_customers,) among them, in place of the nearest rung.

    An amount that is not above the line in force changes nothing. A rung of kept_amt (n_customers,) stays.
    """
    is_above = amount_amt > candidate_amt[:, 0]
    if not some(is_above):
        return candidate_amt
    rows, moved = np.arange(len(candidate_amt)), candidate_amt.copy()
    gap = np.abs(candidate_amt[:, 1:] - amount_amt[:, None])
    if kept_amt is not None:
        is_kept = (candidate_amt[:, 1:] == kept_amt[:, None]) & (kept_amt != amount_amt)[:, None]
        gap = np.where(is_kept, np.iinfo(np.int64).max, gap)
    nearest = 1 + gap.argmin(axis=1)
    moved[rows, nearest] = np.where(is_above, amount_amt, moved[rows, nearest])
    moved.sort(axis=1)
    return moved
