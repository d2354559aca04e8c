"""Who stands in which cell: three standing cells, the global holdout of a year, named holdouts, controls of campaigns.

The worth of the whole can be measured only if some customers never see it, always the same ones, in every
channel. Nothing is drawn twice: the salted hash of the customer decides, so every door finds the same cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from linewise.decisioning.arrays import first_match
from linewise.decisioning.described import Named
from linewise.decisioning.draws import uniform_draw
from linewise.decisioning.types import Bools, Texts

__all__ = [
    "BUSINESS_AS_USUAL",
    "EXPLORATION",
    "LINEWISE",
    "CellPolicy",
    "Cells",
    "Turnover",
    "cells_of",
    "global_holdout",
    "is_drawn_control",
    "is_in_cell",
    "turnover_of",
]

BUSINESS_AS_USUAL, EXPLORATION, LINEWISE = "business_as_usual", "exploration", "linewise"


@dataclass(frozen=True, slots=True)
class CellPolicy:
    """Shares of the customers in the two small cells (the rest is `linewise`), and of each holdout.

    Business as usual: no promotional suggestion of ours, recorded as such; service is for everybody.
    Exploration: the primary suggestion is drawn evenly from all that may be offered. A holdout keeps its
    customers from promotional suggestions whatever their cell: the named ones always the same, the global one
    others in every calendar year, so that nobody is left out for good.
    """

    business_as_usual_ratio: float = 0.0
    exploration_ratio: float = 0.0
    holdouts: Mapping[str, float] = field(default_factory=dict)
    global_holdout_ratio: float = 0.0

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


def cells_of(customer_id: Texts, policy: CellPolicy, seed: int, year: int) -> Cells:
    """The cells of the customers in a calendar year (UTC), (n_customers,); alone and in any chunk the same.

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
    if policy.global_holdout_ratio > 0.0:
        # A hyphen stands in no name of a holdout that a policy gives.
        members[f"global-{year}"] = global_holdout(customer_id, policy, seed, year)
    return Cells(cell, members)


def global_holdout(customer_id: Texts, policy: CellPolicy, seed: int, year: int) -> Bools:
    """Who is in the global holdout of a calendar year, (n_customers,): its salt is the year."""
    return uniform_draw(customer_id, seed, f"global holdout {year}") < policy.global_holdout_ratio


@dataclass(frozen=True, slots=True)
class Turnover:
    """How the global holdout turned over at the begin of a year: customers in it, in the one before, in both.

    Whoever is in both has been shown nothing for longer than a year, and whoever left it is a fresh customer no
    more: a comparison over the turn of a year counts them apart.
    """

    year: int
    customer_count: int
    member_count: int
    former_count: int
    both_count: int

    @property
    def expected_both_count(self) -> float:
        """As many as independent draws of the two years would have in common."""
        return self.member_count * self.former_count / self.customer_count if self.customer_count else 0.0


def turnover_of(customer_id: Texts, policy: CellPolicy, seed: int, year: int) -> Turnover:
    """The global holdout of a year beside the one of the year before, counted over these customers."""
    now, before = (global_holdout(customer_id, policy, seed, one) for one in (year, year - 1))
    counts = (int(np.count_nonzero(one)) for one in (now, before, now & before))
    return Turnover(year, len(customer_id), *counts)


def is_drawn_control(customer_id: Texts, seed: int, salt: str, share_ratio: float) -> Bools:
    """Who is drawn into the control of one campaign, (n_customers,).

    The salt is the campaign's own, so that the draws of two campaigns, and of any holdout, tell nothing of each other.
    """
    return uniform_draw(customer_id, seed, f"control of {salt}") < share_ratio


def is_in_cell(columns: Named, cell: str) -> Bools | None:
    """Who stands in the cell, (n_customers,), by the column `standing_cell`; None where nobody has one."""
    standing = columns.get("standing_cell")
    return None if standing is None else np.asarray(standing == cell, dtype=np.bool_)
