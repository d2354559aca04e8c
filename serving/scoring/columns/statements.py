"""Columns of card statements: what is overdue, by how much, and lines that were passed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.types import Floats, Ints
from serving.scoring.keyed import Rows, nought_if_missing
from serving.scoring.sight import Sight

__all__ = ["Grace", "statement_columns"]


@dataclass(frozen=True, slots=True)
class Grace:
    """Within how many days, and up to which amount (minor units), an unpaid minimum counts as paid."""

    days: float
    amount_amt: int


def statement_columns(sight: Sight, grace: Grace) -> dict[str, NDArray[Any]]:
    """What the last statements say, (n_customers,); without one nothing is overdue, and the balance is missing."""
    rows = sight.rows("statements")
    order = _by_account(rows)
    last = _last_of_each_account(rows, order)
    late = last.only(last["days_past_due"] > 0)
    overdue = np.maximum(late["minimum_due_amt"] - late["paid_amt"], 0.0)
    days = nought_if_missing(late.most(late["days_past_due"]))
    balance = last.total(last["balance_amt"])

    is_small = (days <= grace.days) & (late.total(overdue) <= grace.amount_amt)
    return {
        "card_balance_amt": np.where(last.any(), balance, np.nan),
        "total_card_debt_amt": last.total(np.maximum(last["balance_amt"], 0.0)),
        "overdue_amt": late.total(overdue),
        "is_late": late.any().astype(np.float64),
        "is_within_grace": (late.any() & is_small).astype(np.float64),
        "over_limit_cycles_count": _over_limit_cycles(rows, order),
        "last_cycle_end": rows.latest_moment("cycle_end_at"),
    }


def _by_account(rows: Rows) -> Ints:
    """The places of the rows (n_rows,) in the order of customer, account and cycle."""
    return np.lexsort((rows["recorded_at"], rows["cycle_end_at"], rows["account_id"], rows.owner))


def _last_of_each_account(rows: Rows, order: Ints) -> Rows:
    account = rows["account_id"][order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[order[:-1]] = account[1:] != account[:-1]
    return rows.only(is_last)


def _over_limit_cycles(rows: Rows, order: Ints) -> Floats:
    """The latest cycles running that ended above the line of their account, the worst account, (n_customers,)."""
    is_over = (rows["balance_amt"] > rows["line_amt"])[order]
    account, owner = rows["account_id"][order], rows.owner[order]
    # Cycles behind the last one within the line, counted from the end of each account.
    place = np.arange(len(order))
    begins = np.flatnonzero(np.r_[True, account[1:] != account[:-1]]) if len(order) else place
    within = np.maximum.accumulate(np.where(is_over, -1, place)) if len(order) else place
    ends = np.r_[begins[1:], len(order)] - 1 if len(begins) else begins
    last_within = np.maximum(within[ends], begins - 1)
    found = np.zeros(rows.customer_count)
    np.maximum.at(found, owner[ends], ends - last_within)
    return found
