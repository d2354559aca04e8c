"""All features of given pairs as one Ibis expression over the bank's tables.

The expression is the definition. A build of a bank answers it faster (features.engine), and has to come to the same.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from features.catalogue import FEATURES
from features.feature import Feature, Grain
from features.grains import KEYS, Tables, grain_tables

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["answers_of", "finished", "joined", "wide_table"]


def wide_table(pairs: "Table", tables: Tables, time_zone: str = "UTC") -> "Table":
    """The expression of all features: one row per pair with the columns of SCHEMA."""
    wide = pairs
    for grain, table in grain_tables(pairs, tables, time_zone).items():
        wide = joined(wide, answers_of(grain, table))
    return finished(wide)


def answers_of(
    grain: Grain, table: "Table", by: Sequence[str] = KEYS, features: Sequence[Feature] = FEATURES
) -> "Table":
    """Those of the features that are of a grain, one row for each pair that has rows in the grain's table.

    `by` names the pair.
    """
    named = {feature.name: feature.expression(table) for feature in features if feature.grain == grain}
    if grain == "customer":
        return table.select(*by, **named)
    return table.group_by(list(by)).aggregate(**named)


def joined(wide: "Table", answers: "Table", by: Sequence[str] = KEYS) -> "Table":
    """The pairs with these answers beside those that they have, missing where the grain told nothing of them."""
    # The keys of each side stay until `finished`: dropped one by one, every join would name all columns again.
    return wide.left_join(answers, list(by), rname=f"{{name}}_{len(wide.columns)}")


def finished(wide: "Table") -> "Table":
    """The columns of SCHEMA from pairs with the answers of every grain, defaults in the place of missing ones."""
    return wide.select(
        wide.customer_id,
        event_timestamp=wide.as_of,
        # Not the wall clock: the same input gives the same bytes.
        created_timestamp=wide.as_of,
        **{feature.name: _with_default(wide, feature) for feature in FEATURES},
    )


def _with_default(wide: "Table", feature: Feature) -> Any:
    value = wide[feature.name].cast("float64")
    return value if feature.default is None else value.fill_null(feature.default)
