"""What a treated arm did beyond its control: differences of shares and of means, by the arm that was drawn.

Everybody counts in the arm that chance put them in, reached or not: the difference is that of intending to treat.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

from linewise.core.errors import UsageError
from linewise.quality.curves import Figures
from linewise.quality.intervals import Measured, wilson

__all__ = ["Lift", "Moments", "absolute_lift", "lift_of", "mean_difference", "relative_lift"]

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
Z = float(norm.ppf(0.5 + LEVEL / 2))


class Moments(Figures):
    """Count, sum and sum of squares of an amount of each customer of an arm, which pieces of a list add up to."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Floats) -> "Moments":
        """Those of values (n_customers,)."""
        return cls(count=len(values), total=float(values.sum()), squares=float((values * values).sum()))

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(
            count=self.count + other.count, total=self.total + other.total, squares=self.squares + other.squares
        )

    @property
    def mean(self) -> float:
        """The mean; 0 of nobody."""
        return self.total / self.count if self.count else 0.0

    @property
    def variance(self) -> float:
        """The variance of one customer; 0 of fewer than two."""
        if self.count < 2:
            return 0.0
        return max(self.squares - self.count * self.mean**2, 0.0) / (self.count - 1)


class Lift(Figures):
    """The shares of both arms that responded, and what lies between them.

    absolute: treated less control; relative: the same over the control's share, None where nobody of the control
    responded; added_count: how many of the treated responded because they were treated. p: of a difference as large
    where there is none (pooled two-proportion z-test, both sides).
    """

    treated_count: int
    control_count: int
    treated_responses: int
    control_responses: int
    treated: Measured
    control: Measured
    absolute: Measured
    relative: Measured | None
    added_count: Measured
    p: float


def lift_of(treated_responses: int, treated_count: int, control_responses: int, control_count: int) -> Lift:
    """The lift of an arm over its control; raises UsageError where one of them is empty."""
    if treated_count < 1 or control_count < 1:
        raise UsageError(
            f"{treated_count} treated customers and {control_count} of the control tell of no lift.",
            "At least one of each was expected.",
        )
    absolute = absolute_lift(treated_responses, treated_count, control_responses, control_count)
    return Lift(
        treated_count=treated_count,
        control_count=control_count,
        treated_responses=treated_responses,
        control_responses=control_responses,
        treated=wilson(treated_responses, treated_count),
        control=wilson(control_responses, control_count),
        absolute=absolute,
        relative=relative_lift(treated_responses, treated_count, control_responses, control_count),
        added_count=Measured(**{end: getattr(absolute, end) * treated_count for end in ("value", "low", "high")}),
        p=_p_of(treated_responses, treated_count, control_responses, control_count),
    )


def absolute_lift(hits: int, count: int, control_hits: int, control_count: int) -> Measured:
    """The difference of two shares with Newcombe's interval of both Wilson intervals.

    Method 10 of Newcombe (Statistics in Medicine 17, 1998): it covers as it says also where responses are rare and
    one arm is small, where the plain z interval does not.
    """
    one, other = wilson(hits, count), wilson(control_hits, control_count)
    value = one.value - other.value
    below = float(np.hypot(one.value - one.low, other.high - other.value))
    above = float(np.hypot(one.high - one.value, other.value - other.low))
    return Measured(value=value, low=value - below, high=value + above)


def relative_lift(hits: int, count: int, control_hits: int, control_count: int) -> Measured | None:
    """The ratio of two shares less one; None where the control has no hit.

    The interval is that of the logarithm of the ratio (Katz, Baptista, Azen and Pike, Biometrics 34, 1978) with half
    a hit more in each arm (Walters, Biometrics 31, 1975), and always holds the figure.
    """
    if control_hits == 0:
        return None
    value = hits / count / (control_hits / control_count) - 1.0
    a, n, b, m = hits + 0.5, count + 0.5, control_hits + 0.5, control_count + 0.5
    middle, half = np.log(a / n) - np.log(b / m), Z * np.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    low, high = (float(np.exp(middle + side * half)) - 1.0 for side in (-1, 1))
    return Measured(value=value, low=min(low, value), high=max(high, value))


def mean_difference(treated: Moments, control: Moments) -> Measured:
    """The mean of one arm less that of the other, with Welch's interval; endless where an arm has fewer than two."""
    value = treated.mean - control.mean
    if min(treated.count, control.count) < 2:
        return Measured(value=value, low=-np.inf, high=np.inf)
    parts = treated.variance / treated.count, control.variance / control.count
    error = float(np.sqrt(sum(parts)))
    if error == 0.0:
        return Measured(value=value, low=value, high=value)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (treated.count - 1) + parts[1] ** 2 / (control.count - 1))
    half = float(t.ppf(0.5 + LEVEL / 2, freedom)) * error
    return Measured(value=value, low=value - half, high=value + half)


def _p_of(hits: int, count: int, control_hits: int, control_count: int) -> float:
    pooled = (hits + control_hits) / (count + control_count)
    error = float(np.sqrt(pooled * (1 - pooled) * (1 / count + 1 / control_count)))
    if error == 0.0:
        return 1.0
    return float(2 * norm.sf(abs(hits / count - control_hits / control_count) / error))
