"""Columns of what is asked for or proposed in this request, and of how fresh it is judged."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import DAY_US
from linewise.decisioning.types import Context, Customers, Floats
from serving.scoring.keyed import nought_if_missing
from serving.scoring.sight import Sight

__all__ = ["cut_notice_columns", "feature_age_days", "request_facts"]

CUT_NOTICES = ("limit_cut", "limit_cut_dormant")
DAY_NS = "datetime64[D]"


def request_facts(
    customers: Customers, known: Mapping[str, NDArray[Any]], context: Context, limit_step_amt: int
) -> dict[str, NDArray[Any]]:
    """One step up, or the limit asked for where it is lower than the line, and its minimum payment drawn whole.

    Each (n_customers,). A higher one that is asked for is bounded by the caps, so that more than can be had is
    countered by what can, and not refused by a rule over the whole sum.

    The whole line counts from the first day (12 CFR 1026.51(a)(2)(ii)): the proposed one with the
    customer's other lines, by the account's own formula, and never below its floor.
    """
    proposed = customers.current_limit_amt.astype(np.float64) + limit_step_amt
    if context.asked_for == "limit" and context.asked_amt is not None:
        proposed = np.minimum(proposed, float(context.asked_amt))
    whole = proposed + known["other_own_limit_amt"]
    share, floor = known["minimum_payment_ratio"], nought_if_missing(known["minimum_payment_floor_amt"])
    payment = np.minimum(np.maximum(np.ceil(share * whole), floor), whole)
    return {"proposed_limit_amt": proposed, "minimum_payment_full_line_amt": payment}


def feature_age_days(customers: Customers, sight: Sight) -> Floats:
    """How far the features lie behind what is known of the customer, (n_customers,)."""
    built = customers.as_of.astype("datetime64[us]").astype(np.int64)
    return np.asarray((sight.at - built) / DAY_US, dtype=np.float64)


def cut_notice_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Working days (Monday to Friday) since the last notice of a cut, (n_customers,)."""
    rows = sight.rows("notices")
    notices = rows.only(rows.is_word("purpose", *CUT_NOTICES))
    sent = notices.most(notices["sent_at"].astype(np.float64))
    has_one = np.isfinite(sent)
    begins = np.where(has_one, sent, 0).astype(np.int64).astype("datetime64[us]").astype(DAY_NS)
    ends = sight.at.astype("datetime64[us]").astype(DAY_NS)
    return {"cut_notice_working_days": np.where(has_one, np.busday_count(begins, ends).astype(np.float64), np.nan)}
