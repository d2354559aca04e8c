"""What the debt of the same rows tells of default, which is too rare to tell it itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.banded import fit_slope
from training.dataset import Dataset
from training.dose import dose_of, share_of_scale
from training.effects_of_dose import Residuals, chosen_bend
from training.randomised import gap_of
from training.unseen import Unseen

__all__ = ["Debt", "debt_of"]

Floats = npt.NDArray[np.float64]

CLEARLY = 2.0
"""Standard errors."""


@dataclass(frozen=True, slots=True)
class Debt:
    """How the dose bends, and whether raises followed what no feature shows.

    Default answers to what a raise lets people owe: it bends as that does. is_confounded: the slope of what is owed
    is clearly another one where chance alone decided.
    """

    bend_ratio: float = 1.0
    is_confounded: bool = False


def debt_of(
    unseen: Unseen, data: Dataset, minimum_scale_amt: float, dose: Floats, expected_dose: Floats, seed: int
) -> Debt:
    """From what is owed on the rows of `data`; nothing is known where nobody tells it. dose (n_rows,): unbent."""
    if data.owed_amt is None or data.scale_amt is None:
        return Debt()
    share = share_of_scale(data.owed_amt, data.scale_amt, minimum_scale_amt)
    expected = np.maximum(unseen.of_amount(share), 0.0)
    share_left = share - expected
    bend = chosen_bend(np.expm1(dose), expected_dose, expected, share_left)
    bent_dose = dose_of(data, minimum_scale_amt, bend)
    if bent_dose is None or data.is_randomised is None:
        return Debt(bend)
    powers = np.vander(expected_dose, 4)
    fitted, *_ = np.linalg.lstsq(powers, bent_dose, rcond=None)
    left = Residuals.even(expected, share_left, bent_dose - powers @ fitted)
    slope = fit_slope(expected, left.outcome_left, left.dose_left, data.groups, seed).of(expected)[0]
    gap, error = gap_of(share_left, bent_dose, slope, left.scatter, data.is_randomised)
    return Debt(bend, abs(gap) > CLEARLY * error)
