"""Which release made which decision: the plain columns of the record, readable after an erasure too."""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from linewise.core.errors import UnknownDecision
from linewise.ledger.decision_tables import decisions
from linewise.ledger.duty_tables import duties
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["Made", "answers_given", "duties_opened", "made_by", "who_made"]


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


def answers_given(ledger: Ledger, release_id: str) -> dict[str, list[str]]:
    """What became of the decisions of a release: by decision the last outcome of each action, in any order."""
    query = (
        select(outcomes.c.decision_id, outcomes.c.offer_id, outcomes.c.outcome)
        .join(decisions, decisions.c.decision_id == outcomes.c.decision_id)
        .where(decisions.c.release_id == release_id)
        .order_by(outcomes.c.sequence)
    )
    with ledger.engine.connect() as connection:
        last = {(row.decision_id, row.offer_id): row.outcome for row in connection.execute(query)}
    found: dict[str, list[str]] = defaultdict(list)
    for (decision_id, _), outcome in last.items():
        found[decision_id].append(outcome)
    return dict(found)


def duties_opened(ledger: Ledger, release_id: str) -> dict[str, list[str]]:
    """The effects of the duties that the decisions of a release opened, by decision."""
    query = (
        select(duties.c.decision_id, duties.c.effect)
        .join(decisions, decisions.c.decision_id == duties.c.decision_id)
        .where(decisions.c.release_id == release_id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    with ledger.engine.connect() as connection:
        for row in connection.execute(query):
            found[row.decision_id].append(row.effect)
    return dict(found)
