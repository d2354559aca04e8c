"""Acts on the record by people: erasing, holding, purging. Each is an entry of the chain itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, select

from linewise.core.moments import microseconds
from linewise.core.scrubbing import scrub
from linewise.ledger.chain import event_body
from linewise.ledger.customers import CustomerKey
from linewise.ledger.decision_tables import record_events

__all__ = ["Act", "ActKind", "events_on"]

ActKind = Literal["erase", "hold", "release", "purge"]


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to the record, when and why; `subject` is a class of records where no customer is named."""

    kind: ActKind
    made_by: str
    made_at: datetime
    reason: str
    customer_id: str | None = None
    subject: str = ""
    before: datetime | None = None

    def __post_init__(self) -> None:
        # Before the chain binds it: afterwards nothing could be taken out of it any more.
        object.__setattr__(self, "reason", scrub(self.reason))

    @property
    def table(self) -> Table:
        """Where it is written."""
        return record_events

    def sealed(self, key: CustomerKey | None) -> tuple[dict[str, Any], str]:
        """The row and what its link binds; a customer stands in it by reference alone."""
        subject = self.subject if key is None else key.customer_ref
        made_at_us = microseconds(self.made_at)
        before_us = None if self.before is None else microseconds(self.before)
        row = {
            "kind": self.kind,
            "subject": subject,
            "made_by": self.made_by,
            "made_at": made_at_us,
            "reason": self.reason,
            "before": before_us,
        }
        return row, event_body(self.kind, subject, self.made_by, made_at_us, self.reason, before_us)


def events_on(connection: Connection, subject: str) -> list[Row[Any]]:
    """The acts on one customer's records, in their order."""
    order = (record_events.c.made_at, record_events.c.segment_id, record_events.c.sequence)
    return list(connection.execute(select(record_events).where(record_events.c.subject == subject).order_by(*order)))
