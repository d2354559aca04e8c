"""What a longer term and what a lower rate do to those who agreed on a plan in hardship, in the truth."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from linewise.decisioning.types import Bools, Floats, Ints
from linewise.simulation.lives.living import live
from linewise.simulation.lives.parameters import Equations
from linewise.simulation.lives.record import PLAN, PLANS, Lives
from linewise.simulation.truth import DEFAULT_BUCKET
from linewise.simulation.world import World

__all__ = ["AgreedWorld", "AgreementEffect", "agreement_effects"]

MONTHS, AHEAD_MONTHS = 60, 40
FOLLOWED_MONTHS = 62
"""From the agreement on: the longest plan, and the cycle in which it is agreed."""
SHORT_MONTHS, LONG_MONTHS = 36, 60
_HARDSHIP = 1


class AgreedWorld(World):
    """A world whose plans in hardship all run as long, at the same fee a month; all else is as in the other."""

    term_months: int
    fee_ratio: float

    @cached_property
    def equations(self) -> Equations:
        """Those of the world, with these plans."""
        equations = super().equations.copy()
        equations["plan_terms"][0, _HARDSHIP] = self.term_months
        equations["plan_fee_ratios"][0, _HARDSHIP] = self.fee_ratio
        return equations


@dataclass(frozen=True, slots=True)
class AgreementEffect:
    """What other terms do to those with a first agreement, beside the short plan at the full fee.

    default_ratio: who is in default again within FOLLOWED_MONTHS; change_ratio: beside the short plan, with its
    standard error; paid_amt: what a customer paid in that time, minor units.
    """

    terms: str
    customers: int
    default_ratio: float
    change_ratio: float
    error_ratio: float
    paid_amt: float


def agreement_effects(seed: int, customer_count: int) -> list[AgreementEffect]:
    """The short plan, a stretched one, one of half the rate and one without interest, for the same customers.

    All live with the same dice up to their first agreement and after it, so that they differ by its terms alone.
    """
    world = World(customer_count=customer_count, month_count=MONTHS, seed=seed)
    fee = float(world.equations["plan_fee_ratios"][0, _HARDSHIP])
    number = np.arange(1, customer_count + 1)
    agreed, month = _first_agreements(world, _lived(world, number, SHORT_MONTHS, fee))
    variants = {
        f"{SHORT_MONTHS} months": (SHORT_MONTHS, fee),
        f"{LONG_MONTHS} months": (LONG_MONTHS, fee),
        f"{SHORT_MONTHS} months, half the rate": (SHORT_MONTHS, fee / 2.0),
        f"{SHORT_MONTHS} months, no interest": (SHORT_MONTHS, 0.0),
    }
    found: list[AgreementEffect] = []
    before: Floats | None = None
    for terms, (months, ratio) in variants.items():
        lives = _lived(world, number[agreed], months, ratio)
        followed = month[:, None] + np.arange(FOLLOWED_MONTHS)
        rows = np.take_along_axis(lives.months, followed, axis=1)
        # In the cycle of the agreement and the one before it what was overdue is still on the book.
        again = (rows["bucket"][:, 2:] >= DEFAULT_BUCKET).any(axis=1).astype(np.float64)
        before = again if before is None else before
        change = again - before
        found.append(
            AgreementEffect(
                terms=terms,
                customers=len(again),
                default_ratio=float(again.mean()),
                change_ratio=float(change.mean()),
                error_ratio=float(change.std() / math.sqrt(len(change))),
                paid_amt=float(np.maximum(rows["paid_amt"], 0).sum(axis=1).mean()),
            )
        )
    return found


def _lived(world: World, number: Ints, term_months: int, fee_ratio: float) -> Lives:
    agreed = AgreedWorld(**world.model_dump(), term_months=term_months, fee_ratio=fee_ratio)
    return live(agreed, number, with_postings=False, extra_months=AHEAD_MONTHS)


def _first_agreements(world: World, lives: Lives) -> tuple[Ints, Ints]:
    """Rows of the customers whose first plan in hardship can be followed to its end, and its month."""
    events = lives.events[(lives.events["kind"] == PLAN) & (lives.events["a"] == PLANS.index("art70"))]
    person, first = np.unique(events["person"], return_index=True)
    begins = np.array([world.calendar.month_begin(month) for month in range(MONTHS)], dtype="datetime64[s]")
    month = np.searchsorted(begins.astype(np.int64), events["at_s"][first], side="right")
    kept: Bools = (month >= 1) & (month + FOLLOWED_MONTHS <= MONTHS + AHEAD_MONTHS)
    return person[kept].astype(np.int64), month[kept].astype(np.int64)
