"""Every feature by family, in the one order that builds, stores and models share."""

import hashlib
from functools import cache
from pathlib import Path

from features.families import (
    amounts,
    balance,
    cash_flow,
    commitments,
    credit_line,
    customer,
    delinquency,
    diversity,
    fees,
    frequency,
    habits,
    offers,
    recency,
    service,
    spending,
    standing_orders,
    trend,
    utilisation,
)
from features.feature import Feature, Purpose

__all__ = ["FAMILIES", "FEATURES", "FEATURE_NAMES", "Feature", "definitions_hash", "names_allowed_for"]

FAMILIES: dict[str, tuple[Feature, ...]] = {
    "Recency": recency.FEATURES,
    "Frequency": frequency.FEATURES,
    "Amounts": amounts.FEATURES,
    "Spending": spending.FEATURES,
    "Diversity and concentration": diversity.FEATURES,
    "Habits": habits.FEATURES,
    "Trend and spread": trend.FEATURES,
    "Balance": balance.FEATURES,
    "Cash flow and income": cash_flow.FEATURES,
    "Fees and sanctions": fees.FEATURES,
    "Standing orders": standing_orders.FEATURES,
    "Utilisation and repayment": utilisation.FEATURES,
    "Delinquency": delinquency.FEATURES,
    "Credit line": credit_line.FEATURES,
    "Commitments": commitments.FEATURES,
    "Offers": offers.FEATURES,
    "Calls and cases": service.FEATURES,
    "Customer": customer.FEATURES,
}

FEATURES: tuple[Feature, ...] = tuple(feature for family in FAMILIES.values() for feature in family)
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)

_DEFINING = (
    "catalogue.py",
    "expressions.py",
    "feature.py",
    "local_time.py",
    "merchant_groups.py",
    "notions.py",
    "families/*.py",
    "grains/*.py",
)


@cache
def definitions_hash() -> str:
    """The SHA-256 of the source that defines the features: any change of it makes other features.

    The source and not the compiled SQL, so that a service learns it without importing the query engine,
    and a newer engine does not disown features that mean the same.
    """
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted({found for pattern in _DEFINING for found in here.glob(pattern)}):
        digest.update(f"{path.relative_to(here).as_posix()}\n".encode())
        digest.update(path.read_text(encoding="utf-8").encode())
    return digest.hexdigest()


def names_allowed_for(*purposes: Purpose) -> tuple[str, ...]:
    """Names of the features that at least one of the purposes may use, in catalogue order."""
    return tuple(feature.name for feature in FEATURES if set(purposes) & set(feature.allowed_for))
