"""Who switched personalisation off: their offers stand in the order of the catalogue, the same for everybody.

Source: PIPL Art. 24(2) and the suppression matrix. What may be offered is still decided by rules; the
judgement of risk behind a limit is no personalisation of marketing, and stays.
"""

import numpy as np

from linewise.decisioning.cells import EXPLORATION, is_in_cell
from linewise.decisioning.described import Named
from linewise.decisioning.types import Bools, Floats, Ints

__all__ = ["exploration_of", "in_fixed_order", "is_personal"]


def is_personal(columns: Named, count: int) -> Bools:
    """For whom offers may be chosen and ordered by their own data, (n_customers,)."""
    switched_off = columns.get("is_personalisation_off")
    if switched_off is None:
        return np.ones(count, dtype=np.bool_)
    return np.asarray(switched_off != 1.0, dtype=np.bool_)


def in_fixed_order(priority: Ints, personal: Bools) -> Ints:
    """The priorities, (n_customers, n_offers): for the others the place in the catalogue and nothing else."""
    if personal.all():
        return priority
    count = priority.shape[1]
    return np.where(personal[:, None], priority, np.arange(count, 0, -1)[None, :])


def exploration_of(columns: Named, exploration_ratio: float, personal: Bools) -> Floats:
    """How often the primary suggestion is drawn, (n_customers,): always in the cell of exploration, never in a list."""
    ratio = np.full(len(personal), exploration_ratio)
    explores = is_in_cell(columns, EXPLORATION)
    if explores is not None:
        ratio[explores] = 1.0
    return np.where(personal, ratio, 0.0)
