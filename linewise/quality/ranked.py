"""Rows in the order of a score: how well it puts first those who have the label."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linewise.quality.curves import POINTS, Curve

__all__ = ["Ranked"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows in the order of a score, the highest first, so that many weightings can be judged; ties stand together.

    order (n_rows,): the places of the rows; ends (n_scores,): the last place of each distinct score; y in order.
    """

    order: Integers
    ends: Integers
    y: Floats

    @classmethod
    def by(cls, score: Floats, y: Integers | npt.NDArray[np.bool_]) -> "Ranked":
        """Put rows (n_rows,) in order."""
        order = np.argsort(-score, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
        return cls(order, ends, y[order].astype(np.float64))

    def reached(self, weight: Floats) -> tuple[Floats, Floats]:
        """Weight of all rows and of those with the label down to each distinct score, each (n_scores,)."""
        ordered = weight[self.order]
        return np.cumsum(ordered)[self.ends], np.cumsum(ordered * self.y)[self.ends]

    def figures(self, weight: Floats) -> Floats:
        """AUC, average precision, KS and lift of the first tenth, (4,); NaN where a class is absent."""
        rows, hits = self.reached(weight)
        misses = rows - hits
        if hits[-1] <= 0 or misses[-1] <= 0:
            return np.full(4, np.nan)
        true_rate, false_rate = hits / hits[-1], misses / misses[-1]
        auc = float(np.trapezoid(np.append(0.0, true_rate), np.append(0.0, false_rate)))
        precision = hits / np.maximum(rows, 1e-300)
        average = float((np.diff(true_rate, prepend=0.0) * precision).sum())
        ks = float(np.abs(true_rate - false_rate).max())
        first = float(np.interp(0.1, np.append(0.0, rows / rows[-1]), np.append(0.0, true_rate)))
        return np.array([auc, average, ks, first / 0.1])

    def gain(self) -> Curve:
        """The share of all labels that the first share of rows holds."""
        rows, hits = self.reached(np.ones(len(self.y)))
        x = np.linspace(0.0, 1.0, POINTS + 1)
        y = np.interp(x, np.append(0.0, rows / rows[-1]), np.append(0.0, hits / max(hits[-1], 1e-300)))
        return Curve(x=tuple(x.tolist()), y=tuple(y.tolist()))
