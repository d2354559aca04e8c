"""Which contract columns a feature is made of, read from its own expression so that no list can disagree."""

import ibis
from ibis.expr import operations

from features.feature import Feature
from features.grains import GRAIN_COLUMNS

__all__ = ["columns_needed"]

# What places any row of the grain in time and with its customer.
_ALWAYS = {
    "transaction": ("transactions", ("customer_id", "posted_at", "recorded_at")),
    "month": ("transactions", ("customer_id", "posted_at", "recorded_at")),
    "day": ("transactions", ("customer_id", "posted_at", "recorded_at")),
    "customer": ("customers", ("customer_id",)),
}


def columns_needed(feature: Feature) -> tuple[str, ...]:
    """The contract columns as `table.column`, sorted."""
    columns = GRAIN_COLUMNS[feature.grain]
    grain = ibis.table({name: kind for name, (kind, _) in columns.items()}, name=feature.grain)
    named = {field.name for field in feature.expression(grain).op().find(operations.Field)}
    table, always = _ALWAYS[feature.grain]
    behind = {need for name in named for need in columns[name][1]}
    return tuple(sorted(f"{table}.{column}" for column in {*always, *behind}))
