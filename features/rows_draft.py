"""A build on its way to disk, bucket by bucket beside the live rows, and in their place when it is whole.

.customer_features.build/   stays when a build is interrupted; one of the same plan goes on from it
├── plan.json               what is built on what: another plan begins anew
├── done-00000.json         bucket 0 is whole
└── 2026-11/bucket-00000.parquet
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.buckets import Bucket
from features.rows import MANIFEST_NAME, SCHEMA, RowsManifest, bucket_file_name, read_manifest, row_files, rows_dir
from linewise.core.errors import Conflict
from linewise.core.files import folder_written_whole, write_text_whole
from linewise.core.home import Home

__all__ = ["Merged", "RowsDraft", "rows_draft"]

MONTHS_AT_ONCE = 2
_MONTH = "%Y-%m"
_ORDER = [("event_timestamp", "ascending"), ("customer_id", "ascending")]
_PAIR = ["customer_id", "event_timestamp"]
# Numbers that hardly repeat: dictionaries of them cost more than they save, and nobody asks for their extremes. LZ4 is
# read in half the time that Snappy takes, and a tenth longer.
_FORMAT: dict[str, Any] = {"compression": "lz4", "use_dictionary": False, "write_statistics": [*_PAIR]}


@dataclass(frozen=True, slots=True)
class Merged:
    """What a build did to the rows that were there: how many stayed, how many were dropped as foreign."""

    kept: int
    dropped: int


@dataclass(frozen=True, slots=True)
class RowsDraft:
    """One build of fresh rows over the earlier ones; small, so that it goes to the processes that fill it.

    `months` are those of which every bucket is written anew; `earlier` are the live files by month, empty where
    the live rows are of other definitions or of another bank.
    """

    home: Home
    folder: Path
    manifest: RowsManifest
    months: tuple[str, ...]
    earlier: dict[str, tuple[Path, ...]]
    is_same_cut: bool

    def is_done(self, bucket: Bucket) -> bool:
        """Whether an earlier, interrupted build of the same plan has written the bucket."""
        return self._mark(bucket).is_file()

    def write(self, bucket: Bucket, fresh: pa.Table) -> None:
        """Write the bucket's files: `fresh` (SCHEMA) in the place of earlier rows of the same pairs, which stay else.

        The same rows give the same bytes, in whatever order they come.
        """
        by_month = dict(_by_month(_in_order(fresh)))

        def write_month(month: str) -> int:
            return self._write_month(month, bucket, by_month.get(month, SCHEMA.empty_table()))

        # Of a bank of one bucket every other core has nothing left to do by now.
        with ThreadPoolExecutor(MONTHS_AT_ONCE) as pool:
            kept = sum(pool.map(write_month, self.months))
        # The mark comes last: a bucket without it was interrupted, and is written again.
        write_text_whole(self._mark(bucket), json.dumps({"kept": kept}))

    def _write_month(self, month: str, bucket: Bucket, new: pa.Table) -> int:
        """Write one file with the new rows and the earlier ones that stay; gives how many of these."""
        stays = _without(self._earlier(month, bucket), new)
        rows = _in_order(pa.concat_tables([stays, new])) if stays.num_rows else new
        if rows.num_rows:
            path = self.folder / month / bucket_file_name(bucket.number)
            path.parent.mkdir(exist_ok=True)
            # In one piece, for where a page of the file ends goes by the pieces too.
            pq.write_table(rows.combine_chunks(), path, **_FORMAT)
        return stays.num_rows

    def finish(self) -> Merged:
        """Put the build in the place of the live rows, whole or not at all, and remove the draft."""
        marks = sorted(self.folder.glob("done-*.json"))
        kept = sum(json.loads(mark.read_text(encoding="utf-8"))["kept"] for mark in marks)
        dropped = 0 if self.earlier else _row_count(row_files(self.home))
        untouched = [path for month, paths in self.earlier.items() if month not in self.months for path in paths]
        with folder_written_whole(rows_dir(self.home)) as draft:
            for path in (*untouched, *self.folder.glob("*/*.parquet")):
                target = draft / path.parent.name / path.name
                target.parent.mkdir(exist_ok=True)
                _link(path, target)
            text = json.dumps(asdict(self.manifest), indent=2) + "\n"
            (draft / MANIFEST_NAME).write_text(text, encoding="utf-8")
        merged = Merged(kept + _row_count(rows_dir(self.home) / p.parent.name / p.name for p in untouched), dropped)
        shutil.rmtree(self.folder, ignore_errors=True)
        return merged

    def _mark(self, bucket: Bucket) -> Path:
        return self.folder / f"done-{bucket.number:05}.json"

    def _earlier(self, month: str, bucket: Bucket) -> pa.Table:
        files = self.earlier.get(month, ())
        if self.is_same_cut:
            files = tuple(path for path in files if path.name == bucket_file_name(bucket.number))
        rows = pa.concat_tables([SCHEMA.empty_table(), *(pq.read_table(path, schema=SCHEMA) for path in files)])
        return rows if self.is_same_cut else _within(rows, bucket)


@contextmanager
def rows_draft(home: Home, manifest: RowsManifest, moments: pa.ChunkedArray, wanted_hash: str) -> Iterator[RowsDraft]:
    """The draft of a build, begun anew or gone on with; it stays where the block ends with an error.

    `moments` are the observation dates of the fresh rows and `wanted_hash` stands for their pairs. Raises Conflict
    where another process builds in this home.
    """
    there = read_manifest(home)
    is_ours = there is not None and _meaning(there) == _meaning(manifest)
    live = row_files(home)
    earlier: dict[str, tuple[Path, ...]] = {}
    for path in live if is_ours else ():
        earlier[path.parent.name] = (*earlier.get(path.parent.name, ()), path)
    is_same_cut = there is not None and there.bucket_starts == manifest.bucket_starts
    fresh_months = pc.unique(pc.strftime(moments, format=_MONTH)).to_pylist()
    months = sorted({*fresh_months, *(() if is_same_cut else earlier)})
    folder = home.features_dir / ".customer_features.build"
    plan = json.dumps([asdict(manifest), wanted_hash, _state_of(live), months], indent=2)
    with _held(folder, home):
        _go_on_or_begin(folder, plan)
        yield RowsDraft(home, folder, manifest, tuple(months), earlier, is_same_cut)


def _meaning(manifest: RowsManifest) -> tuple[str, str, str]:
    """What rows have to share so that they may lie beside each other."""
    return manifest.definitions_hash, manifest.bank, manifest.time_zone


def _go_on_or_begin(folder: Path, plan: str) -> None:
    path = folder / "plan.json"
    if path.is_file() and path.read_text(encoding="utf-8") == plan:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_text_whole(path, plan)


@contextmanager
def _held(folder: Path, home: Home) -> Iterator[None]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder.with_name(f"{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise Conflict(
                f"Another process builds features in {home.root}.",
                "One build at a time was expected.",
                "Wait until it has ended, then build again.",
            ) from err
        yield
    finally:
        os.close(handle)


def _state_of(files: Sequence[Path]) -> str:
    """What tells one state of the live files from another, without reading them."""
    digest = hashlib.sha256()
    for path in files:
        status = path.stat()
        digest.update(f"{path.parent.name}/{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _row_count(paths: Iterable[Path]) -> int:
    return sum(pq.read_metadata(path).num_rows for path in paths)


def _in_order(rows: pa.Table) -> pa.Table:
    moments, ids = rows["event_timestamp"].cast(pa.int64()).to_numpy(), rows["customer_id"]
    later = np.diff(moments)
    is_next = pc.greater(ids.slice(1), ids.slice(0, max(len(ids) - 1, 0))).to_numpy()
    is_in_order = not (later < 0).any() and is_next[later == 0].all()
    return rows if is_in_order else rows.sort_by(_ORDER)


def _by_month(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows, which lie in order, month by month."""
    moments = rows["event_timestamp"]
    months = pc.run_end_encode(pc.add(pc.multiply(pc.year(moments), 12), pc.month(moments)).combine_chunks())
    start = 0
    for end in months.run_ends.to_pylist():
        yield f"{moments[start].as_py():{_MONTH}}", rows.slice(start, end - start)
        start = end


def _without(rows: pa.Table, replaced: pa.Table) -> pa.Table:
    """The rows whose pair is not among the replaced ones."""
    if not rows.num_rows or not replaced.num_rows:
        return rows
    return rows.join(replaced.select(_PAIR), keys=_PAIR, join_type="left anti").select(SCHEMA.names).cast(SCHEMA)


def _within(rows: pa.Table, bucket: Bucket) -> pa.Table:
    if bucket.start is not None:
        rows = rows.filter(pc.greater_equal(rows["customer_id"], bucket.start))
    return rows if bucket.end is None else rows.filter(pc.less(rows["customer_id"], bucket.end))


def _link(source: Path, target: Path) -> None:
    """A file costs a name, not a copy, where the file system can share the bytes."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
