"""The feature rows on disk: Parquet by month of observation and customer bucket, all of one definition and bank.

customer_features/
├── _definitions.json          whose rows these are: definitions, bank, its data at the last build, the buckets
└── 1998-12/
    ├── bucket-00000.parquet   customer_id, event_timestamp (the as_of), created_timestamp, features as float64
    └── bucket-00001.parquet   the customers that come after those

Rows of other definitions or of another bank are dropped at the next build and refused by every reader.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.catalogue import FEATURE_NAMES, definitions_hash
from linewise.core.clock import as_utc
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home

__all__ = [
    "BUILD_COMMAND",
    "MANIFEST_NAME",
    "SCHEMA",
    "RowsManifest",
    "bucket_file_name",
    "bucket_number",
    "manifest_in",
    "month_files",
    "observation_dates",
    "observed_span",
    "open_rows",
    "read_manifest",
    "row_files",
    "rows_at",
    "rows_dir",
    "schema_of",
]

BUILD_COMMAND = "linewise features build"

_MOMENT = pa.timestamp("us", tz="UTC")
# float64 for every feature, whole ones too: a row is then one array from here to the model.
_KEYS = [
    pa.field("customer_id", pa.string(), nullable=False),
    pa.field("event_timestamp", _MOMENT, nullable=False),
    pa.field("created_timestamp", _MOMENT, nullable=False),
]


def schema_of(names: Iterable[str]) -> pa.Schema:
    """The columns of rows that hold these features alone."""
    return pa.schema([*_KEYS, *(pa.field(name, pa.float64()) for name in names)])


SCHEMA = schema_of(FEATURE_NAMES)
MANIFEST_NAME = "_definitions.json"
"""Those who read the folder as one Parquet dataset pass over names that begin so."""


@dataclass(frozen=True, slots=True)
class RowsManifest:
    """Whose rows lie in the folder.

    `data_hash` is that of the bank's tables at the last build; `bucket_starts` are the first customers of the
    second bucket and those after it; `time_zone` is the bank's, in which a weekend or a night is one.
    """

    definitions_hash: str
    bank: str
    data_hash: str
    bucket_starts: tuple[str, ...]
    time_zone: str = "UTC"


def rows_dir(home: Home) -> Path:
    """The folder of the feature rows."""
    return home.features_dir / "customer_features"


def bucket_file_name(number: int) -> str:
    """What the file of a bucket is called, in every month."""
    return f"bucket-{number:05}.parquet"


def bucket_number(path: Path) -> int:
    """The bucket that a file of rows is of."""
    return int(path.stem.removeprefix("bucket-"))


def read_manifest(home: Home) -> RowsManifest | None:
    """Whose rows lie there, whatever their definitions; None where none do, or they lie in another layout."""
    return manifest_in(rows_dir(home))


def manifest_in(folder: Path) -> RowsManifest | None:
    """Whose rows lie in this folder; None where none do, or they lie in another layout."""
    path = folder / MANIFEST_NAME
    told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if "bucket_starts" not in told:
        return None
    return RowsManifest(**{**told, "bucket_starts": tuple(told["bucket_starts"])})


def open_rows(home: Home) -> RowsManifest:
    """Whose rows lie there.

    Raises FeaturesMissing where none were built, or where the definitions have changed since.
    """
    manifest = read_manifest(home)
    if manifest is None:
        raise FeaturesMissing(f"No features have been built in {home.root}", BUILD_COMMAND)
    if manifest.definitions_hash != definitions_hash():
        raise FeaturesMissing("The feature rows were built from other definitions than today's", BUILD_COMMAND)
    return manifest


def row_files(home: Home) -> list[Path]:
    """The Parquet files of the rows, by month and bucket; the rows of one lie in order of date and customer."""
    return sorted(rows_dir(home).rglob("*.parquet"))


def month_files(folder: Path, first: datetime, last: datetime) -> list[Path]:
    """The files below a folder of rows that may hold rows from `first` to `last`, by month and bucket."""
    months = f"{as_utc(first):%Y-%m}", f"{as_utc(last):%Y-%m}"
    return [path for path in sorted(folder.rglob("*.parquet")) if months[0] <= path.parent.name <= months[1]]


def observation_dates(home: Home) -> list[datetime]:
    """The observation dates that rows were built for, in order; raises what `open_rows` raises."""
    open_rows(home)
    seen = {moment for path in row_files(home) for moment in pc.unique(_moments(path)).to_pylist()}
    return sorted(as_utc(moment) for moment in seen)


def observed_span(home: Home) -> tuple[datetime, datetime]:
    """The first and the last observation date of the rows that lie there; raises what `open_rows` raises."""
    open_rows(home)
    ends = pc.min_max(pa.chunked_array([chunk for path in row_files(home) for chunk in _moments(path).chunks])).as_py()
    return as_utc(ends["min"]), as_utc(ends["max"])


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
