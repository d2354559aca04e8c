"""The slice on which chance alone decided: what it says of a slope against what the bank's own past says."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.banded import BandedSlope

__all__ = ["Gap", "corrected", "doubt_of", "gap_of"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Gap = tuple[float, float]
"""What the slice adds to a slope, and one standard error of it."""

LEAST_ROWS = 200
NOTHING: Gap = (0.0, np.inf)


def gap_of(outcome_left: Floats, dose: Floats, slope: Floats, scatter: Floats, is_randomised: Bools | None) -> Gap:
    """By how much the slope of the randomised rows lies above the one learnt; (n_rows,) each.

    outcome_left: of the outcome by what the features say; slope: of each row as learnt. There the dose hangs on
    nothing, so that its distance from the mean needs no model. Rows count by 1 / scatter².
    """
    if is_randomised is None or is_randomised.sum() < LEAST_ROWS:
        return NOTHING
    rows = np.flatnonzero(is_randomised)
    away = (dose[rows] - dose[rows].mean()) / scatter[rows]
    left = outcome_left[rows] / scatter[rows] - slope[rows] * away
    square = float(away @ away)
    if square <= 0.0:
        return NOTHING
    gap = float(away @ left) / square
    error = float(np.sqrt(((away * (left - gap * away)) ** 2).sum())) / square
    return gap, error


def doubt_of(gap: Gap) -> float:
    """The variance of what nobody sees in a slope that the bank's past has taught: what the gap shows above its error.

    Zero where the gap lies within its error: then the slice has nothing to mend, and would only bring its noise.
    """
    return max(gap[0] ** 2 - gap[1] ** 2, 0.0) if np.isfinite(gap[1]) else 0.0


def corrected(slope: BandedSlope, gap: Gap, doubt: float) -> BandedSlope:
    """The slope moved towards what the slice says, in the measure of what each knows.

    doubt: the variance of the slope learnt from the bank's own choices, beside its error.
    """
    if doubt <= 0.0 or not np.isfinite(gap[1]):
        return slope
    own = slope.errors**2 + doubt
    trust = own / (own + gap[1] ** 2)
    errors = np.sqrt((1.0 - trust) ** 2 * own + trust**2 * gap[1] ** 2)
    return replace(slope, slopes=np.maximum(slope.slopes + trust * gap[0], 0.0), errors=errors)
