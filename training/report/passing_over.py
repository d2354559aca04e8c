"""Whom acting on a score would pass over: decisions by what is expected of them, told apart by protected attributes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.dataset import Dataset
from training.fairness import fairness_of_decisions
from training.report.figures import AttributeFairness
from training.report.profit import Stakes
from training.report.segments import Groups

__all__ = ["passed_over"]

Floats = npt.NDArray[np.float64]


def passed_over(
    rows: Dataset,
    probability: Floats,
    stakes: Stakes,
    groups: Sequence[Groups],
    seed: int,
    uplift: Floats | None = None,
) -> tuple[AttributeFairness, ...]:
    """Of the last of each customer's judged rows on which anything hangs, one decision a customer.

    Favoured is who is expected to bring more than nothing, good who turned out so: who paid back, who ordered. An
    offer is worth what showing it adds, `uplift` (n_rows,), and not what comes by itself; None where nothing is shown.
    The policy's rules and budgets are no part of it; `make bench NAME=value` judges whole decisions.
    """
    expected_amt = stakes.expected_amt(probability if uplift is None else uplift)
    told = np.flatnonzero(stakes.with_it_amt != stakes.without_amt)
    if rows.as_of is not None:
        told = told[np.argsort(rows.as_of[told], kind="stable")]
    newest_first = told[::-1]
    customers, first = np.unique(rows.groups[newest_first], return_index=True)
    if not len(customers):
        return ()
    at = newest_first[first]
    is_good = (rows.y[at] == 1) == (stakes.with_it_amt[at] > stakes.without_amt[at])
    by = [
        replace(one, values=tuple(one.values[customer] for customer in customers.tolist()))
        for one in groups
        if one.is_protected
    ]
    return fairness_of_decisions(expected_amt[at] > 0, by, is_good, seed)
