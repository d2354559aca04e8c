"""Which release made which decision: the plain columns of the record, readable after an erasure too."""

from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from linewise.core.errors import UnknownDecision
from linewise.ledger.decision_tables import decisions
from linewise.ledger.store import Ledger

__all__ = ["Made", "made_by", "who_made"]


@dataclass(frozen=True, slots=True)
class Made:
    """A decision and the release that made it."""

    decision_id: str
    release_id: str


def who_made(ledger: Ledger, decision_id: str) -> Made:
    """The release of one decision; raises UnknownDecision."""
    query = select(decisions.c.release_id).where(decisions.c.decision_id == decision_id)
    with ledger.engine.connect() as connection:
        release_id = connection.execute(query).scalar_one_or_none()
    if release_id is None:
        raise UnknownDecision(decision_id)
    return Made(decision_id, release_id)


def made_by(ledger: Ledger, release_id: str | None = None, sample: int | None = None) -> list[Made]:
    """All decisions, or those of one release, in the order of their time.

    `sample` draws so many of them, the same ones each time.
    """
    query = select(decisions.c.decision_id, decisions.c.release_id)
    query = query.order_by(decisions.c.decided_at, decisions.c.decision_id)
    if release_id is not None:
        query = query.where(decisions.c.release_id == release_id)
    with ledger.engine.connect() as connection:
        found = [Made(row.decision_id, row.release_id) for row in connection.execute(query)]
    if sample is None or sample >= len(found):
        return found
    drawn = set(Random(0).sample(range(len(found)), sample))  # noqa: S311  a draw to look at, no secret
    return [one for place, one in enumerate(found) if place in drawn]
