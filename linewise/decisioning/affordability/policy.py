"""How cautious the bank is when it says what a customer can bear."""

from dataclasses import dataclass

__all__ = ["AffordabilityPolicy"]


@dataclass(frozen=True, slots=True)
class AffordabilityPolicy:
    """The numbers of the budget, from parameters.yaml; amounts in minor units.

    disposable_share_ratio: the share of what is left after essentials that all debt service may take
    (alpha of the budget). income_spread_haircut_ratio: how much of the month-to-month spread is taken off
    the mean income that is seen on an account here; minimum_income_months_count: with fewer months seen, it
    proves nothing. income_class_share_ratios: what counts of an income by its class, A to E, never rising;
    income_class_days: for each such age evidence counts one class lower. essential_floor_amt,
    essential_least_share_ratio: essentials are never taken for less than that a month, nor than that share of
    the income. loan_payment_ratio: the level payment of a month on one unit at the reference term, which
    stands for the minimum payment where no account of the customer carries a rule for it.
    """

    disposable_share_ratio: float
    income_spread_haircut_ratio: float
    minimum_income_months_count: int
    income_class_share_ratios: tuple[float, float, float, float, float]
    income_class_days: int
    essential_floor_amt: int
    essential_least_share_ratio: float
    loan_payment_ratio: float
