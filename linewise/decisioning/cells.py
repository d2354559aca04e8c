"""Who stands in which cell: three standing cells and named holdouts, by customer and seed alone.

The worth of the whole can be measured only if some customers never see it, always the same ones, in every
channel. Nothing is stored: the hash of the customer decides, so every door finds the same cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from linewise.decisioning.arrays import first_match
from linewise.decisioning.described import Named
from linewise.decisioning.draws import uniform_draw
from linewise.decisioning.types import Bools, Texts

__all__ = ["BUSINESS_AS_USUAL", "EXPLORATION", "LINEWISE", "CellPolicy", "Cells", "cells_of", "is_in_cell"]

BUSINESS_AS_USUAL, EXPLORATION, LINEWISE = "business_as_usual", "exploration", "linewise"


@dataclass(frozen=True, slots=True)
class CellPolicy:
    """Shares of the customers in the two small cells (the rest is `linewise`), and of each named holdout.

    Business as usual: no promotional suggestion of ours, recorded as such; service is for everybody.
    Exploration: the primary suggestion is drawn evenly from all that may be offered. A holdout keeps its
    customers from promotional suggestions whatever their cell.
    """

    business_as_usual_ratio: float = 0.0
    exploration_ratio: float = 0.0
    holdouts: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.business_as_usual_ratio + self.exploration_ratio > 1.0:
            raise ValueError("the shares of the cells add up to more than all customers")


@dataclass(frozen=True, slots=True)
class Cells:
    """cell (n_customers,): the standing cell; held_out_by: name of a holdout to who is in it, (n_customers,)."""

    cell: Texts
    held_out_by: Mapping[str, Bools]

    @property
    def is_held_out(self) -> Bools:
        """Who is shown nothing promotional, (n_customers,): the first cell, and every holdout."""
        held: Bools = np.asarray(self.cell == BUSINESS_AS_USUAL)
        for members in self.held_out_by.values():
            held = held | members
        return held

    def holdouts_of(self, row: int) -> list[str]:
        """The names of the holdouts that one customer is in."""
        return [name for name, members in self.held_out_by.items() if members[row]]


def cells_of(customer_id: Texts, policy: CellPolicy, seed: int) -> Cells:
    """The cells of the customers, (n_customers,); the same seed gives the same, alone and in any chunk.

    The holdouts are drawn apart from the cells and from each other, so that each is a fair sample.
    """
    draw = uniform_draw(customer_id, seed, "standing cell")
    explores_below = policy.business_as_usual_ratio + policy.exploration_ratio
    cell = first_match(
        [draw < policy.business_as_usual_ratio, draw < explores_below], [BUSINESS_AS_USUAL, EXPLORATION], LINEWISE
    )
    members = {
        name: uniform_draw(customer_id, seed, f"holdout {name}") < share for name, share in policy.holdouts.items()
    }
    return Cells(cell, members)


def is_in_cell(columns: Named, cell: str) -> Bools | None:
    """Who stands in the cell, (n_customers,), by the column `standing_cell`; None where nobody has one."""
    standing = columns.get("standing_cell")
    return None if standing is None else np.asarray(standing == cell, dtype=np.bool_)
