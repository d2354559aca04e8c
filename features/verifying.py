"""Whether rows that lie on disk are those that a build would make again today: rebuilt in memory and compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.buckets import buckets_of
from features.building import checked_build, computed, manifest_of
from features.rows import BUILD_COMMAND, SCHEMA, bucket_file_name, open_rows, row_files
from linewise.bank.tables import open_bank
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home

__all__ = ["Verification", "verify_features"]

_ORDER = [("event_timestamp", "ascending"), ("customer_id", "ascending")]


@dataclass(frozen=True, slots=True)
class Verification:
    """How many rows were rebuilt, how many lie there otherwise or not at all, and in which features they differ."""

    rows: int
    different_rows: int
    missing_rows: int
    different_features: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every row is there, equal to the last bit."""
        return not self.different_rows and not self.missing_rows


def verify_features(home: Home, pairs: pa.Table, progress: Callable[[int], None] = lambda rows: None) -> Verification:
    """Rebuild the pairs' rows from the bank's tables and compare them with those on disk; nothing is written.

    Raises what `build_features` raises, and FeaturesMissing where no rows of today's definitions lie there.
    """
    bank = open_bank(home)
    wanted = checked_build(bank, pairs)
    manifest = open_rows(home)
    if manifest.bank != bank.manifest.name:
        raise FeaturesMissing(f"The feature rows are of another bank, {manifest.bank!r}", BUILD_COMMAND)
    different, missing, names = 0, 0, set[str]()
    is_same_cut = manifest.bucket_starts == manifest_of(bank, buckets_of(bank)).bucket_starts
    files = row_files(home)
    for bucket, rows in computed(bank, wanted):
        fresh = rows.sort_by(_ORDER).combine_chunks()
        there = _there(
            [path for path in files if not is_same_cut or path.name == bucket_file_name(bucket.number)], fresh
        )
        missing += fresh.num_rows - there.num_rows
        if there.num_rows == fresh.num_rows and not fresh.equals(there):
            unlike = {name: _unlike(fresh[name], there[name]) for name in SCHEMA.names}
            names |= {name for name, which in unlike.items() if pc.any(which).as_py()}
            is_different = pa.array([False] * fresh.num_rows)
            for which in unlike.values():
                is_different = pc.or_(is_different, which)
            different += pc.sum(is_different).as_py()
        progress(fresh.num_rows)
    return Verification(wanted.num_rows, different, missing, tuple(sorted(names)))


def _there(files: Sequence[Path], fresh: pa.Table) -> pa.Table:
    """The rows on disk of the same pairs, in the same order."""
    ends = pc.min_max(fresh["event_timestamp"]).as_py()
    wanted = (pc.field("event_timestamp") >= pa.scalar(ends["min"])) & (
        pc.field("event_timestamp") <= pa.scalar(ends["max"])
    )
    customers = pc.min_max(fresh["customer_id"]).as_py()
    wanted &= (pc.field("customer_id") >= customers["min"]) & (pc.field("customer_id") <= customers["max"])
    found = [pq.read_table(path, schema=SCHEMA, filters=wanted) for path in files]
    pair = ["customer_id", "event_timestamp"]
    rows = pa.concat_tables([SCHEMA.empty_table(), *found])
    return rows.join(fresh.select(pair), keys=pair, join_type="left semi").cast(SCHEMA).sort_by(_ORDER).combine_chunks()


def _unlike(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    is_alone = pc.xor(pc.is_null(one), pc.is_null(other))
    return pc.or_(is_alone, pc.fill_null(pc.not_equal(one, other), False))
