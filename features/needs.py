"""Which contract table each feature is made of: what a bank must deliver for a rule to name it."""

from collections.abc import Mapping

from features.catalogue import FEATURES
from features.feature import Grain

__all__ = ["TABLE_OF_GRAIN", "rule_features"]

# Written down, for the lineage that knows it reads Ibis expressions, and deciding must not wait for Ibis.
TABLE_OF_GRAIN: Mapping[Grain, str] = {
    "transaction": "transactions",
    "month": "transactions",
    "day": "transactions",
    "customer": "customers",
    "statement": "statements",
    "line": "accounts",
    "limit_change": "limit_changes",
    "limit_request": "limit_requests",
    "exposure": "exposures",
    "outcome": "outcomes",
    "call": "calls",
    "case": "cases",
    "obligation": "obligations",
    "income": "incomes",
    "instalment": "instalments",
    "payment": "payments",
}


def rule_features() -> dict[str, frozenset[str]]:
    """The features that rules may name, with the table of their grain: those allowed for eligibility."""
    return {
        feature.name: frozenset({TABLE_OF_GRAIN[feature.grain]})
        for feature in FEATURES
        if "eligibility" in feature.allowed_for
    }
