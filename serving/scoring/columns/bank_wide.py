"""Columns of the bank as a whole, alike for all customers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import DAY_US
from serving.scoring.facts import BankFacts
from serving.scoring.sight import Sight

__all__ = ["bank_columns", "oldest_complaint_days"]

DORMANT_SHARE = "dormant_card_ratio"
"""The fact that holds it: cards without use in 18 months and nothing owed, policy cards left out."""


def bank_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Figures that the bank knew by now, (n_customers,)."""
    share = sight.facts.figure(DORMANT_SHARE, sight.now)
    return {"dormant_share_ratio": np.full(len(sight), share)}


def oldest_complaint_days(facts: BankFacts, now_us: int) -> float:
    """Age of the oldest complaint that nobody answered, over all customers; 0 where all are."""
    everybody = np.arange(len(facts.roster.row_of))
    rows = facts.tables["cases"].rows_of(everybody).known(np.full(len(everybody), now_us))
    is_open = rows.is_word("kind", "complaint") & (rows["closed_at"] > now_us)
    opened = rows["opened_at"][is_open]
    return float((now_us - opened.min()) / DAY_US) if len(opened) else 0.0
