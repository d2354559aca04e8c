"""The bounds at which raises stop are shares of all credit granted; an early loss is overdue soon after its raise."""

from datetime import timedelta
from typing import Any

import pytest

from linewise.ledger.bookings import Booking
from linewise.policy.promises import BreakerPolicy
from serving.scoring.breaking import UNBOUNDED_AMT, bounds_of, credit_granted_amt, early_loss_amt
from tests.serving.scoring.sights import NOW, facts

DAY = timedelta(days=1)
POLICY = BreakerPolicy(exposure_ratio=0.05, early_loss_ratio=0.001, days=30, past_due_days=30, window_days=125)
RAISED_AT = NOW - 100 * DAY


def a_raise(customer_id: str = "C1") -> Booking:
    return Booking("Q1", customer_id, "core-1", "limit", 600_000, 100_000, RAISED_AT, RAISED_AT)


def a_statement(days_after: int, days_past_due: int, balance_amt: int, **more: Any) -> dict[str, Any]:
    closed = RAISED_AT + days_after * DAY
    return {
        "statement_id": f"S{days_after}", "account_id": "A1", "cycle_start_at": closed - 30 * DAY,
        "cycle_end_at": closed, "due_at": closed + 20 * DAY, "balance_amt": balance_amt,
        "minimum_due_amt": 0, "paid_amt": 0, "days_past_due": days_past_due, "recorded_at": closed,
    } | more  # fmt: skip


def test_the_bounds_are_shares_of_lines_and_loans():
    known = facts(
        accounts=[{"account_id": "A1", "permanent_limit_amt": 900_000}],
        instalments=[
            {"instalment_id": "I1", "account_id": "A1", "remaining_amt": 100_000, "opened_at": NOW - 50 * DAY}
        ],
    )
    assert credit_granted_amt(known) == 1_000_000
    bounds = bounds_of(known, POLICY)
    assert (bounds.exposure_amt, bounds.early_loss_amt, bounds.days) == (50_000, 1_000, 30)


def test_a_bank_whose_tables_tell_of_no_credit_has_no_bound():
    assert bounds_of(facts(), POLICY).exposure_amt == UNBOUNDED_AMT


@pytest.mark.parametrize(
    ("statements", "lost_amt"),
    [
        ([], 0),
        ([a_statement(40, 30, 5_000)], 5_000),
        ([a_statement(40, 29, 5_000)], 0),
        ([a_statement(40, 30, 5_000), a_statement(70, 60, 6_000)], 6_000),  # the largest of one customer, once
        ([a_statement(-5, 30, 5_000)], 0),  # before the raise
        ([a_statement(40, 30, 5_000, recorded_at=NOW + DAY)], 0),  # not known yet
    ],
)
def test_what_is_overdue_soon_after_a_raise_is_lost_early(statements: list[dict[str, Any]], lost_amt: int):
    known = facts(accounts=[{"account_id": "A1", "permanent_limit_amt": 900_000}], statements=statements)
    assert early_loss_amt(known, [a_raise()], POLICY, NOW) == lost_amt


def test_what_falls_overdue_long_after_the_raise_is_no_early_loss():
    known = facts(statements=[a_statement(90, 30, 5_000)])
    assert early_loss_amt(known, [a_raise()], BreakerPolicy(window_days=80), NOW) == 0


def test_a_customer_who_left_the_bank_s_tables_counts_for_nothing():
    assert early_loss_amt(facts(statements=[a_statement(40, 30, 5_000)]), [a_raise("C9")], POLICY, NOW) == 0
