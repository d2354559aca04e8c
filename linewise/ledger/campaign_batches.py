"""Exports of a campaign, one after the other: begun, ended, taken the place of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from linewise.ledger.campaign_contact_tables import campaign_batches
from linewise.ledger.store import Ledger

__all__ = ["Batch", "batches_of", "begin_batch", "end_batch", "supersede_batches"]

Status = Literal["begun", "exported", "superseded", "abandoned"]


@dataclass(frozen=True, slots=True)
class Batch:
    """One export: of which plan, the how-manieth of its campaign, begun when and by whom, and how it stands.

    `begun`: its files are being written, or whoever wrote them was interrupted; `exported`: they are there;
    `superseded`: another export took its place; `abandoned`: never finished, for the plan became another one.
    """

    batch_id: str
    campaign_id: str
    number: int
    plan_sha256: str
    begun_at: datetime
    begun_by: str
    has_bom: bool
    status: Status
    ended_at: datetime | None = None
    ended_by: str | None = None
    manifest_sha256: str | None = None


def batches_of(ledger: Ledger, campaign_id: str) -> Sequence[Batch]:
    """All exports of a campaign in their order."""
    query = select(campaign_batches).where(campaign_batches.c.campaign_id == campaign_id)
    with ledger.engine.connect() as connection:
        return [_batch(row) for row in connection.execute(query.order_by(campaign_batches.c.number))]


def _batch(row: Row[Any]) -> Batch:
    return Batch(**row._mapping)


def begin_batch(connection: Connection, batch: Batch) -> None:
    """Write down that an export has begun, before anything of it is claimed."""
    connection.execute(insert(campaign_batches).values({name: getattr(batch, name) for name in Batch.__slots__}))


def end_batch(
    connection: Connection, batch_id: str, status: Status, by: str, at: datetime, manifest_sha256: str | None = None
) -> None:
    """Write down how an export ended, and by whom."""
    values = {"status": status, "ended_by": by, "ended_at": at, "manifest_sha256": manifest_sha256}
    connection.execute(update(campaign_batches).where(campaign_batches.c.batch_id == batch_id).values(values))


def supersede_batches(connection: Connection, campaign_id: str, number: int) -> None:
    """The exports of a campaign before that number are not the one to send any more."""
    before = (
        campaign_batches.c.campaign_id == campaign_id,
        campaign_batches.c.number < number,
        campaign_batches.c.status == "exported",
    )
    connection.execute(update(campaign_batches).where(*before).values(status="superseded"))
