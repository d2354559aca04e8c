"""Who the customers truly are when the data end: by their lives, which no table of the bank shows whole."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.types import Bools, Floats, Ints, Texts
from linewise.simulation.lives.living import live
from linewise.simulation.lives.record import CHARGED_OFF, CUNNING
from linewise.simulation.world import World

__all__ = ["People", "people_of"]

HISTORY_MONTHS, DEBT_MONTHS = 12, 18
TRANSACTOR, REVOLVER = 1, 2
RING_BEGINS_MONTHS = 6
"""So long before it turns, a ring begins to move money."""


@dataclass(frozen=True, slots=True)
class People:
    """By the truth, (n_customers,) each.

    is_active: an open card, not written off, used or owing within twelve months. is_transactor, is_revolver: how the
    active behaved in the last cycle. is_persistent: in eighteen months more interest and fees than principal
    repaid. cunning: none, cash_out_ring, bust_out or takeover; is_at_it: they have begun, and are still there.
    traits (n_customers, n_traits): what else drives a life, for whoever plays the oracle.
    """

    number: Ints
    is_active: Bools
    is_transactor: Bools
    is_revolver: Bools
    is_persistent: Bools
    cunning: Texts
    is_at_it: Bools
    traits: Floats

    def is_kind(self, kind: str) -> Bools:
        """Whether the customer is of that kind of the cunning, (n_customers,)."""
        return self.cunning == kind


def people_of(world: World, customer_id: Texts) -> People:
    """The customers of these ids as they stand when the data of their world end."""
    number = np.array([int(one[1:]) for one in customer_id.tolist()], dtype=np.int64)
    lives = live(world, number, with_postings=False)
    months, people = lives.months, lives.people
    last = months[:, -1]
    year = months[:, -HISTORY_MONTHS:]
    moved = (year["purchases_count"] > 0) | (year["balance_amt"] != 0) | (year["paid_amt"] > 0)
    is_open = (last["is_open"] == 1) & (last["bucket"] < CHARGED_OFF)
    is_active = is_open & moved.any(axis=1)
    debt = months[:, -DEBT_MONTHS:]
    cost = (debt["interest_amt"] + debt["fee_amt"]).sum(axis=1)
    repaid = np.maximum(debt["paid_amt"], 0).sum(axis=1)
    cunning = np.array(CUNNING)[people["cunning"]]
    begins = people["cunning_month"] - np.where(cunning == CUNNING[1], RING_BEGINS_MONTHS, 0)
    limit_amt = np.maximum(last["limit_amt"], 1).astype(np.float64)
    traits = [
        people["risk"], people["need"], people["outlook"], people["habit"], people["shape"], people["relative_income"],
        people["marginal_propensity"], people["dose_slope"], people["pays_minimum"], last["balance_amt"] / limit_amt,
        limit_amt / np.maximum(people["income_amt"], 1), last["spend_amt"] / limit_amt, last["bucket"],
        last["is_jobless"], people["cunning"], people["cunning_month"], limit_amt,
        year["declined_amt"].sum(axis=1) / limit_amt,
    ]  # fmt: skip
    return People(
        number=number,
        is_active=is_active,
        is_transactor=is_active & (last["behaviour"] == TRANSACTOR),
        is_revolver=is_active & (last["behaviour"] == REVOLVER),
        is_persistent=cost > np.maximum(repaid - cost, 0),
        cunning=cunning,
        is_at_it=(cunning != CUNNING[0]) & (begins <= world.month_count - 1) & is_open,
        traits=np.column_stack([np.asarray(one, dtype=np.float64) for one in traits]),
    )
