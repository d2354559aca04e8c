"""From an approved list to the files that leave the bank: looked at again, claimed, whole or not at all."""

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, NotFound
from linewise.core.files import folder_written_whole
from linewise.core.home import Home
from linewise.decisioning.contact_hours import ContactHours
from linewise.ledger.campaign_batches import Batch, batches_of, begin_batch, end_batch, supersede_batches
from linewise.ledger.campaign_contacts import withdraw_unsent
from linewise.ledger.outcomes import latest_told, told_after
from linewise.ledger.store import Ledger
from linewise.ledger.within import Transaction
from serving.campaigns.exporting.claiming import Claiming, decision_id_of, pseudonym_of
from serving.campaigns.exporting.columns import Row, SentBy
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.files import CONTROL_FILE, WITHHELD_FILE, ExportFile, ExportFiles, open_export_files
from serving.campaigns.exporting.forbidden_numbers import enforce_no_numbers
from serving.campaigns.exporting.manifest import MANIFEST, files_told, manifest_bytes, read_manifest
from serving.campaigns.exporting.one_at_a_time import one_at_a_time
from serving.campaigns.exporting.rechecking import Rechecked, recheck
from serving.campaigns.exporting.send_windows import SendWindow, send_window
from serving.campaigns.exporting.sent_text import text_of
from serving.campaigns.plan.files import CONTROL, TREATED, Plan, campaign_dir

__all__ = ["Approval", "ExportOptions", "Exported", "abandon_export", "export_campaign", "exports_dir"]

CHUNK_ROWS = 10_000
"""Of the list at a time, so that no list is too long for memory."""

MOST_PASSES = 3
"""So often files are written anew because somebody refused meanwhile; who refuses later does so as after any export."""

NOTHING_SENT = datetime.fromtimestamp(0, UTC)
"""Before anything that a campaign could have sent."""

Texts = dict[ExportFile, str]
"""What each file of a gateway is sent as."""


class Approval(Protocol):
    """By whose signatures a plan may be exported."""

    def approvers(self) -> Sequence[Mapping[str, Any]]:
        """Who approved it, as the manifest tells it.

        Raises ApprovalMissing, ApprovalVoid or Conflict where it may not be exported as it stands.
        """

    def mark_exported(self, connection: Transaction, by: str, at: datetime) -> None:
        """Write down that its list went out, inside the transaction in which the export begins to stand."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How an export is made: by whom, whether it takes another's place, whether its CSV begins with a mark (BOM)."""

    by: str
    supersede: bool = False
    has_bom: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """A whole export: its folder, what its manifest says, and whether an interrupted one was gone on with."""

    batch_id: str
    folder: Path
    manifest: Mapping[str, Any]
    is_resumed: bool


def exports_dir(home: Home, campaign_id: str) -> Path:
    """Where the exports of a campaign lie, a folder each."""
    return campaign_dir(home, campaign_id) / "exports"


def export_campaign(
    desk: ExportDesk,
    plan: Plan,
    approval: Approval,
    options: ExportOptions,
    advance: Callable[[int], None] = lambda rows: None,
) -> Exported:
    """Write the files of an approved plan and claim its contacts; what was interrupted is gone on with.

    Each row is looked at once more as it is written. Contacts are claimed before their row stands in a file, and the
    files take their name together, the manifest with them, when all are whole. Raises what `approval` raises;
    Conflict where another export of the campaign is under way, where one stands and is not to be superseded, or where
    an offer is switched off; StorageFull where the disk is full: what was claimed stays claimed until the export is
    gone on with or abandoned; DataCheckFailed where the list holds a number that must not leave; PolicyInvalid for a
    text that no gateway takes.
    """
    folder = exports_dir(desk.home, plan.campaign_id)
    with one_at_a_time(folder, plan.campaign_id):
        approvers = approval.approvers()
        desk.enforce_may_send(plan.brief.offer_ids)
        batch, is_resumed = _batch(desk, plan, options)
        target = folder / batch.batch_id
        if read_manifest(target) is None:
            with folder_written_whole(target) as draft:
                _write(_Making(desk, plan, batch, approvers), draft, advance)
                # Somebody may have stopped it while it was written.
                approval.approvers()
                desk.enforce_may_send(plan.brief.offer_ids)
        manifest = _publish(desk, plan, approval, batch, target)
    return Exported(batch.batch_id, target, manifest, is_resumed)


def abandon_export(ledger: Ledger, plan: Plan, folder: Path, by: str, now: datetime) -> tuple[str, int]:
    """Give up the campaign's latest export, whose files are not sent; gives its batch and how many contacts it frees.

    Contacts that could have taken place by now stay. folder: where its exports lie. Raises NotFound where there is
    none, and Conflict where it is being written.
    """
    with one_at_a_time(folder, plan.campaign_id):
        batch = _latest(ledger, plan)
        if batch is None or batch.status == "abandoned":
            raise NotFound(
                f"The campaign {plan.campaign_id!r} has no export that could be abandoned.",
                "One that was begun or made was expected.",
                f"Make one: linewise campaign export {plan.campaign_id}",
            )
        with ledger.writing() as connection:
            # Of files that were never whole nothing can have been sent.
            begun_by = NOTHING_SENT if batch.status == "begun" else now
            count = withdraw_unsent(connection, plan.campaign_id, "abandoned", now, begun_by=begun_by)
            end_batch(connection, batch.batch_id, "abandoned", by, now, batch.manifest_sha256)
    return batch.batch_id, count


# ---- which batch -------------------------------------------------------------------------------------------


def _latest(ledger: Ledger, plan: Plan) -> Batch | None:
    return max(batches_of(ledger, plan.campaign_id), key=lambda one: one.number, default=None)


def _batch(desk: ExportDesk, plan: Plan, options: ExportOptions) -> tuple[Batch, bool]:
    """The batch to write, and whether it had been begun before."""
    latest = _latest(desk.ledger, plan)
    if latest is not None and latest.status == "begun" and latest.plan_sha256 == plan.plan_sha256:
        return replace(latest, has_bom=options.has_bom), True
    if latest is not None and latest.status == "exported" and not options.supersede:
        raise Conflict(
            f"The campaign {plan.campaign_id!r} was exported on {latest.begun_at:%Y-%m-%d %H:%M} UTC "
            f"as {latest.batch_id}.",
            "One export was expected: a second file, sent beside the first, would reach everybody twice.",
            "If the first is sent to nobody, take its place with --supersede.",
        )
    number = 1 if latest is None else latest.number + 1
    now = as_utc(desk.now())
    batch = Batch(
        f"{plan.campaign_id}-{plan.plan_sha256[:12]}-{number}",
        plan.campaign_id,
        number,
        plan.plan_sha256,
        now,
        options.by,
        options.has_bom,
        "begun",
    )
    with desk.ledger.writing() as connection:
        if latest is not None and latest.status == "begun":
            # Begun on a plan that is another one now.
            end_batch(connection, latest.batch_id, "abandoned", options.by, now)
            withdraw_unsent(connection, plan.campaign_id, "abandoned", now, of=latest.batch_id, begun_by=NOTHING_SENT)
        begin_batch(connection, batch)
    return batch, False


def _publish(desk: ExportDesk, plan: Plan, approval: Approval, batch: Batch, folder: Path) -> Mapping[str, Any]:
    """Write down that the export stands, and which ones it takes the place of."""
    found = read_manifest(folder)
    assert found is not None  # noqa: S101  it was written with the folder
    manifest, digest = found
    now = desk.now()
    with desk.ledger.writing() as connection:
        withdraw_unsent(connection, plan.campaign_id, "superseded", now, but=batch.batch_id, begun_by=now)
        supersede_batches(connection, plan.campaign_id, batch.number)
        end_batch(connection, batch.batch_id, "exported", batch.begun_by, now, digest)
        approval.mark_exported(connection, batch.begun_by, now)
    return manifest


# ---- what is in it -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counts:
    """What became of the list's rows, by arm."""

    listed: Counter[str]
    written: Counter[str]
    withheld: Counter[tuple[str, str]]
    moved: int = 0

    def as_json(self) -> dict[str, Any]:
        reasons = sorted({why for why, _ in self.withheld})
        return {
            "listed": _by_arm(self.listed),
            "withheld": {why: {arm: self.withheld[why, arm] for arm in (TREATED, CONTROL)} for why in reasons},
            "written": _by_arm(self.written),
            "windows_moved": self.moved,
        }


def _by_arm(counts: Counter[str]) -> dict[str, int]:
    return {arm: counts[arm] for arm in (TREATED, CONTROL)}


@dataclass(frozen=True, slots=True)
class _Making:
    """What an export is made of."""

    desk: ExportDesk
    plan: Plan
    batch: Batch
    approvers: Sequence[Mapping[str, Any]]


def _write(making: _Making, draft: Path, advance: Callable[[int], None]) -> None:
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


def _nothing(_rows: int) -> None:
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


def _pass(making: _Making, draft: Path, advance: Callable[[int], None]) -> dict[str, Any]:
    """Write every file once; gives what the manifest says."""
    desk, plan, batch = making.desk, making.plan, making.batch
    sent_by = SentBy(plan.campaign_id, batch.batch_id, desk.versions.release_id, desk.versions.policy)
    claiming = Claiming(desk, plan, batch.batch_id, batch.begun_at)
    counts, texts = _Counts(Counter(), Counter(), Counter()), Texts()
    with open_export_files(draft, sent_by, has_bom=batch.has_bom) as files:
        for piece in plan.batches(rows=CHUNK_ROWS):
            rows = _rows(desk, plan, claiming, piece, texts)
            _write_rows(files, rows, counts)
            advance(len(rows))
    about = {one.name: _about(one, count, texts) for one, count in files.counts.items()}
    return _told(making) | {"export": counts.as_json(), "files": list(files_told(draft, about))}


def _rows(desk: ExportDesk, plan: Plan, claiming: Claiming, piece: pa.RecordBatch, texts: Texts) -> Sequence[Row]:
    """A piece of the list, looked at once more; its contacts are claimed, once it is known that they can be sent."""
    enforce_no_numbers(piece)
    listed, now = piece.to_pylist(), desk.now()
    for file in {ExportFile.for_row(one) for one in listed} - texts.keys():
        texts[file] = (
            text_of(desk.policy.catalogue, file.offer_id, file.channel, file.language) if file.offer_id else ""
        )
    known = claiming.known([one["customer_id"] for one in listed])
    ids = [decision_id_of(plan.plan_sha256, one["customer_id"], one["offer_id"]) for one in listed]
    standing = {one for one, claimed in known.items() if not claimed.is_withdrawn}
    found = recheck(desk, plan, listed, np.array([one in standing for one in ids], dtype=bool), now)
    hours = ContactHours(plan.brief.window.opens, plan.brief.window.closes)
    rows = []
    for place, one in enumerate(listed):
        decision_id = ids[place]
        because, window = _sending(one, found, place, hours, now)
        if not because and decision_id in known and known[decision_id].is_told:
            because = "answered"
        key = pseudonym_of(desk, plan.campaign_id, one["customer_id"])
        rows.append(Row(one, because, None if because else window, decision_id, key))
    claiming.claim([row for row in rows if row.listed["arm"] == TREATED], known, now)
    return rows


def _sending(
    one: Mapping[str, Any], found: Rechecked, place: int, hours: ContactHours, now: datetime
) -> tuple[str, SendWindow | None]:
    """Why a row is withheld, or when it is sent."""
    if found.because[place]:
        return str(found.because[place]), None
    zones = one["time_zone"], str(found.zones[place])
    window = send_window(one["send_not_before"], one["send_not_after"], *zones, hours)
    last: date = one["expires_on"]
    if window is None:
        return "outside_hours", None
    if datetime.fromisoformat(window.local_not_after).date() > last:
        return "offer_expired", None
    return ("window_passed", None) if window.not_after < as_utc(now) else ("", window)


def _write_rows(files: ExportFiles, rows: Sequence[Row], counts: _Counts) -> None:
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


def _about(file: ExportFile, count: int, texts: Texts) -> dict[str, Any]:
    told = {name: one for name, one in asdict(file).items() if one and name != "name"} | {"rows": count}
    return told | ({"text": texts[file]} if texts.get(file) else {})


def _told(making: _Making) -> dict[str, Any]:
    """What the manifest says beside counts and files."""
    plan, batch = making.plan, making.batch
    return {
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
