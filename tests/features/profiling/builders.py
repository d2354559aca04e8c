"""Rows for tests of profiles: every feature 1, but for the columns that are given."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from features.catalogue import FEATURE_NAMES, FEATURES, Feature
from features.profiling.distributions import Distribution, Gathering
from features.rows import SCHEMA
from linewise.core.home import Home
from tests.features.builders import bank_of, merge_rows, txn

MAY, JUNE = datetime(2026, 5, 31, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)

AN_AMOUNT, A_COUNT, A_RATIO = (
    next(feature for feature in FEATURES if feature.unit == unit) for unit in ("minor units", "count", "ratio")
)

ANOTHER_RATIO = next(feature for feature in FEATURES if feature.unit == "ratio" and feature is not A_RATIO)


def a_bank(home: Home) -> None:
    """A bank whose present moment is 30 June 2026."""
    bank_of(home, [txn(5)])


def keep(home: Home, moment: datetime, count: int, **columns: Sequence[float | None]) -> None:
    """Rows of `count` customers as of a moment."""
    table = {
        "customer_id": [f"c{place:05}" for place in range(count)],
        "event_timestamp": [moment] * count,
        "created_timestamp": [moment] * count,
        **{name: columns.get(name, [1.0] * count) for name in FEATURE_NAMES},
    }
    merge_rows(home, pa.table(table, schema=SCHEMA), "small", "one")


def spread(*pieces: Sequence[float], feature: Feature = AN_AMOUNT) -> Distribution:
    """The distribution of values that come in these pieces."""
    gathering = Gathering(feature)
    for piece in pieces:
        gathering.add(np.asarray(piece, dtype=np.float64))
    return gathering.distribution()
