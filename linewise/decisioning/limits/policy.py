"""How limits are chosen: the ladder, the ceiling, how cautious, and what a request may cost."""

from dataclasses import dataclass

__all__ = ["LimitPolicy"]


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """Amounts in minor units.

    step_amt: a new limit is a multiple of it; minimum_amt: the least first line. grid_count: candidates, the
    line in force among them; raise_most_ratio: what one raise may add at the most, as a share of the line;
    new_line_most_amt: the highest first line. pd_ceiling_ratio: no amount whose
    twelve-month probability of default would pass it is suggested; see `suggest_limits` for why it stays below
    a quarter. caution_errors: by how many standard errors each coefficient is moved to its cautious end.
    requested_loss_most_amt: what a customer's own request may cost the bank and still be granted.
    temporary_days_most: the longest temporary limit; temporary_income_months: what it may lie above the line,
    in months of cautious income, for it must be paid down when it ends. raise_say_seconds: how long an agent takes to
    propose a raise with what must be said of it.
    """

    step_amt: int
    minimum_amt: int
    new_line_most_amt: int
    raise_most_ratio: float
    pd_ceiling_ratio: float
    grid_count: int
    caution_errors: float
    requested_loss_most_amt: int
    temporary_days_most: int
    temporary_income_months: float
    raise_say_seconds: float = 0.0
