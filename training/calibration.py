"""From a raw score and an amount to a probability, by three numbers fitted on scores of unseen rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["Calibration", "fit_calibration"]

Floats = npt.NDArray[np.float64]

STEEPEST = 10.0  # bounds the search where a few rows are perfectly parted; real slopes lie near one


@dataclass(frozen=True, slots=True)
class Calibration:
    """margin = intercept + slope · bent(raw) + dose_slope · dose; probability = 1 / (1 + exp(-margin)).

    bent(raw) = z + top_ratio · log(1 + exp(z)), z = raw + centre: raw itself without either. Below nothing, and never
    under -1, top_ratio says that the likeliest are less likely than the rest would have it (beta calibration; Kull,
    Silva Filho and Flach, AISTATS 2017, whose two slopes are `slope` and slope · (1 + top_ratio)). dose_slope_error:
    one standard error of the dose slope.
    """

    intercept: float
    slope: float
    dose_slope: float = 0.0
    dose_slope_error: float = 0.0
    top_ratio: float = 0.0
    centre: float = 0.0

    def margin(self, raw: Floats) -> Floats:
        """Log-odds (n_rows,) for raw margins (n_rows,), without any dose."""
        if self.top_ratio == 0.0:
            return np.asarray(self.intercept + self.slope * raw, dtype=np.float64)
        z = raw + self.centre
        return np.asarray(self.intercept + self.slope * (z + self.top_ratio * np.logaddexp(0.0, z)), dtype=np.float64)

    def probability(self, raw: Floats, dose: Floats | None = None) -> Floats:
        """Probabilities (n_rows,) for raw margins (n_rows,) and dose terms (n_rows,)."""
        margin = self.margin(raw)
        return np.asarray(expit(margin if dose is None else margin + self.dose_slope * dose), dtype=np.float64)


def fit_calibration(
    raw: Floats,
    y: npt.NDArray[np.int64],
    dose: Floats | None = None,
    groups: npt.NDArray[np.int64] | None = None,
    weight: Floats | None = None,
) -> Calibration:
    """Maximum likelihood of intercept, slope ≥ 0 and dose slope ≥ 0 (Platt's form, J. Platt 1999).

    raw (n_rows,) must be margins of rows that the trees did not see; on seen rows the slope would be that
    of memory. A slope at zero says that the trees learned nothing that holds outside their rows. The error of
    the dose slope is clustered by `groups` (n_rows,), the customers, whose rows tell of the same person. weight
    (n_rows,): for how many rows each stands.
    """
    columns = [np.ones_like(raw), raw] + ([] if dose is None else [dose])
    design = np.column_stack(columns)
    target = y.astype(np.float64)
    share = np.full(len(y), 1.0 / len(y)) if weight is None else weight / weight.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = design @ weights
        # log(1 + e^margin) - y·margin is the negative log-likelihood, in a form that cannot overflow.
        value = float(share @ (np.logaddexp(0.0, margin) - target * margin))
        return value, design.T @ (share * (expit(margin) - target))

    rate = float(np.clip(share @ target, 1e-6, 1 - 1e-6))
    start = np.array([np.log(rate / (1 - rate)), 0.5, 0.0][: design.shape[1]])
    bounds = [(None, None)] + [(0.0, STEEPEST)] * (design.shape[1] - 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12}).x
    if dose is None:
        return Calibration(float(found[0]), float(found[1]))
    error = _dose_slope_error(design, target, found, np.arange(len(raw)) if groups is None else groups)
    return Calibration(float(found[0]), float(found[1]), float(found[2]), error)


def _dose_slope_error(design: Floats, target: Floats, found: Floats, groups: npt.NDArray[np.int64]) -> float:
    """One standard error by the sandwich of information and scores summed over groups; the larger of it and the plain.

    Where few rows carry a dose the scores of the groups that hold them are near zero at the optimum and the
    sandwich alone would promise what nobody knows. At the bound of zero both say how far the slope could lie above.
    """
    probability = expit(design @ found)
    information = (design * (probability * (1.0 - probability))[:, None]).T @ design
    inverse = np.linalg.pinv(information)
    _, place = np.unique(groups, return_inverse=True)
    scores = np.zeros((int(place.max()) + 1, design.shape[1]))
    np.add.at(scores, place, design * (target - probability)[:, None])
    sandwich = inverse @ (scores.T @ scores) @ inverse
    # Without any dose in the rows nothing is known of it: the steepest slope of the search is the honest error.
    if not design[:, 2].any():
        return STEEPEST
    return float(np.sqrt(max(inverse[2, 2], sandwich[2, 2], 0.0)))
