"""From an approved list to the files that leave the bank: looked at again, claimed, whole or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linewise.core.files import folder_written_whole
from linewise.ledger.campaign_batches import Batch, end_batch, supersede_batches
from linewise.ledger.campaign_contacts import withdraw_unsent
from serving.campaigns.exporting.asking import Approval, ExportOptions
from serving.campaigns.exporting.batches import batch_to_write
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.manifest import read_manifest
from serving.campaigns.exporting.one_at_a_time import one_at_a_time
from serving.campaigns.exporting.writing import Making, write_files
from serving.campaigns.plan.files import Plan, exports_dir

__all__ = ["Exported", "export_campaign"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A whole export: its folder, what its manifest says, and whether an interrupted one was gone on with."""

    batch_id: str
    folder: Path
    manifest: Mapping[str, Any]
    is_resumed: bool


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
        plan.enforce_erased_by(desk.ledger.keys)
        approvers = approval.approvers()
        desk.enforce_may_send(plan.brief.offer_ids)
        batch, is_resumed = batch_to_write(desk, plan, options)
        target = folder / batch.batch_id
        if read_manifest(target) is None:
            with folder_written_whole(target) as draft:
                write_files(Making(desk, plan, batch, approvers), draft, advance)
                # Somebody may have stopped it while it was written.
                approval.approvers()
                desk.enforce_may_send(plan.brief.offer_ids)
        manifest = _publish(desk, plan, approval, batch, target)
    return Exported(batch.batch_id, target, manifest, is_resumed)


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
