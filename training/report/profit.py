"""What acting on the best share of rows brings, by what an action earns and costs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linewise.quality.curves import POINTS, Curve
from training.report.figures import Profit

__all__ = ["Stakes", "profit_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stakes:
    """What acting on a row brings, (n_rows,) in minor units: where it has the label and where it has not.

    assumption: where the amounts come from, in words.
    """

    with_it_amt: Floats
    without_amt: Floats
    currency: str
    assumption: str

    def expected_amt(self, probability: Floats) -> Floats:
        """What acting on each row is expected to bring, (n_rows,), for probabilities of the label (n_rows,)."""
        return probability * self.with_it_amt + (1 - probability) * self.without_amt

    def rows(self, index: Integers) -> "Stakes":
        """The stakes of these rows."""
        return Stakes(self.with_it_amt[index], self.without_amt[index], self.currency, self.assumption)


def profit_of(y: Integers, probability: Floats, stakes: Stakes) -> Profit:
    """The curve of money over the share of rows acted on, by what they were expected to bring."""
    worth = np.where(y == 1, stakes.with_it_amt, stakes.without_amt)
    expected = stakes.expected_amt(probability)
    order = np.argsort(-expected, kind="stable")
    reached = np.append(0.0, np.cumsum(worth[order])) / len(y)
    grid = np.linspace(0.0, 1.0, POINTS + 1)
    values = np.interp(grid, np.arange(len(y) + 1) / len(y), reached)
    chosen = float((expected > 0).mean())
    return Profit(
        currency=stakes.currency,
        assumption=stakes.assumption,
        chosen_ratio=chosen,
        chosen_amt=float(worth[expected > 0].sum() / len(y)),
        curve=Curve(x=tuple(grid.tolist()), y=tuple(values.tolist())),
    )
