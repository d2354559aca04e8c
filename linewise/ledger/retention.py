"""Retention: what a class of records held of customers is deleted after its years; that it was, stays proven."""

from collections.abc import Mapping
from datetime import datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from linewise.core.settings import Settings
from linewise.ledger.acts import Act
from linewise.ledger.call_retention import purge_calls, purge_own_acts
from linewise.ledger.decision_tables import decisions
from linewise.ledger.entries import Call
from linewise.ledger.holds import held_refs
from linewise.ledger.looks import purge_looks
from linewise.ledger.model_tables import shadow_scores
from linewise.ledger.record import RecordClass
from linewise.ledger.said import enforce_said
from linewise.ledger.store import Ledger

__all__ = ["purge", "retention_years"]

REASON = "past its retention"


def retention_years(settings: Settings) -> dict[RecordClass, int]:
    """How many years each class of records is kept, as the settings say."""
    return {
        "full": settings.retain_full_years,
        "batch": settings.retain_batch_years,
        "service": settings.retain_service_years,
    }


def purge(ledger: Ledger, years: Mapping[RecordClass, int], now: datetime, by: str) -> dict[RecordClass, int]:
    """Delete the payloads of decisions older than their class is kept; gives how many of each class.

    Commitments and digests stay, so the chain verifies; a customer under a legal hold loses nothing. Calls, what was
    said in them, own acts of customers, and looks go with the class that is kept longest.
    """
    enforce_said(by=by)
    deleted: dict[RecordClass, int] = {}
    for record_class, kept_years in years.items():
        before = now - relativedelta(years=kept_years)
        deleted[record_class] = _purge(ledger, record_class, Act(
            "purge", by, now, REASON, subject=record_class, before=before
        ))  # fmt: skip
    if years:
        with ledger.writing() as connection:
            before = now - relativedelta(years=max(years.values()))
            purge_calls(connection, ledger.writer.customers, before)
            purge_own_acts(connection, ledger.writer.customers, before)
            purge_looks(connection, before, held_refs(connection))
    ledger.database.empty_log()
    return deleted


def _purge(ledger: Ledger, record_class: RecordClass, act: Act) -> int:
    with ledger.engine.connect() as connection:
        count = connection.execute(
            select(func.count()).select_from(decisions).where(_past(connection, record_class, act.before))
        ).scalar_one()
    if count:
        ledger.writer.write(
            Call([act], lambda connection, _keys: _delete(connection, _past(connection, record_class, act.before)))
        )
    return count


def _past(connection: Connection, record_class: RecordClass, before: datetime | None) -> ColumnElement[bool]:
    return and_(
        decisions.c.record_class == record_class,
        decisions.c.decided_at < before,
        decisions.c.payload.is_not(None),
        decisions.c.customer_ref.not_in(held_refs(connection)),
    )


def _delete(connection: Connection, past: ColumnElement[bool]) -> None:
    of_them = shadow_scores.c.decision_id.in_(select(decisions.c.decision_id).where(past))
    connection.execute(delete(shadow_scores).where(of_them))
    connection.execute(update(decisions).where(past).values(payload=None))
