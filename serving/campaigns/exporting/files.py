"""The files of an export while they are written: one a template, signature and segment, as Parquet and as CSV."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from serving.campaigns.exporting.calling_order import in_calling_order
from serving.campaigns.exporting.columns import CALLS, CONTROLS, GATEWAY, WITHHELD, Row, SentBy, table_of
from serving.campaigns.exporting.safe_csv import TableWriter, csv_writer

__all__ = ["CONTROL_FILE", "WITHHELD_FILE", "ExportFile", "ExportFiles", "open_export_files"]

SPOKEN = frozenset({"voice"})
"""Channels of agents, who need a list in the order of calling and no gateway's columns."""

RANKED = CALLS.append(pa.field("priority", pa.int64()))
WORKING, ASIDE = "working", "aside"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export: what is in it, and under which name without its ending."""

    kind: str
    name: str
    channel: str = ""
    template_code: str = ""
    signature: str = ""
    segment: str = ""
    language: str = ""
    offer_id: str = ""

    @classmethod
    def for_row(cls, listed: dict[str, Any]) -> "ExportFile":
        """The file in which a row of the list is sent.

        A template is one text, so what differs in offer or language is another file even where its code is the same.
        """
        return _file_for(
            listed["channel"],
            listed["template_code"] or "",
            listed["signature"] or "",
            listed["segment"],
            listed["offer_id"],
            listed["language"],
        )

    @property
    def schema(self) -> pa.Schema:
        """Its columns."""
        return {"calls": CALLS, "gateway": GATEWAY, "control": CONTROLS, "withheld": WITHHELD}[self.kind]


CONTROL_FILE, WITHHELD_FILE = ExportFile("control", "control/control"), ExportFile("withheld", "withheld/withheld")


@lru_cache(maxsize=4096)
def _file_for(channel: str, template: str, signature: str, segment: str, offer_id: str, language: str) -> ExportFile:
    if channel in SPOKEN:
        return ExportFile("calls", f"{channel}/{_plain(segment)}", channel, segment=segment)
    parts = (template or "no-template", signature or "no-signature", segment, offer_id, language)
    name = f"{channel}/{'.'.join(map(_plain, parts))}"
    return ExportFile("gateway", name, channel, template, signature, segment, language, offer_id)


def _plain(part: str) -> str:
    """The part as it may stand in a file's name; what had to give way leaves a mark, so that no two fall together."""
    plain = re.sub(r"[^\w-]", "-", part)
    return plain if plain == part else f"{plain}-{sha256(part.encode()).hexdigest()[:6]}"


class ExportFiles:
    """Open files of one export; `counts` says how many rows each has got."""

    def __init__(self, folder: Path, sent_by: SentBy, *, has_bom: bool, held: ExitStack) -> None:
        self._folder, self._sent_by, self._has_bom, self._held = folder, sent_by, has_bom, held
        self._writers: dict[ExportFile, Sequence[TableWriter]] = {}
        self.counts: dict[ExportFile, int] = {}
        for one in (CONTROL_FILE, WITHHELD_FILE):
            self._open(one)

    def write(self, file: ExportFile, rows: Sequence[Row]) -> None:
        """Write the rows behind those that are there."""
        if file not in self._writers:
            self._open(file)
        table = table_of(rows, file.schema, self._sent_by)
        if file.kind == "calls":
            table = table.append_column("priority", pa.array([row.listed["priority"] for row in rows], pa.int64()))
        for writer in self._writers[file]:
            writer.write_table(table)
        self.counts[file] += len(rows)

    def _open(self, file: ExportFile) -> None:
        # What agents call is sorted once it is whole, so until then it stands aside.
        if file.kind == "calls":
            path = self._folder / WORKING / f"{file.name}.parquet"
            self._writers[file] = [self._held.enter_context(_parquet_writer(path, RANKED))]
        else:
            self._writers[file] = self._both(file, self._held)
        self.counts[file] = 0

    def _both(self, file: ExportFile, held: ExitStack) -> Sequence[TableWriter]:
        path = self._folder / f"{file.name}.parquet"
        return (
            held.enter_context(_parquet_writer(path, file.schema)),
            held.enter_context(csv_writer(path.with_suffix(".csv"), file.schema, has_bom=self._has_bom)),
        )

    def sort_calls(self) -> None:
        """Write the lists of agents in the order of calling; to be called once all other files are closed."""
        for file in self.counts:
            if file.kind == "calls":
                path = self._folder / WORKING / f"{file.name}.parquet"
                with ExitStack() as held:
                    writers = self._both(file, held)
                    for table in in_calling_order(path, self._folder / WORKING / ASIDE):
                        for writer in writers:
                            writer.write_table(table)
                path.unlink()


@contextmanager
def _parquet_writer(path: Path, schema: pa.Schema) -> Iterator[TableWriter]:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Arrow keeps a file open whose end it could not write, and with it the room on a full disk.
    with path.open("wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        yield writer


@contextmanager
def open_export_files(folder: Path, sent_by: SentBy, *, has_bom: bool) -> Iterator[ExportFiles]:
    """The files of an export below a folder, each whole once the block has ended."""
    with ExitStack() as held:
        files = ExportFiles(folder, sent_by, has_bom=has_bom, held=held)
        yield files
    files.sort_calls()
    shutil.rmtree(folder / WORKING, ignore_errors=True)
