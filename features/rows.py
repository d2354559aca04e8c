"""The feature rows on disk: one Parquet file a month of observation, all of one definition and one bank.

customer_features/
├── _definitions.json  whose rows these are: definitions, bank, the bank's data at the last build
└── 1998-12.parquet    customer_id, event_timestamp (the as_of), created_timestamp, every feature as float64

Rows of other definitions or of another bank are dropped at the next build and refused by every reader.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.catalogue import FEATURE_NAMES, definitions_hash
from linewise.core.clock import as_utc
from linewise.core.errors import FeaturesMissing
from linewise.core.files import folder_written_whole
from linewise.core.home import Home

__all__ = [
    "BUILD_COMMAND",
    "SCHEMA",
    "Merged",
    "RowsManifest",
    "merge_rows",
    "observation_dates",
    "observed_span",
    "open_rows",
    "row_files",
    "rows_at",
    "rows_dir",
]

BUILD_COMMAND = "linewise features build"

_MOMENT = pa.timestamp("us", tz="UTC")
# float64 for every feature, whole ones too: a row is then one array from here to the model.
SCHEMA = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("event_timestamp", _MOMENT, nullable=False),
        pa.field("created_timestamp", _MOMENT, nullable=False),
        *(pa.field(name, pa.float64()) for name in FEATURE_NAMES),
    ]
)
# Those who read the folder as one Parquet dataset pass over names that begin so.
_MANIFEST = "_definitions.json"
_MONTH = "%Y-%m"
_ORDER = [("event_timestamp", "ascending"), ("customer_id", "ascending")]


@dataclass(frozen=True, slots=True)
class RowsManifest:
    """Whose rows lie in the folder. `data_hash` is that of the bank's tables at the last build."""

    definitions_hash: str
    bank: str
    data_hash: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did to the rows that were there: how many stayed, how many were dropped as foreign."""

    kept: int
    dropped: int


def rows_dir(home: Home) -> Path:
    """The folder of the feature rows."""
    return home.features_dir / "customer_features"


def open_rows(home: Home) -> RowsManifest:
    """Whose rows lie there.

    Raises FeaturesMissing where none were built, or where the definitions have changed since.
    """
    manifest = _manifest(rows_dir(home))
    if manifest is None:
        raise FeaturesMissing(f"No features have been built in {home.root}", BUILD_COMMAND)
    if manifest.definitions_hash != definitions_hash():
        raise FeaturesMissing("The feature rows were built from other definitions than today's", BUILD_COMMAND)
    return manifest


def observed_span(home: Home) -> tuple[datetime, datetime]:
    """The first and the last observation date of the rows that lie there; raises what `open_rows` raises."""
    open_rows(home)
    ends = pc.min_max(pa.chunked_array([chunk for path in row_files(home) for chunk in _moments(path).chunks])).as_py()
    return as_utc(ends["min"]), as_utc(ends["max"])


def row_files(home: Home) -> list[Path]:
    """The Parquet files of the rows; a customer's rows of one date lie in one of them, sorted by date and customer."""
    return sorted(rows_dir(home).rglob("*.parquet"))


def observation_dates(home: Home) -> list[datetime]:
    """The observation dates that rows were built for, in order; raises what `open_rows` raises."""
    open_rows(home)
    seen = {moment for path in row_files(home) for moment in pc.unique(_moments(path)).to_pylist()}
    return sorted(as_utc(moment) for moment in seen)


def rows_at(home: Home, as_of: datetime, columns: Sequence[str] = FEATURE_NAMES) -> Iterator[pa.Table]:
    """The rows of one observation date, file by file: customer_id and the columns asked for, never empty.

    Raises what `open_rows` raises.
    """
    open_rows(home)
    moment = pa.scalar(as_utc(as_of), _MOMENT)
    for path in row_files(home):
        rows = pq.read_table(path, columns=["customer_id", *columns], filters=pc.field("event_timestamp") == moment)
        if rows.num_rows:
            yield rows


def _moments(path: Path) -> pa.ChunkedArray:
    return pq.read_table(path, columns=["event_timestamp"])["event_timestamp"]


def merge_rows(home: Home, fresh: pa.Table, bank: str, data_hash: str) -> Merged:
    """Put `fresh` (SCHEMA) in the place of earlier rows of the same pairs; whole or not at all.

    The same rows give the same bytes, in whatever order they come.
    """
    folder = rows_dir(home)
    there = _manifest(folder)
    ours = RowsManifest(definitions_hash(), bank, data_hash)
    is_ours = there is not None and (there.definitions_hash, there.bank) == (ours.definitions_hash, ours.bank)
    old = {path.stem: path for path in _partitions(folder)}
    foreign = 0 if is_ours else _row_count(old.values())
    old = old if is_ours else {}
    months = pc.strftime(fresh["event_timestamp"], format=_MONTH)
    touched = set(pc.unique(months).to_pylist())
    untouched = [path for month, path in old.items() if month not in touched]
    stays = _without([path for month, path in old.items() if month in touched], fresh)
    with folder_written_whole(folder) as draft:
        for path in untouched:
            _link(path, draft / path.name)
        for month, part in _by_month(pa.concat_tables([stays, fresh])):
            pq.write_table(part, draft / f"{month}.parquet", compression="zstd")
        (draft / _MANIFEST).write_text(json.dumps(asdict(ours), indent=2) + "\n", encoding="utf-8")
    kept = stays.num_rows + _row_count(untouched)
    return Merged(kept, foreign)


def _manifest(folder: Path) -> RowsManifest | None:
    path = folder / _MANIFEST
    return RowsManifest(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _partitions(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def _row_count(paths: Iterable[Path]) -> int:
    return sum(pq.read_metadata(path).num_rows for path in paths)


def _by_month(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    ordered = rows.sort_by(_ORDER).combine_chunks()
    counts = pc.value_counts(pc.strftime(ordered["event_timestamp"], format=_MONTH))
    start = 0
    for month, count in sorted((one["values"], one["counts"]) for one in counts.to_pylist()):
        yield month, ordered.slice(start, count)
        start += count


def _without(paths: Sequence[Path], replaced: pa.Table) -> pa.Table:
    """The rows of the files whose pair is not among the replaced ones."""
    rows = pa.concat_tables([SCHEMA.empty_table(), *(pq.read_table(path, schema=SCHEMA) for path in paths)])
    keys = ["customer_id", "event_timestamp"]
    others = rows.join(replaced.select(keys), keys=keys, join_type="left anti")
    return others.select(SCHEMA.names).cast(SCHEMA)


def _link(source: Path, target: Path) -> None:
    """An untouched partition costs a name, not a copy, where the file system can share the bytes."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
