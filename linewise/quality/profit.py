"""How deep a list should go: what acting on the first so many brings, by what each is expected to."""

import numpy as np
import numpy.typing as npt

from linewise.quality.curves import POINTS, Figures

__all__ = ["ProfitCurve", "profit_curve"]

Floats = npt.NDArray[np.float64]


class ProfitCurve(Figures):
    """Sums in minor units over depths, from nobody on; best_depth: how many to act on, where the sum is highest.

    Depth goes by profit and not by where gain is furthest from chance, which makes lists too long.
    """

    depths: tuple[int, ...]
    profit_amt: tuple[float, ...]
    best_depth: int
    best_amt: float


def profit_curve(worth_amt: Floats, points: int = POINTS) -> ProfitCurve:
    """The curve of what acting on each row is expected to bring after its cost (n_rows,), the most first."""
    reached = np.append(0.0, np.cumsum(-np.sort(-worth_amt)))
    best = int(np.argmax(reached))
    grid = np.unique(np.append(np.linspace(0, len(worth_amt), points + 1).round().astype(np.int64), best))
    return ProfitCurve(
        depths=tuple(int(one) for one in grid),
        profit_amt=tuple(float(one) for one in reached[grid]),
        best_depth=best,
        best_amt=float(reached[best]),
    )
