"""Which batch of a campaign is written next, and how one is given up: whole exports are numbered, one stands."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, NotFound
from linewise.ledger.campaign_batches import Batch, batches_of, begin_batch, end_batch
from linewise.ledger.campaign_contacts import withdraw_unsent
from linewise.ledger.store import Ledger
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.one_at_a_time import one_at_a_time
from serving.campaigns.plan.files import Plan

__all__ = ["abandon_export", "batch_to_write"]

NOTHING_SENT = datetime.fromtimestamp(0, UTC)
"""Before anything that a campaign could have sent."""


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


def _latest(ledger: Ledger, plan: Plan) -> Batch | None:
    return max(batches_of(ledger, plan.campaign_id), key=lambda one: one.number, default=None)


def batch_to_write(desk: ExportDesk, plan: Plan, options: ExportOptions) -> tuple[Batch, bool]:
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
