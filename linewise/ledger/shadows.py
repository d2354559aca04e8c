"""What challengers would have said of live calls: written beside the decision, shown to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from linewise.core.clock import as_utc
from linewise.ledger.insert_once import insert_once
from linewise.ledger.model_findings import Subject
from linewise.ledger.model_tables import shadow_scores
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["Shadow", "ordered_decisions", "shadowed_days", "shadows_of", "write_shadow"]


@dataclass(frozen=True, slots=True)
class Shadow:
    """One decision as it was made and as it would have been with a challenger in the place of its champion.

    pd: of default within twelve months on the line in force; take_up: of the primary offer as it was shown. Both None
    where neither was asked. offer: the primary one, empty where none was shown; limit_amt: as suggested, minor units.
    """

    decision_id: str
    customer_id: str
    subject: Subject
    decided_at: datetime
    champion_pd: float | None
    challenger_pd: float | None
    champion_take_up: float | None
    challenger_take_up: float | None
    champion_offer: str
    challenger_offer: str
    champion_limit_amt: int
    challenger_limit_amt: int


FIGURES = tuple(name for name in Shadow.__slots__ if name.startswith("ch"))


def write_shadow(ledger: Ledger, shadow: Shadow) -> bool:
    """Write it, once a decision and challenger; whether it was written."""
    values: dict[str, Any] = {name: getattr(shadow, name) for name in ("decision_id", "customer_id", *FIGURES)}
    values |= {
        "model": shadow.subject.model,
        "version": shadow.subject.version,
        "artefact_sha256": shadow.subject.artefact_sha256,
        "decided_at": as_utc(shadow.decided_at).replace(tzinfo=None),
    }
    with ledger.writing() as connection:
        return insert_once(connection, shadow_scores, values)


def shadows_of(ledger: Ledger, subject: Subject) -> Sequence[Shadow]:
    """Everything that this challenger would have said, in the order of the decisions."""
    query = select(shadow_scores).where(*_of(subject)).order_by(shadow_scores.c.decided_at, shadow_scores.c.sequence)
    with ledger.engine.connect() as connection:
        return [_shadow(row) for row in connection.execute(query)]


def shadowed_days(ledger: Ledger, subject: Subject) -> int:
    """On how many days (UTC) this challenger has scored live calls."""
    query = select(func.count(func.distinct(func.date(shadow_scores.c.decided_at)))).where(*_of(subject))
    with ledger.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def ordered_decisions(ledger: Ledger, subject: Subject) -> frozenset[tuple[str, str]]:
    """Of the decisions that this challenger scored, which offer was ordered: (decision_id, offer_id)."""
    query = (
        select(outcomes.c.decision_id, outcomes.c.offer_id)
        .join(shadow_scores, shadow_scores.c.decision_id == outcomes.c.decision_id)
        .where(outcomes.c.outcome == "ordered", *_of(subject))
    )
    with ledger.engine.connect() as connection:
        return frozenset((row.decision_id, row.offer_id) for row in connection.execute(query))


def _of(subject: Subject) -> list[Any]:
    columns = shadow_scores.c
    return [columns.model == subject.model, columns.artefact_sha256 == subject.artefact_sha256]


def _shadow(row: Row[Any]) -> Shadow:
    return Shadow(
        decision_id=row.decision_id,
        customer_id=row.customer_id,
        subject=Subject(row.model, row.version, row.artefact_sha256),
        decided_at=as_utc(row.decided_at),
        **{name: getattr(row, name) for name in FIGURES},
    )
