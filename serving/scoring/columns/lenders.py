"""Columns of income evidence and of credit elsewhere, from reports that the customer authorised."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import DAY_US, days_between
from linewise.decisioning.types import Floats
from serving.scoring.keyed import Rows, nought_if_missing
from serving.scoring.sight import Sight

__all__ = ["income_columns", "lender_columns"]

CLASSES = "ABCDE"
RECENT_DAYS = 30


def income_columns(sight: Sight, class_days: int) -> dict[str, NDArray[Any]]:
    """The best evidence of income, (n_customers,): its class, age and amount.

    Evidence counts one class lower for each `class_days` of its age; of one class the latest counts, and of
    several of one day the lowest amount.
    """
    rows = sight.rows("incomes")
    rank = rows.translated("evidence_class", {name: float(place) for place, name in enumerate(CLASSES)})
    age = (sight.at[rows.owner] - rows["evidenced_at"]) / DAY_US
    counted = rank + np.maximum(age, 0.0) // class_days
    best = rows.only(counted == rows.least(counted)[rows.owner])
    latest = best.only(best["evidenced_at"] == best.latest_moment("evidenced_at")[best.owner])
    place = latest.least(latest.translated("evidence_class", {name: float(i) for i, name in enumerate(CLASSES)}))
    names = np.array([*CLASSES, None], dtype=object)
    any_class = rows.least(rank)
    return {
        "income_evidence_class": names[np.where(np.isnan(place), len(CLASSES), place).astype(np.int64)],
        "income_evidence_age_days": days_between(latest.latest_moment("evidenced_at"), sight.at),
        "income_evidence_amt": latest.least(latest["income_amt"]),
        "has_evidence": (any_class <= CLASSES.index("D")).astype(np.float64),
        "has_own_evidence": (any_class <= CLASSES.index("C")).astype(np.float64),
    }


def _of_latest_report(rows: Rows) -> Rows:
    """The rows of each customer's latest report: one enquiry answers with several obligations."""
    latest = rows.latest_moment("enquired_at")
    return rows.only(rows["enquired_at"] == latest[rows.owner])


def lender_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Lines and payments elsewhere, and how good the report is, (n_customers,).

    Amounts come from the latest report that the customer authorised for a purpose on file: another may not be
    used. A line without an amount makes the sum unknown, a debt without a payment adds none.
    """
    every = sight.rows("obligations")
    last = _of_latest_report(every)
    usable = _of_latest_report(every.only((every["is_authorised"] == 1.0) & (every["purpose"] != -1)))
    has_usable = usable.any()
    cards = usable.only(usable.is_word("kind", "card"))
    payments = usable.total(nought_if_missing(usable["payment_amt"]))
    return {
        "other_bank_card_limit_amt": np.where(has_usable, cards.total(cards["limit_amt"]), np.nan),
        "other_debt_payment_amt": np.where(has_usable, payments, np.nan),
        "other_issuer_count": np.where(has_usable, _issuers(cards), np.nan),
        "bureau_age_days": days_between(last.latest_moment("enquired_at"), sight.at),
        "bureau_is_authorised": last.least(last["is_authorised"]),
        "bureau_has_purpose": last.least((last["purpose"] != -1).astype(np.float64)),
        "has_report": every.any().astype(np.float64),
        "report_count_30d": _reports_since(every, sight),
    }


def _issuers(cards: Rows) -> Floats:
    """Lenders that issued a card; a card whose lender is not named counts as one of its own."""
    named = cards["lender"] != -1
    return cards.only(named).distinct("lender") + cards.only(~named).count()


def _reports_since(rows: Rows, sight: Sight) -> Floats:
    recent = rows.only(rows["enquired_at"] > sight.at[rows.owner] - RECENT_DAYS * DAY_US)
    return recent.distinct("enquired_at")
