"""What the use of cards says to rules: how long they lay still, what they cost and repaid, sums that go round."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.card_use.use import CardUse
from linewise.core.moments import NEVER, days_between, microseconds
from linewise.decisioning.types import Floats, Ints
from serving.scoring.sight import Sight

__all__ = ["card_use_columns"]


def card_use_columns(use: CardUse, sight: Sight) -> dict[str, NDArray[Any]]:
    """Since when the card lies still, and what 18 months cost and repaid, (n_customers,).

    NaN where the decision is of a moment before the postings were looked at: some came later.
    """
    is_later = sight.now_us >= microseconds(use.as_of)
    used, opened = use.used_at[sight.places], use.opened_at[sight.places]
    since = np.where(used == NEVER, opened, np.maximum(used, np.where(opened == NEVER, -1, opened)))
    cost, repaid = use.cost_amt[sight.places], use.repaid_amt[sight.places]
    columns = {
        "no_use_days": days_between(since, sight.at),
        "no_use_months": _whole_months(since, sight.at),
        "interest_and_fees_paid_18m_amt": cost,
        "principal_paid_18m_amt": np.maximum(repaid - cost, 0.0),
        "carousel_ratio": use.carousel_ratio[sight.places],
    }
    unknown = np.full(len(sight), np.nan)
    return columns if is_later else dict.fromkeys(columns, unknown)


def _whole_months(since: Ints, until: Ints) -> Floats:
    """Whole months of the calendar between two moments in microseconds; NaN where the first never came."""
    is_known = since != NEVER
    begins, ends = (np.where(is_known, one, 0).astype("datetime64[us]") for one in (since, until))
    months = (ends.astype("datetime64[M]") - begins.astype("datetime64[M]")).astype(np.int64)
    # The month is whole once the day and hour in it are reached.
    into = [one - one.astype("datetime64[M]").astype("datetime64[us]") for one in (begins, ends)]
    return np.where(is_known, months - (into[1] < into[0]), np.nan).astype(np.float64)
