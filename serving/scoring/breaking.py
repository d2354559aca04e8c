"""The breaker's bounds on this bank, and what is overdue early on the lines that were raised."""

from datetime import datetime, timedelta

import numpy as np

from linewise.core.moments import microseconds
from linewise.ledger.bookings import Booking
from linewise.ledger.breaker import Bounds
from linewise.policy.promises import BreakerPolicy
from serving.scoring.facts import BankFacts

__all__ = ["bounds_of", "credit_granted_amt", "early_loss_amt"]

UNBOUNDED_AMT = (1 << 63) - 1


def credit_granted_amt(facts: BankFacts) -> int:
    """All lines of the loaded bank's accounts, and what is left of its loans and plans, minor units."""
    lines = facts.tables["accounts"].columns["permanent_limit_amt"]
    loans = facts.tables["instalments"].columns["remaining_amt"]
    return int(np.nansum(lines) + np.nansum(loans))


def bounds_of(facts: BankFacts, policy: BreakerPolicy) -> Bounds:
    """Shares of all credit granted, in minor units; a bank whose tables tell of no credit has no bound."""
    granted = credit_granted_amt(facts)
    if not granted:
        return Bounds(UNBOUNDED_AMT, UNBOUNDED_AMT, policy.days)
    return Bounds(int(policy.exposure_ratio * granted), int(policy.early_loss_ratio * granted), policy.days)


def early_loss_amt(facts: BankFacts, raised: list[Booking], policy: BreakerPolicy, now: datetime) -> int:
    """What customers owe on statements that fell overdue soon after their raise, minor units.

    Of each customer the largest balance of a statement past_due_days overdue, closed within window_days after the
    booking and known by now.
    """
    statements, window = facts.tables["statements"], timedelta(days=policy.window_days)
    total = 0
    for booking in raised:
        place = facts.roster.row_of.get(booking.customer_id)
        if place is None:
            continue
        rows = statements.rows_of(np.array([place], dtype=np.int64))
        begins, ends = microseconds(booking.booked_at), microseconds(booking.booked_at + window)
        closed = rows["cycle_end_at"]
        is_early = (closed > begins) & (closed <= min(ends, microseconds(now)))
        is_early &= (rows["recorded_at"] <= microseconds(now)) & (rows["days_past_due"] >= policy.past_due_days)
        overdue = np.nan_to_num(rows["balance_amt"])[is_early]
        total += int(overdue.max(initial=0.0))
    return total
