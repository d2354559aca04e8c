"""What has happened in one call so far: how often the customer said no, how much debt was proposed."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from linewise.core.actions import group_of_action
from linewise.ledger.events import HEARD
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.prepared import Spelled
from linewise.ledger.store import Ledger

__all__ = ["InCall", "in_call"]

_TOLD = Spelled(
    select(outcomes.c.decision_id, outcomes.c.offer_id, outcomes.c.outcome).where(
        outcomes.c.customer_id == bindparam("customer"), outcomes.c.call_id == bindparam("call")
    )
)
"""Spelled once: a decision waits for it."""


@dataclass(frozen=True, slots=True)
class InCall:
    """decline_count: suggestions that were declined; debt_action_count: raises and plans the customer heard of."""

    decline_count: int = 0
    debt_action_count: int = 0


def in_call(ledger: Ledger, customer_id: str, call_id: str) -> InCall:
    """Of each suggestion of each decision in the call the events are counted once; no call, nothing happened."""
    if not call_id:
        return InCall()
    with ledger.reading() as connection:
        rows = _TOLD.rows(connection, {"customer": customer_id, "call": call_id})
    declined = {(row.decision_id, row.offer_id) for row in rows if row.outcome == "declined"}
    heard = {row.offer_id for row in rows if row.outcome in HEARD and group_of_action(row.offer_id) is not None}
    return InCall(len(declined), len(heard))
