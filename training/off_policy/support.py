"""Whether the past can tell of a policy at all: what it would do that was never, or hardly ever, done."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["LEAST_EFFECTIVE", "Support", "support_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LEAST_EFFECTIVE = 500.0
"""Rows' worth of weights below which an estimate by weighting is a guess."""

LEAST_ROWS = 30
"""Times an action must have been taken to be judged by what came of it."""

MASS_ERRORS = 4.0
"""Standard errors by which the mean weight may miss one."""


@dataclass(frozen=True, slots=True)
class Support:
    """How far the log carries a policy.

    effective_count: the rows' worth of the weights, (Σ w)² / Σ w² (Kish). mean_weight: one where the policy does
    nothing that the log could not have done. largest_weight; clipped_ratio: the share of rows whose weight was cut
    to the cap. missing_ratio: the share of the policy's choices that fall on actions taken fewer than LEAST_ROWS
    times. warnings: in words, what is not supported.
    """

    effective_count: float
    mean_weight: float
    largest_weight: float
    clipped_ratio: float
    missing_ratio: float
    warnings: tuple[str, ...]


def support_of(policy: Floats, action: Integers, weight: Floats, cap: float) -> Support:
    """`policy` (n_rows, n_actions), the logged `action` and the `weight` before it was cut, each (n_rows,)."""
    count = len(weight)
    taken = np.bincount(action, minlength=policy.shape[1])
    effective = float(weight.sum() ** 2 / max(float((weight**2).sum()), 1e-300))
    mean, error = float(weight.mean()), float(weight.std() / np.sqrt(count))
    missing = float(policy[:, taken < LEAST_ROWS].sum() / max(float(policy.sum()), 1e-300))
    warnings = []
    if missing > 0.0:
        warnings.append(
            f"{missing:.1%} of the policy's choices are actions that were taken fewer than {LEAST_ROWS} times: "
            "the log says nothing of them."
        )
    if abs(mean - 1.0) > MASS_ERRORS * error + 1e-9:
        warnings.append(
            f"The weights average {mean:.3f} and not 1: the policy does what the log never could, or the logged "
            "probabilities are not those by which it was chosen."
        )
    if effective < LEAST_EFFECTIVE:
        warnings.append(f"The weights are worth {effective:.0f} rows; at least {LEAST_EFFECTIVE:.0f} are needed.")
    clipped = float((weight > cap).mean())
    return Support(effective, mean, float(weight.max()), clipped, missing, tuple(warnings))
