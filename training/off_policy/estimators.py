"""The value of a policy from decisions that another one took: IPS, SNIPS, the model alone, DR and SWITCH-DR.

Each estimate is a mean over rows, so that its error is that of a mean, clustered as the rows are.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

from linewise.core.errors import DataCheckFailed
from training.off_policy.clustered import Clusters
from training.off_policy.support import Support, support_of

__all__ = ["METHODS", "Logged", "Method", "PolicyValue", "value_of_policy"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

Method = Literal["ips", "snips", "dm", "dr", "switch_dr"]
METHODS: tuple[Method, ...] = ("ips", "snips", "dm", "dr", "switch_dr")
MANY = 50
"""Groups above which the normal quantile stands for Student's."""


@dataclass(frozen=True, slots=True)
class Logged:
    """Decisions that were taken, (n_rows,) each.

    action: the place of what was done; propensity: the probability with which it was chosen, written down when it
    was; reward: what came of it; clusters: whose rows move together. weight: for how many decisions the outcome of
    each stands, 0 where it is not known and those like it are weighed up; None where every outcome is known.
    """

    action: Integers
    propensity: Floats
    reward: Floats
    clusters: Clusters
    weight: Floats | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.propensity) & (self.propensity > 0.0) & (self.propensity <= 1.0)).all():
            raise DataCheckFailed(
                "A decision was logged with a probability that is none: above 0 and at most 1 was expected.",
                "Without the probability of what was done, nothing can be said of another policy.",
            )


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """The value a decision of a policy, less that of another where one was given, with its 95% interval."""

    method: Method
    value: float
    low: float
    high: float
    standard_error: float
    support: Support


def value_of_policy(
    logged: Logged,
    policy: Floats,
    expected: Floats | None = None,
    *,
    against: Floats | None = None,
    method: Method = "switch_dr",
    cap: float = 1_000.0,
    switch_at: float = 10.0,
) -> PolicyValue:
    """What `policy` would have earned a decision.

    policy, against, expected: (n_rows, n_actions): the probability with which each action would be chosen, that of
    the policy that it is compared with (none: its value is not taken off), and the reward that a model expects of
    each action, of rows that the model has not seen; only IPS and SNIPS do without. Weights above `cap` are cut to
    it. SWITCH-DR trusts the model alone where the weight is above `switch_at` (Wang, Agarwal and Dudik, ICML 2017):
    there the log says little, and what the model may be wrong by counts into the interval.
    """
    if expected is None:
        if method not in ("ips", "snips"):
            raise ValueError(f"{method} needs what a model expects")
        expected = np.zeros_like(policy)
    rows, doubt = _rows(logged, policy, expected, method, cap, switch_at)
    value = float(rows.mean())
    if against is not None:
        other, other_doubt = _rows(logged, against, expected, method, cap, switch_at)
        rows, value, doubt = rows - other, value - float(other.mean()), doubt + other_doubt
    error = float(np.hypot(logged.clusters.standard_error(rows), doubt))
    groups = logged.clusters.least_count
    half = float(norm.ppf(0.975) if groups > MANY else t.ppf(0.975, max(groups - 1, 1))) * error
    weight = _weight(logged, policy)
    return PolicyValue(method, value, value - half, value + half, error, support_of(policy, logged.action, weight, cap))


def _weight(logged: Logged, policy: Floats) -> Floats:
    """How much oftener the policy would have done what was done, (n_rows,)."""
    return np.asarray(policy[np.arange(len(logged.action)), logged.action] / logged.propensity)


def _rows(
    logged: Logged, policy: Floats, expected: Floats, method: Method, cap: float, switch_at: float
) -> tuple[Floats, float]:
    """Rows (n_rows,) whose mean is the value, and one standard error of what their mean leaves out."""
    likelier = np.minimum(_weight(logged, policy), cap)
    weight = likelier if logged.weight is None else likelier * logged.weight
    if method == "ips":
        return weight * logged.reward, 0.0
    if method == "snips":
        value = float((weight * logged.reward).sum() / max(float(weight.sum()), 1e-300))
        return value + weight * (logged.reward - value) / max(float(weight.mean()), 1e-300), 0.0
    by_model = (policy * expected).sum(axis=1)
    if method == "dm":
        return by_model, 0.0
    left = logged.reward - expected[np.arange(len(logged.action)), logged.action]
    if method == "dr":
        return by_model + weight * left, 0.0
    trusted = likelier <= switch_at
    # What the log says, noisily, of the model's error where the model alone is trusted.
    beyond = np.where(trusted, 0.0, weight * left)
    bias = float(beyond.mean())
    noise = logged.clusters.standard_error(beyond)
    return by_model + np.where(trusted, weight * left, 0.0), float(np.sqrt(max(bias**2 - noise**2, 0.0)))
