"""Duties that wait: owed before an order, of actions that nobody has taken yet."""

from collections.abc import Iterable

from sqlalchemy import select

from linewise.ledger.duties import Duty
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["without_waiting"]

TAKEN = ("accepted", "ordered")


def without_waiting(ledger: Ledger, duties: Iterable[Duty]) -> list[Duty]:
    """The duties that somebody has to see to now, in their order.

    A disclosure, a document or a notice that stands in the way of an order is owed once the customer takes the
    action: every suggestion has some, and most suggestions are never taken. A review is owed at once.
    """
    taken = select(outcomes.c.decision_id, outcomes.c.offer_id).where(outcomes.c.outcome.in_(TAKEN))
    with ledger.engine.connect() as connection:
        pairs = {(row.decision_id, row.offer_id) for row in connection.execute(taken)}
    decisions = {decision_id for decision_id, _ in pairs}

    def is_waiting(duty: Duty) -> bool:
        is_taken = (duty.decision_id, duty.action_id) in pairs if duty.action_id else duty.decision_id in decisions
        return duty.is_blocking and duty.effect != "HUMAN_REVIEW" and not is_taken

    return [duty for duty in duties if not is_waiting(duty)]
