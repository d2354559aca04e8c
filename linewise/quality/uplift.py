"""Qini and AUUC: what is gained where an uplift score decides to whom first an offer is shown.

The definition is one and is written down here, for packages differ in their scales: with rows in the order of the
score, V(s) = mean over all rows of 1(among the first share s) · (y - m) · (t - e) / (e · (1 - e)), where t says
whether the offer was shown, e with what probability, and m is the mean of y. AUUC is the area under V, Qini that area
less the one under the straight line to V(1) of an order by chance; both in orders per row, not scaled. Rows of one
score stand together. m changes no expectation and takes away most of the noise.
"""

import numpy as np
import numpy.typing as npt

from linewise.quality.curves import POINTS, Curve, Figures
from linewise.quality.intervals import Measured
from linewise.quality.ranked import Ranked
from linewise.quality.resampling import percentiles, resampled

__all__ = ["LEAST_CHANCE", "Uplift", "uplift_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LEAST_CHANCE = 0.01
"""Below it, and above one less it, a probability is cut: single rows would speak for all."""


class Uplift(Figures):
    """What showing an offer adds to its take-up, by the order in which the uplift score would show it.

    curve: orders added per row of the base when the first share of it is shown the offer, and `random` the same by
    chance, a straight line. auuc: the area under the curve; qini: that area less the one under the line; both in
    orders per row of the base, not scaled. Rows are weighed by one over the probability of what was done.
    """

    row_count: int
    shown_count: int
    control_count: int
    effect: Measured
    auuc: Measured
    qini: Measured
    curve: Curve


def uplift_of(
    y: Integers, shown: Integers, chance: Floats, score: Floats, groups: Integers, seed: int
) -> Uplift | None:
    """Judge an uplift score (n_rows,) of rows that were shown the offer (1) or not (0), with probability `chance`.

    None where all rows or none were.
    """
    if len(np.unique(shown)) < 2:
        return None
    kept = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    worth = (y - y.mean()) * (shown - kept) / (kept * (1 - kept))
    ranked = Ranked.by(score, shown)
    grid = np.linspace(0.0, 1.0, POINTS + 1)

    def curve(weight: Floats) -> Floats:
        ordered = weight[ranked.order]
        rows = np.append(0.0, np.cumsum(ordered)[ranked.ends])
        gained = np.append(0.0, np.cumsum(ordered * worth[ranked.order])[ranked.ends])
        total = max(float(rows[-1]), 1e-300)
        return np.interp(grid, rows / total, gained / total)

    def figures(weight: Floats) -> Floats:
        values = curve(weight)
        area = float(np.trapezoid(values, grid))
        return np.array([values[-1], area, area - values[-1] / 2])

    once, drawn = resampled(figures, groups, seed)
    effect, auuc, qini = (percentiles(float(one), drawn[:, place]) for place, one in enumerate(once))
    values = curve(np.ones(len(y)))
    return Uplift(
        row_count=len(y),
        shown_count=int(shown.sum()),
        control_count=int((1 - shown).sum()),
        effect=effect,
        auuc=auuc,
        qini=qini,
        curve=Curve(x=tuple(grid.tolist()), y=tuple(values.tolist())),
    )
