"""The files of one export, written in passes until nobody refused meanwhile, with the manifest that makes them one."""

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.core.clock import as_utc
from linewise.ledger.campaign_batches import Batch
from linewise.ledger.outcomes import latest_told, told_after
from serving.campaigns.brief.message_parts import parts_of
from serving.campaigns.exporting.claiming import Claiming
from serving.campaigns.exporting.columns import Row, SentBy
from serving.campaigns.exporting.counts import Counts
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.files import CONTROL_FILE, WITHHELD_FILE, ExportFile, ExportFiles, open_export_files
from serving.campaigns.exporting.manifest import MANIFEST, files_told, manifest_bytes
from serving.campaigns.exporting.rechecking import recheck
from serving.campaigns.exporting.rows import Messages, rows_of
from serving.campaigns.plan.files import CONTROL, TREATED, Plan

__all__ = ["Making", "write_files"]

CHUNK_ROWS = 10_000
"""Of the list at a time, so that no list is too long for memory."""

MOST_PASSES = 3
"""So often files are written anew because somebody refused meanwhile; who refuses later does so as after any export."""


@dataclass(frozen=True, slots=True)
class Making:
    """What an export is made of."""

    desk: ExportDesk
    plan: Plan
    batch: Batch
    approvers: Sequence[Mapping[str, Any]]


def write_files(making: Making, draft: Path, advance: Callable[[int], None]) -> None:
    """Write the files into a folder, anew where somebody of the list refused meanwhile; `advance` is told of rows."""
    ledger = making.desk.ledger
    for _ in range(MOST_PASSES):
        latest = latest_told(ledger)
        told = _pass(making, draft, advance)
        if not _is_overtaken(making.desk, making.plan, told_after(ledger, latest)):
            break
        # What was claimed stays claimed, so the next pass takes a fraction of the time.
        advance = _nothing
        for written in draft.iterdir():
            shutil.rmtree(written)
    (draft / MANIFEST).write_bytes(manifest_bytes(told))


def _nothing(rows_of: int) -> None:
    """Progress is told of the first pass alone."""


def _is_overtaken(desk: ExportDesk, plan: Plan, customer_ids: Collection[str]) -> bool:
    """Whether somebody of the list may not be contacted by what was told while the files were written."""
    if not customer_ids:
        return False
    wanted = pa.array(sorted(customer_ids), pa.string())
    columns = ["customer_id", "arm", "offer_id", "channel", "contact_ref", "consent_ref"]
    for piece in plan.batches(columns):
        rows = piece.filter(pc.is_in(piece["customer_id"], wanted)).to_pylist()
        is_claimed = np.array([one["arm"] == TREATED for one in rows], dtype=bool)
        if rows and any(recheck(desk, plan, rows, is_claimed, desk.now()).because):
            return True
    return False


def _pass(making: Making, draft: Path, advance: Callable[[int], None]) -> dict[str, Any]:
    """Write every file once; gives what the manifest says."""
    desk, plan, batch = making.desk, making.plan, making.batch
    sent_by = SentBy(plan.campaign_id, batch.batch_id, desk.versions.release_id, desk.versions.policy)
    claiming = Claiming(desk, plan, batch.batch_id, batch.begun_at)
    counts, messages = Counts(Counter(), Counter(), Counter()), Messages()
    with open_export_files(draft, sent_by, has_bom=batch.has_bom) as files:
        for piece in plan.batches(rows=CHUNK_ROWS):
            rows = rows_of(desk, plan, claiming, piece, messages)
            _write_rows(files, rows, counts)
            advance(len(rows))
    about = {one.name: _about(one, count, messages) for one, count in files.counts.items()}
    return _told(making) | {"export": counts.as_json(), "files": list(files_told(draft, about))}


def _write_rows(files: ExportFiles, rows: Sequence[Row], counts: Counts) -> None:
    for row in rows:
        arm = row.listed["arm"]
        counts.listed[arm] += 1
        if row.because:
            counts.withheld[row.because, arm] += 1
        else:
            counts.written[arm] += 1
            counts.moved += row.window is not None and row.window.is_moved and arm == TREATED
    named = sorted(((_file_of(row), row) for row in rows), key=lambda pair: pair[0].name)
    for file, pairs in groupby(named, key=lambda pair: pair[0]):
        files.write(file, [row for _, row in pairs])


def _file_of(row: Row) -> ExportFile:
    if row.because:
        return WITHHELD_FILE
    return CONTROL_FILE if row.listed["arm"] == CONTROL else ExportFile.for_row(row.listed)


def _about(file: ExportFile, count: int, messages: Messages) -> dict[str, Any]:
    told = {name: one for name, one in asdict(file).items() if one and name != "name"} | {"rows": count}
    message = messages.get(file)
    if message is None:
        return told
    told |= {"text": message.says}
    if file.channel == "sms":
        parts = parts_of(message.whole)
        told |= {"coding": parts.coding, "part_count": parts.part_count}
    return told


def _told(making: Making) -> dict[str, Any]:
    """What the manifest says beside counts and files."""
    plan, batch = making.plan, making.batch
    told = {
        "campaign_id": plan.campaign_id,
        "batch_id": batch.batch_id,
        "number": batch.number,
        "created_at": as_utc(batch.begun_at).isoformat(),
        "created_by": batch.begun_by,
        "plan_sha256": plan.plan_sha256,
        "planned_at": plan.told["planned_at"],
        "planned_by": plan.told["planned_by"],
        "approvers": [dict(one) for one in making.approvers],
        "versions": dict(plan.told["versions"]),
        "release_id": making.desk.versions.release_id,
        "seed": plan.told["seed"],
        "waterfall": list(plan.told["waterfall"]),
        "has_bom": batch.has_bom,
    }
    if plan.erasures is not None:
        told["erased"] = {"rows": len(plan.erasures.customer_refs), "list_sha256": plan.erasures.list_sha256}
    return told
