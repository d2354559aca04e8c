"""What customers were told and what they answered, in all channels: the one history that contact policy counts."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from sqlalchemy import Row, bindparam, select

from linewise.core.clock import as_utc
from linewise.ledger.campaign_contacts import Claim, claims_of
from linewise.ledger.events import ALREADY_HAS, ANSWERS, DO_NOT_CONTACT, HEARD, POSTPONED_TWICE
from linewise.ledger.look_up import LookUp
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["POSTPONED_REST_DAYS", "Contact", "contacts_of"]

_TOLD = LookUp(
    select(outcomes).where(outcomes.c.occurred_at <= bindparam("latest")).order_by(outcomes.c.sequence),
    outcomes.c.customer_id,
)

SPOKEN_CHANNELS = frozenset({"voice", "branch"})
"""Where a person speaks: what stands on the agent's screen has not reached the customer yet."""

POSTPONED_REST_DAYS = 7
"""How long an offer rests after a "not now" without a date (our default)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing that happened between the bank and a customer about an offer, the limit or a plan.

    kind: `impression` the customer heard or saw it, once a decision and offer, at the first sign of it;
    `accepted`, `postponed`, `declined` the customer's standing answer to that decision. A second `postponed`
    to the same offer, without an answer of another kind between, is `declined` for `postponed_twice`.
    `not_before` is the day that the customer named, where one was.
    """

    customer_id: str
    decision_id: str
    offer_id: str
    offer_group: str
    channel: str
    kind: Literal["impression", "accepted", "postponed", "declined"]
    reason_code: str
    occurred_at: datetime
    not_before: date | None = None

    @property
    def refuses_all(self) -> bool:
        """Whether the customer wants no offer at all any more."""
        return self.kind == "declined" and self.reason_code == DO_NOT_CONTACT

    @property
    def holds_until_change(self) -> bool:
        """Whether the customer said to have it already: it rests until what the customer holds changes."""
        return self.kind == "declined" and self.reason_code == ALREADY_HAS

    def rests_until(self, zone: tzinfo = UTC, rest_days: int = POSTPONED_REST_DAYS) -> datetime:
        """Until when a postponed offer rests: the start, in the customer's zone, of the day named, else some days."""
        if self.not_before is None:
            return self.occurred_at + timedelta(days=rest_days)
        return datetime.combine(self.not_before, time(), zone).astimezone(UTC)


def contacts_of(ledger: Ledger, customer_ids: Iterable[str], until: datetime) -> list[Contact]:
    """What happened between the bank and these customers up to that moment, in any channel, as it was recorded.

    Of several answers to one offer of one decision the last one counts; `not_pitched` is the agent's, and
    leaves neither an answer nor an impression. What a campaign claimed is an impression from the claim on: at the
    moment itself while it may still be sent, then when its sending began. The bank's own tables of exposures and
    outcomes are not in it.
    """
    wanted = list(customer_ids)
    with ledger.reading() as connection:
        rows = _TOLD.rows(connection, wanted, latest=as_utc(until).replace(tzinfo=None))
    told = list(_told(rows))
    known = {(one.decision_id, one.offer_id) for one in told}
    known |= {(row.decision_id, row.offer_id) for row in rows if row.outcome == "not_pitched"}
    return [*told, *_claimed(claims_of(ledger, wanted, until), known, as_utc(until))]


def _claimed(claims: Iterable[Claim], known: Set[tuple[str, str]], until: datetime) -> Iterator[Contact]:
    """The claims of which nothing was told yet: they count all the same, so that nobody is tired by a gap in that."""
    for one in claims:
        if (one.decision_id, one.offer_id) not in known:
            at = min(as_utc(one.not_before), until)
            yield Contact(
                one.customer_id, one.decision_id, one.offer_id, one.offer_group, one.channel, "impression", "", at
            )


def _told(rows: Sequence[Row[Any]]) -> Iterator[Contact]:
    last: dict[tuple[str, str], Row[Any]] = {}
    first_heard: dict[tuple[str, str], Row[Any]] = {}
    for row in rows:
        pair = (row.decision_id, row.offer_id)
        if row.outcome in ANSWERS:
            # Taken out first, so that the pairs stand in the order of their standing answers.
            last.pop(pair, None)
            last[pair] = row
        if row.outcome in HEARD or (row.outcome == "shown" and row.channel not in SPOKEN_CHANNELS):
            first_heard.setdefault(pair, row)
    for pair, row in first_heard.items():
        if pair not in last or last[pair].outcome != "not_pitched":
            yield _contact(row, "impression", "")
    yield from _answers(last.values())


def _answers(rows: Iterable[Row[Any]]) -> Iterator[Contact]:
    is_postponed: dict[tuple[str, str], bool] = {}
    for row in rows:
        offer = (row.customer_id, row.offer_id)
        if row.outcome == "not_pitched":
            continue
        if row.outcome == "postponed" and is_postponed.get(offer):
            is_postponed[offer] = False
            yield _contact(row, "declined", POSTPONED_TWICE)
            continue
        is_postponed[offer] = row.outcome == "postponed"
        yield _contact(row, "accepted" if row.outcome == "ordered" else row.outcome, row.reason_code)


def _contact(row: Row[Any], kind: Any, reason_code: str) -> Contact:
    return Contact(
        customer_id=row.customer_id,
        decision_id=row.decision_id,
        offer_id=row.offer_id,
        offer_group=row.offer_group,
        channel=row.channel,
        kind=kind,
        reason_code=reason_code,
        occurred_at=as_utc(row.occurred_at),
        not_before=row.not_before if kind == "postponed" else None,
    )
