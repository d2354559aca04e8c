"""Columns that several sources make together: income and ability to repay, caps, signs in the features."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.affordability import AffordabilityPolicy, monthly_budget
from linewise.decisioning.plans import affordable_amount
from linewise.decisioning.types import Customers, Floats, Texts

__all__ = ["CapPolicy", "derived_columns"]

REPAYMENT_MONTHS = 60
"""An agreed repayment ends within five years: card rules of China 2011, Art. 70."""

STABLE_INCOME_MONTHS = 3

CASH_LIKE_SHARE, CASH_LIKE_OF_LINE = 0.5, 0.5
"""Cashing out is suspected where half of what was bought in 90 days is as good as cash, and half the line went so."""

CAROUSEL_OF_LINE = 0.5
"""So is a carousel: half the line within 90 days in round sums to one merchant, who took half of all purchases."""

BURST_OF_LINE, BURST_TREND = 0.7, 2.5
"""Who means to go empties the card first: seven tenths of the line in a month, nearly all that three months saw."""

DIFFICULTY_DEFICIT_MONTHS, DIFFICULTY_RISE = 4, 0.2
"""Difficulty begins: four months of six in deficit, or minimum payments thrice a year, while a fifth of the line
more is drawn than before."""
DIFFICULTY_MINIMUM_PAYMENTS = 3


@dataclass(frozen=True, slots=True)
class CapPolicy:
    """How many months of mean income all card lines, and all credit of the bank, may come to at most."""

    own_total_cap_months: float = 12.0
    all_credit_cap_months: float = 24.0


def derived_columns(
    customers: Customers,
    known: Mapping[str, NDArray[Any]],
    affordability: AffordabilityPolicy,
    caps: CapPolicy,
    annual_rate_ratio: float,
) -> dict[str, NDArray[Any]]:
    """Columns made of the features and of what the other rooms found (`known`), (n_customers,)."""
    mean = customers.feature("income_mean_amt_6m")
    columns: dict[str, NDArray[Any]] = {
        "own_total_cap_amt": np.floor(mean * caps.own_total_cap_months),
        "all_credit_cap_amt": np.floor(mean * caps.all_credit_cap_months),
        "obligation_payment_amt": known["other_debt_payment_amt"] + known["own_payment_sum_amt"],
        "issuing_bank_count": known["other_issuer_count"] + (known["card_count"] > 0),
        "recent_application_count_30d": known["request_count_30d"] + known["report_count_30d"],
        "has_credit_record": np.maximum(known["has_report"], known["has_loan_here"]),
        "is_cash_out_suspected": _is_cash_out(customers, known),
        "is_burst_suspected": _is_burst(customers),
        "is_in_early_difficulty": _is_in_early_difficulty(customers),
    }
    return columns | _income(customers, known) | _ability(customers, known, affordability, annual_rate_ratio)


def _income(customers: Customers, known: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    months = customers.feature("income_months_count_6m")
    seen = np.where(np.isnan(months), np.nan, (months >= STABLE_INCOME_MONTHS).astype(np.float64))
    stable = np.where(known["has_evidence"] == 1.0, 1.0, seen)
    # Money that comes in may be shared; evidence names its earner. A student has, by definition, none of their own.
    own = np.where(known["has_own_evidence"] == 1.0, 1.0, np.where(stable == 0.0, 0.0, np.nan))
    return {
        "has_stable_income": stable,
        "has_independent_income": np.where(known["is_student"] == 1.0, 0.0, own),
    }


def _ability(
    customers: Customers,
    known: Mapping[str, NDArray[Any]],
    policy: AffordabilityPolicy,
    annual_rate_ratio: float,
) -> dict[str, NDArray[Any]]:
    """What the budget makes of the income, (n_customers,): missing where no income is known."""
    budget = monthly_budget(replace(customers, facts=known), policy)
    is_known = budget.income_class != ""
    within = affordable_amount(budget.room_amt, annual_rate_ratio, REPAYMENT_MONTHS)
    return {
        "income_class": _texts(budget.income_class),
        "residual_income_amt": np.where(is_known, budget.residual_amt, np.nan),
        "repayment_ability_amt": np.where(is_known, within.astype(np.float64), np.nan),
    }


def _texts(names: Texts) -> NDArray[Any]:
    """Texts as objects, None where they are empty."""
    values = names.astype(object)
    values[names == ""] = None
    return values


def _is_cash_out(customers: Customers, known: Mapping[str, NDArray[Any]]) -> Floats:
    """Half the line went for what is as good as cash, or in round sums to one merchant; NaN where neither is known."""
    cash_like, bought, line = (
        customers.feature(name) for name in ("cash_like_sum_amt_90d", "purchase_sum_amt_90d", "credit_limit_amt")
    )
    is_large = (cash_like > CASH_LIKE_SHARE * bought) & (cash_like > CASH_LIKE_OF_LINE * line) & (line > 0)
    as_cash = np.where(np.isnan(cash_like + bought + line), np.nan, is_large.astype(np.float64))
    turned = known.get("carousel_ratio", np.full(len(customers), np.nan))
    as_carousel = np.where(np.isnan(turned), np.nan, (turned >= CAROUSEL_OF_LINE).astype(np.float64))
    return np.fmax(as_cash, as_carousel)


def _is_burst(customers: Customers) -> Floats:
    bought, trend, line = (
        customers.feature(name) for name in ("purchase_sum_amt_30d", "purchase_trend_ratio_90d", "credit_limit_amt")
    )
    is_large = (line > 0) & (bought > BURST_OF_LINE * line) & (trend > BURST_TREND)
    return np.where(np.isnan(bought + trend + line), np.nan, is_large.astype(np.float64))


def _is_in_early_difficulty(customers: Customers) -> Floats:
    rise, deficits, minimums = (
        customers.feature(name)
        for name in ("utilisation_change_ratio_180d", "deficit_months_count_6m", "minimum_payment_count_365d")
    )
    strained = (deficits >= DIFFICULTY_DEFICIT_MONTHS) | (minimums >= DIFFICULTY_MINIMUM_PAYMENTS)
    is_rising = rise >= DIFFICULTY_RISE
    return np.where(np.isnan(rise + deficits + minimums), np.nan, (strained & is_rising).astype(np.float64))
