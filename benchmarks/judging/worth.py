"""What raises truly bring and lose: the same futures lived with and without them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from linewise.decisioning.types import Bools, Floats, Ints
from linewise.simulation.truth import Outcomes, Truth

__all__ = ["Effects", "Judge", "Worth"]


@dataclass(frozen=True, slots=True)
class Effects:
    """What a limit does to customers beside none, means over futures, (n_customers,) each; minor units.

    profit_amt is after all losses: what those in default owe when the horizon ends counts as lost like what was
    written off in it, for the bank gives it up a few months later. loss_amt is that loss alone.
    """

    profit_amt: Floats
    loss_amt: Floats
    default_ratio: Floats

    def where(self, which: Bools) -> "Effects":
        """The same for some customers, and nothing for the others."""
        return Effects(*(np.where(which, getattr(self, name), 0.0) for name in Effects.__slots__))

    def spread(self, which: Bools) -> "Effects":
        """The same over a larger base, of which these are the customers marked; nothing for the others."""
        found = Effects(*np.zeros((3, len(which))))
        for name in Effects.__slots__:
            getattr(found, name)[which] = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class Worth:
    """What a policy comes to for a customer of the base, with the standard error over customers; minor units.

    raised_ratio: customers raised; raise_ratio: what a raise adds to a line on average.
    """

    policy: str
    raised_ratio: float
    raise_ratio: float
    profit_amt: float
    profit_error_amt: float
    loss_amt: float
    loss_error_amt: float
    default_ratio: float

    @classmethod
    def of(cls, policy: str, factor: Floats, effects: Effects) -> "Worth":
        """The worth of a policy that multiplies limits by these factors, (n_customers,), and has these effects."""
        raised, root = factor > 1.0, math.sqrt(len(factor))
        return cls(
            policy=policy,
            raised_ratio=float(raised.mean()),
            raise_ratio=float((factor[raised] - 1.0).mean()) if raised.any() else 0.0,
            profit_amt=float(effects.profit_amt.mean()),
            profit_error_amt=float(effects.profit_amt.std() / root),
            loss_amt=float(effects.loss_amt.mean()),
            loss_error_amt=float(effects.loss_amt.std() / root),
            default_ratio=float(effects.default_ratio.mean()),
        )


@dataclass
class Judge:
    """Lives customers on in some futures, in each of them with a limit and without.

    number (n_customers,): of the customers in their world. What is done happens in the first cycle after the data.
    """

    truth: Truth
    number: Ints
    futures: int
    horizon_months: int
    _held: dict[int, Outcomes] = field(default_factory=dict, repr=False)

    @property
    def loss_given_default_ratio(self) -> float:
        """What the bank loses of what it gives up, in this world."""
        return float(self.truth.world.equations["loss_given_default"][0])

    def effects(self, factor: Floats) -> Effects:
        """What limits multiplied by these factors, (n_customers,), do; nothing at all where the factor is 1."""
        moved = np.flatnonzero(factor != 1.0)
        found = Effects(*np.zeros((3, len(factor))))
        if not moved.size:
            return found
        for future, held in self._futures():
            raised = self._outcomes(self.number[moved], factor[moved], future)
            for name, one, other in zip(
                Effects.__slots__, self._counted(raised), self._counted(_at(held, moved)), strict=True
            ):
                getattr(found, name)[moved] += (one - other) / self.futures
        return found

    def _futures(self) -> Iterator[tuple[int, Outcomes]]:
        for future in range(1, self.futures + 1):
            if future not in self._held:
                self._held[future] = self._outcomes(self.number, np.ones(len(self.number)), future)
            yield future, self._held[future]

    def _outcomes(self, number: Ints, factor: Floats, future: int) -> Outcomes:
        month, horizon = self.truth.next_month, self.horizon_months
        return self.truth.outcomes(number, month, limit_factor=factor, horizon=horizon, future=future)

    def _counted(self, outcomes: Outcomes) -> tuple[Floats, Floats, Floats]:
        to_come = self.loss_given_default_ratio * outcomes.owed_in_default_amt
        lost = self.loss_given_default_ratio * outcomes.written_off_amt + to_come
        return outcomes.profit_amt - to_come, lost, outcomes.is_default


def _at(outcomes: Outcomes, rows: Ints) -> Outcomes:
    return Outcomes(*(getattr(outcomes, name)[rows] for name in Outcomes.__slots__))
