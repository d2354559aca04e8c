"""What a feature is made of, read from its own expression so that no list can disagree."""

import ibis
from ibis.expr import operations

from features.feature import Feature
from features.grains import SOURCES
from features.merchant_groups import group_of

__all__ = ["columns_needed", "merchant_groups_named"]


def columns_needed(feature: Feature) -> tuple[str, ...]:
    """The contract columns as `table.column`, sorted."""
    source = SOURCES[feature.grain]
    named = {field.name for field in _expression(feature).find(operations.Field)}
    behind = {need for name in named for need in source.columns[name][1]}
    return tuple(sorted({*source.always, *behind}))


def merchant_groups_named(feature: Feature) -> frozenset[str]:
    """The groups of merchants that the feature tells apart from others, by their names or by codes of theirs.

    Whatever is done with the name counts, also that the group is left out: what is left tells of it as well.
    """
    groups = set()
    for comparison in _expression(feature).find((operations.Comparison, operations.InValues)):
        columns = {field.name for field in comparison.find(operations.Field)}
        words = {one.value for one in comparison.find(operations.Literal) if isinstance(one.value, str)}
        if "merchant_group" in columns:
            groups |= words
        if "mcc" in columns:
            groups |= {group_of(word) for word in words}
    return frozenset(groups)


def _expression(feature: Feature) -> operations.Node:
    types = {name: kind for name, (kind, _) in SOURCES[feature.grain].columns.items()}
    return feature.expression(ibis.table(types, name=feature.grain)).op()
