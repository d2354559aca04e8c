"""Feature rows of made-up customers, written as a build writes them: as wide as the catalogue, like real values."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from features.buckets import CUSTOMERS_A_BUCKET, Bucket
from features.catalogue import FEATURES, definitions_hash
from features.feature import Feature
from features.rows import SCHEMA, RowsManifest
from features.rows_draft import rows_draft
from linewise.core.home import Home

__all__ = ["customer_ids", "month_ends", "write_rows"]

MISSING_RATIO = 0.05


def customer_ids(count: int) -> list[str]:
    """Ids as the simulated bank has them."""
    return [f"C{number:08d}" for number in range(count)]


def month_ends(count: int) -> list[datetime]:
    """The 28th of so many months, the last one December 2025."""
    return [datetime(2025 - back // 12, 12 - back % 12, 28, tzinfo=UTC) for back in reversed(range(count))]


def write_rows(home: Home, customer_count: int, moments: Sequence[datetime]) -> None:
    """A row of each customer at each moment."""
    ids = customer_ids(customer_count)
    starts = range(0, customer_count, CUSTOMERS_A_BUCKET)
    manifest = RowsManifest(definitions_hash(), "made up", "made up", tuple(ids[start] for start in starts[1:]))
    kind = SCHEMA.field("event_timestamp").type
    with rows_draft(home, manifest, pa.chunked_array([pa.array(moments, kind)]), str(customer_count)) as draft:
        for number, start in enumerate(starts):
            rng = np.random.default_rng(number)
            own = ids[start : start + CUSTOMERS_A_BUCKET]
            parts = [_rows(own, pa.scalar(moment, kind), rng) for moment in moments]
            draft.write(Bucket(number, None, None, {}), pa.concat_tables(parts))
        draft.finish()


def _rows(ids: Sequence[str], moment: pa.Scalar, rng: np.random.Generator) -> pa.Table:
    moments = pa.repeat(moment, len(ids))
    values = [pa.array(_values(feature, len(ids), rng), from_pandas=True) for feature in FEATURES]
    return pa.table([pa.array(ids), moments, moments, *values], schema=SCHEMA)


def _values(feature: Feature, count: int, rng: np.random.Generator) -> np.ndarray:
    """Amounts of many sizes, a third of them nothing; small counts; days; shares."""
    if feature.unit == "minor units":
        values = np.round(rng.lognormal(10, 2, count)) * (rng.random(count) > 1 / 3)
    elif feature.unit == "ratio":
        values = rng.random(count)
    else:
        values = rng.poisson(5, count).astype(np.float64)
    return np.where(rng.random(count) < MISSING_RATIO, np.nan, values)
