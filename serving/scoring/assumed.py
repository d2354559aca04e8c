"""Balance and spending over a limit where no model has learnt them: from the register of assumptions."""

import numpy as np

from linewise.decisioning.arrays import some
from linewise.decisioning.scorers import AmountCoefficients, Dose
from linewise.decisioning.types import Bools, Customers, Floats
from linewise.decisioning.value import Economics

__all__ = [
    "ATTRITION",
    "BORROWING",
    "DEFAULT_SLOPE",
    "FIRST_LINE",
    "LOAN",
    "SPENDING",
    "assumed_balance",
    "assumed_spend",
    "line_dose",
    "paid_out_whole",
]

BORROWING, FIRST_LINE, SPENDING, DEFAULT_SLOPE, ATTRITION = (
    f"assumption:{name}"
    for name in (
        "unmodelled_borrowing_ratio",
        "first_line_borrowing_ratio",
        "unmodelled_spend_ratio",
        "unmodelled_default_slope",
        "decline_attrition_ratio",
    )
)
LOAN = "loan"
"""What stands as the source of a balance that `paid_out_whole` gives."""

BEYOND_ALL_AMOUNTS = 1e16
"""Minor units; below 1e12 of them the curve is the straight line to one part in twenty thousand."""


def line_dose(customers: Customers, scale_without_line_amt: Floats) -> Dose:
    """The dose of a raise of the line in force, which is its own scale; of a first line, of the scale given."""
    current = customers.current_limit_amt
    return Dose(current, np.where(current > 0, current, scale_without_line_amt).astype(np.float64))


def assumed_balance(customers: Customers, dose: Dose, economics: Economics) -> AmountCoefficients:
    """What is owed now, and the register's share of each further unit of limit, as it is at the first unit.

    A first line is drawn on more than a raise: it has a share of its own.
    """
    owed = np.maximum(_known(customers, "statement_balance_amt"), 0.0)
    has_line = customers.current_limit_amt > 0
    ratio = np.where(has_line, economics.unmodelled_borrowing_ratio, economics.first_line_borrowing_ratio)
    error = np.where(has_line, economics.unmodelled_borrowing_error_ratio, economics.first_line_borrowing_error_ratio)
    return _assumed(owed, dose, ratio, error)


def paid_out_whole(balance: AmountCoefficients, is_loan: Bools) -> AmountCoefficients:
    """The balance with that of a loan for the customers of the mask (n_customers,): all that is granted is owed.

    Against a scale beyond all amounts the logarithm of the dose is the straight line that this asks for.
    """
    if not some(is_loan):
        return balance
    scale = np.where(is_loan, BEYOND_ALL_AMOUNTS, balance.dose.scale_amt)
    return AmountCoefficients(
        base_amt=np.where(is_loan, 0.0, balance.base_amt),
        slope_amt=np.where(is_loan, BEYOND_ALL_AMOUNTS / balance.dose.steepness, balance.slope_amt),
        slope_error_amt=np.where(is_loan, 0.0, balance.slope_error_amt),
        dose=Dose(balance.dose.anchor_amt, scale, balance.dose.bend_ratio),
    )


def assumed_spend(customers: Customers, dose: Dose, economics: Economics) -> AmountCoefficients:
    """The purchases of the last year, and the register's share of each further unit of limit."""
    spent = _known(customers, "purchase_sum_amt_365d")
    ratio, error = np.array(economics.unmodelled_spend_ratio), np.array(economics.unmodelled_spend_error_ratio)
    return _assumed(spent, dose, ratio, error)


def _assumed(base_amt: Floats, dose: Dose, ratio: Floats, error_ratio: Floats) -> AmountCoefficients:
    # d amount / d limit at the anchor is slope / scale, so that ratio * scale gives the register's share there.
    return AmountCoefficients(base_amt, ratio * dose.scale_amt, error_ratio * dose.scale_amt, dose)


def _known(customers: Customers, feature: str) -> Floats:
    return np.nan_to_num(customers.feature(feature))
