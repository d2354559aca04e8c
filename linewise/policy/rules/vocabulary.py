"""What rules may name: the register of columns for their kind of row, beside the features allowed for it."""

from collections.abc import Iterable, Mapping

from linewise.decisioning.columns import RULE_COLUMNS, columns_of
from linewise.policy.rules.language import Kind

__all__ = ["of_action", "of_candidate", "tables_needed", "vocabulary"]

OF_ALL_CANDIDATES = frozenset({"customer", "bank"})
"""Columns of these are alike for all candidates of a customer."""


def vocabulary(kind: str, feature_names: Iterable[str] = ()) -> dict[str, Kind]:
    """The columns that rules over that kind of row may name, with their kinds; features are numbers.

    kind: offer, limit, plan, campaign, promotion, screen, bank; raises KeyError for another one.
    """
    features: dict[str, Kind] = dict.fromkeys(feature_names, "number")
    return features | {name: RULE_COLUMNS[name].kind for name in sorted(columns_of(kind))}


def of_candidate(kind: str) -> frozenset[str]:
    """The columns of that kind that may differ between the candidates of one customer."""
    return frozenset(name for name in columns_of(kind) if RULE_COLUMNS[name].of not in OF_ALL_CANDIDATES)


def of_action(kind: str) -> frozenset[str]:
    """Those among them that only say what kind of action a candidate is."""
    return frozenset(name for name in columns_of(kind) if RULE_COLUMNS[name].of == "action")


def tables_needed(columns: Iterable[str], feature_tables: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The contract tables without which one of the columns cannot be known."""
    needed: frozenset[str] = frozenset()
    for name in columns:
        needed |= RULE_COLUMNS[name].needs if name in RULE_COLUMNS else feature_tables.get(name, frozenset())
    return needed
