"""Features of what is known only in the call: why the customer calls, and what amount is asked for.

One definition for both doors: Feast calls it on demand (features.feast_objects), serving calls it on the arrays of a
decision, without Feast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from features.catalogue import FEATURES
from features.feature import Purpose

__all__ = ["CALL_FEATURES", "CALL_REASONS", "COMPARED_WITH", "CallFeature", "call_features"]

Floats = NDArray[np.float64]

CALL_REASONS = ("balance", "bill", "limit", "card", "loan", "payment_difficulty", "complaint", "other")
"""What an agent may note; any other word counts as the last."""

COMPARED_WITH = {"income": "income_mean_amt_6m", "balance": "balance_mean_amt_90d", "limit": "credit_limit_amt"}
"""The stored amounts that a requested one is held against, by the word in the feature's name."""

# The contract table of calls allows a reason no part in risk, limit or price: who complains is not charged for it.
_REASON_PURPOSES: tuple[Purpose, ...] = ("take_up", "eligibility")
_STORED_PURPOSES = {feature.name: feature.allowed_for for feature in FEATURES}


@dataclass(frozen=True, slots=True)
class CallFeature:
    """One feature of a call: a flag is 1 or 0, a ratio 0 or more; NaN where the call did not tell."""

    name: str
    meaning: str
    unit: Literal["flag", "ratio"]
    allowed_for: tuple[Purpose, ...]


CALL_FEATURES: tuple[CallFeature, ...] = (
    *(
        CallFeature(
            f"is_call_about_{reason}",
            f"Whether the reason noted for the call is {reason.replace('_', ' ')}.",
            "flag",
            _REASON_PURPOSES,
        )
        for reason in CALL_REASONS
    ),
    *(
        CallFeature(
            f"requested_to_{word}_ratio",
            f"The amount asked for in the call, as a multiple of {stored}.",
            "ratio",
            # Whoever may not read the stored amount may not read it through a ratio either.
            _STORED_PURPOSES[stored],
        )
        for word, stored in COMPARED_WITH.items()
    ),
)


def call_features(
    call_reason: Sequence[str | None], requested_amt: Sequence[float | None] | Floats, stored: Mapping[str, Any]
) -> dict[str, Floats]:
    """CALL_FEATURES by name, (n_calls,) float64 each.

    `call_reason` is a word of CALL_REASONS, empty or None where none was noted; `requested_amt` in minor units, 0 or
    None where nothing was asked for; `stored` holds the columns of COMPARED_WITH for the same customers. A ratio to
    nothing, or to a debt, is NaN.
    """
    reasons = np.array([(reason or "") for reason in call_reason], dtype=np.str_)
    is_noted = reasons != ""
    known = np.where(np.isin(reasons, CALL_REASONS), reasons, CALL_REASONS[-1])
    answers = {f"is_call_about_{one}": np.where(is_noted, known == one, np.nan) for one in CALL_REASONS}
    asked = _positive(requested_amt)
    return answers | {
        f"requested_to_{word}_ratio": asked / _positive(stored[name]) for word, name in COMPARED_WITH.items()
    }


def _positive(amounts: Any) -> Floats:
    values = np.array(amounts, dtype=np.float64)
    return np.where(values > 0, values, np.nan)
