"""What a customer may put into a plan, compiled: of which kind, how much of what is owed, and what is wrong with it."""

from math import isnan
from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["SEEN", "TOLD", "planned"]

SEEN = ("statement_count_365d", "statement_balance_amt", "purchase_sum_amt_30d")
"""The features of `planned`, in their order."""

TOLD = ("card_balance_amt", "total_card_debt_amt", "card_plan_left_amt")
"""The facts of `planned`, in their order."""

PURCHASE, STATEMENT, BALANCE, LOAN = range(4)
"""Places in KINDS."""

NEGATIVE, NOTHING_OWED, IN_INSTALMENTS, ABOVE_OWED, TOO_SMALL, TOO_LARGE = range(1, 7)
"""What is wrong with an amount, 0 where nothing is."""


@compiled
def _owed(kind: int, seen: Any, told: Any) -> Any:
    """What is owed of a kind, a running plan on a card included; 0 for a loan."""
    last, every_card = told[0], 0.0 if isnan(told[1]) else told[1]
    if isnan(last):
        last = 0.0 if isnan(seen[1]) else seen[1]
    statement = max(last, 0.0)
    if kind == PURCHASE:
        # A purchase is spread before its statement closed, so it need not be on the last one.
        return np.int64(0.0 if isnan(seen[2]) else seen[2])
    if kind == STATEMENT:
        return np.int64(statement)
    return np.int64(max(every_card, statement)) if kind == BALANCE else np.int64(0)


@compiled
def _problem(amount: int, owed: int, is_in_plans: bool, is_loan: bool, minimum: int, maximum: int) -> int:
    """The place of what is wrong with an amount beside its sign, 0 where nothing is."""
    if not is_loan and owed == 0:
        return NOTHING_OWED
    if is_in_plans:
        return IN_INSTALMENTS
    if not is_loan and amount > owed:
        return ABOVE_OWED
    if 0 < amount < minimum:
        return TOO_SMALL
    return TOO_LARGE if amount > maximum else 0


@compiled
def planned(seen: Any, told: Any, limit: Any, raise_amt: Any, asked: Any, bounds: Any) -> Any:
    """The place of the kind, the amount, whether it is in plans, and the place of the problem, (n_customers,) each.

    asked: the place of the kind that was asked for, -1 for any; whether a sum was, and which. bounds: of an amount.
    """
    count, (minimum, maximum), (asked_kind, is_named, asked_amt) = len(limit), bounds, asked
    kinds, amounts = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    in_plans, problems = np.empty(count, dtype=np.bool_), np.zeros(count, dtype=np.int64)
    for row in range(count):
        has_card = seen[row, 0] > 0.0 or limit[row] > 0
        kind = asked_kind if asked_kind >= 0 else STATEMENT if has_card else LOAN
        is_loan, owed = kind == LOAN, _owed(kind, seen[row], told[:, row])
        running = np.int64(0.0 if isnan(told[2, row]) else told[2, row])
        # Purchases of the last days are new; what stands on statements holds what runs in plans.
        free = owed if kind == PURCHASE else max(owed - running, 0)
        amount = raise_amt[row] if is_loan else free
        if is_named:
            amount = min(asked_amt, limit[row] + raise_amt[row]) if is_loan else asked_amt
        in_plans[row] = not is_loan and ((free < amount <= owed) or (owed > 0 and free == 0))
        is_negative = is_named and asked_amt <= 0
        problems[row] = NEGATIVE if is_negative else _problem(amount, owed, in_plans[row], is_loan, minimum, maximum)
        kinds[row] = kind
        amounts[row] = 0 if amount > owed and not is_loan else min(max(amount, 0), maximum)
    return kinds, amounts, in_plans, problems
