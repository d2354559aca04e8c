"""What a feature is made of, read from its own expression so that no list can disagree."""

import ibis
from ibis.expr import operations

from features.feature import Feature
from features.grains import SOURCES
from features.merchant_groups import group_of

__all__ = ["columns_needed", "merchant_groups_named", "words_named"]


def columns_needed(feature: Feature) -> tuple[str, ...]:
    """The contract columns as `table.column`, sorted."""
    source = SOURCES[feature.grain]
    named = {field.name for field in _expression(feature).find(operations.Field)}
    behind = {need for name in named for need in source.columns[name][1]}
    return tuple(sorted({*source.always, *behind}))


def merchant_groups_named(feature: Feature) -> frozenset[str]:
    """The groups of merchants that the feature tells apart from others, by their names or by codes of theirs."""
    groups = words_named(feature, "merchant_group")
    return groups | {group_of(code) for code in words_named(feature, "mcc")}


def words_named(feature: Feature, column: str) -> frozenset[str]:
    """The words that the feature compares a column of its grain with.

    Whatever the comparison is, also that a row is left out: what is left tells of the word as well.
    """
    comparisons = _expression(feature).find((operations.Comparison, operations.InValues))
    return frozenset(
        literal.value
        for comparison in comparisons
        if column in {field.name for field in comparison.find(operations.Field)}
        for literal in comparison.find(operations.Literal)
        if isinstance(literal.value, str)
    )


def _expression(feature: Feature) -> operations.Node:
    types = {name: kind for name, (kind, _) in SOURCES[feature.grain].columns.items()}
    return feature.expression(ibis.table(types, name=feature.grain)).op()
