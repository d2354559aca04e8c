"""Where chance alone decided: what came of it beside what fits foretell that have learnt from other customers alone."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from linewise.quality.resampling import percentiles, resampled
from linewise.quality.uplift import LEAST_CHANCE
from training.dataset import Dataset, ShowingDataset
from training.report.cells import actions_of
from training.report.figures import ByChance, ChanceCell

__all__ = ["by_chance_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def by_chance_of(rows: Dataset, observed: Floats, expected: Floats, seed: int) -> ByChance | None:
    """Judge what is expected (n_rows,) on the judged rows on which chance alone decided; None where there are none.

    Of raises: who was drawn into the slice, raised or not. Of offers: what was shown with a probability that somebody
    wrote down, each row weighed by one over it, as if each offer had been shown to everybody alike.
    """
    found = _slice_of(rows)
    if found is None:
        return None
    how, at, weight = found
    cut, seen, said = rows.rows(at), observed[at], expected[at]
    given = cut.principal_amt > 0 if how == "lot" and cut.principal_amt is not None else np.ones(len(at), np.bool_)
    effect_seen = effect_said = None
    if how == "lot" and given.any() and not given.all():
        once, drawn = resampled(lambda drawn: np.array([_between(seen, given, drawn)]), cut.groups, seed)
        effect_seen = percentiles(float(once[0]), drawn[:, 0])
        effect_said = _between(said, given, np.ones(len(at)))
    by = {"overall": (("all",), np.zeros(len(at), dtype=np.int64)), "action": actions_of(cut)}
    return ByChance(
        how=how,
        row_count=len(at),
        customer_count=len(np.unique(cut.groups)),
        given_count=int(given.sum()),
        effective_count=float(weight.sum() ** 2 / (weight @ weight)),
        cells=tuple(
            _cell(kind, word, (seen[inside], said[inside], weight[inside], cut.groups[inside]), seed)
            for kind, cells in by.items()
            if cells is not None
            for place, word in enumerate(cells[0])
            if (inside := cells[1] == place).any()
        ),
        effect_expected=effect_said,
        effect_observed=effect_seen,
    )


def _slice_of(rows: Dataset) -> tuple[Literal["lot", "logged"], Integers, Floats] | None:
    """How chance decided, on which rows (n_slice,), and for how many each of them stands."""
    if rows.is_randomised is not None and rows.is_randomised.any():
        at = np.flatnonzero(rows.is_randomised)
        return "lot", at, np.ones(len(at))
    if isinstance(rows, ShowingDataset) and rows.pscore is not None:
        at = np.flatnonzero((rows.is_shown == 1) & (rows.pscore > 0))
        if len(at):
            weight = 1.0 / np.maximum(rows.pscore[at], LEAST_CHANCE)
            return "logged", at, weight if rows.weight is None else weight * rows.weight[at]
    return None


def _between(values: Floats, given: Bools, weight: Floats) -> float:
    """The weighted mean of those to whom something was given less that of the others; NaN where one has none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [(weight * one) @ values / (weight @ one) for one in (given, ~given)]
    return float(means[0] - means[1])


def _cell(kind: str, word: str, rows: tuple[Floats, Floats, Floats, Integers], seed: int) -> ChanceCell:
    seen, said, weight, groups = rows

    def mean(drawn: Floats) -> Floats:
        total = float(drawn @ weight)
        return np.array([float((drawn * weight) @ seen) / total if total > 0 else np.nan])

    once, draws = resampled(mean, groups, seed)
    return ChanceCell.model_validate(
        {
            "by": kind,
            "cell": word,
            "row_count": len(seen),
            "expected": float(weight @ said / weight.sum()),
            "observed": percentiles(float(once[0]), draws[:, 0]),
        }
    )
