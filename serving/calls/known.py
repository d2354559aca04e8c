"""What is known of a caller before anything is suggested: open cases, last contacts, why they probably call."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from linewise.core.clock import as_utc
from linewise.core.moments import NEVER
from linewise.ledger.call_state import CallState, state_after
from linewise.ledger.calls import calls_of_customer, events_of_calls
from linewise.ledger.store import Ledger
from serving.scoring.facts import BankFacts

__all__ = ["Case", "Contact", "KnownOfCaller", "Probable", "known_of_caller"]

MOST_CONTACTS = 3
MOST_REASONS = 3
LOOKS_BACK = timedelta(days=365)
"""How far back calls say why somebody calls today."""


@dataclass(frozen=True, slots=True)
class Case:
    """A matter that is open: its kind (as the bank's table of cases names it) and since when."""

    kind: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A call that was: when it began, and why, empty where nobody noted it."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Probable:
    """A reason why they probably call, and on what that rests: `menu`, `case` or `calls` (call_count of them)."""

    reason: str
    rests_on: str
    call_count: int = 0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class KnownOfCaller:
    """All three, each empty where nothing is known; the latest come first."""

    cases: Sequence[Case]
    contacts: Sequence[Contact]
    reasons: Sequence[Probable]


REASON_OF_CASE = {
    "complaint": "complaint", "dispute": "bill", "fraud": "card", "lost_card": "card",
    "hardship": "payment_difficulty", "collections": "payment_difficulty",
}  # fmt: skip
"""What people call about while such a case is open."""


def known_of_caller(facts: BankFacts, ledger: Ledger, state: CallState, now: datetime) -> KnownOfCaller:
    """What the bank's tables and the ledger say of who calls; now: by the bank's clock.

    Only what was recorded by then counts, and this call is none of the former ones.
    """
    customer_id = state.call.customer_id
    cases = _open_cases(facts, customer_id, now)
    contacts = sorted(
        [*_calls_of_bank(facts, customer_id, now), *_calls_of_ledger(ledger, state)],
        key=lambda one: one.at,
        reverse=True,
    )
    recent = [one for one in contacts if one.at > as_utc(now) - LOOKS_BACK]
    return KnownOfCaller(cases, contacts[:MOST_CONTACTS], _probable(state, cases, recent))


def _moment(moment_us: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment_us))


def _open_cases(facts: BankFacts, customer_id: str, now: datetime) -> list[Case]:
    if customer_id not in facts.roster:
        return []
    place = facts.roster.places_of([customer_id])
    at = facts.roster.moments(place, now)
    rows = facts.tables["cases"].rows_of(place).known(at)
    closed = rows["closed_at"]
    rows = rows.only((closed == NEVER) | (closed > at[rows.owner]))
    names = rows.table.names_of("kind") if len(rows.owner) else ()
    found = zip(rows["kind"].tolist(), rows["opened_at"].tolist(), strict=True)
    return sorted(
        (Case(names[kind], _moment(opened)) for kind, opened in found if kind >= 0),
        key=lambda one: one.opened_at,
        reverse=True,
    )


def _calls_of_bank(facts: BankFacts, customer_id: str, now: datetime) -> list[Contact]:
    if customer_id not in facts.roster:
        return []
    place = facts.roster.places_of([customer_id])
    rows = facts.tables["calls"].rows_of(place).known(facts.roster.moments(place, now))
    if not len(rows.owner):
        return []
    names, latest = rows.table.names_of("reason"), np.argsort(rows["started_at"])[::-1]
    found = zip(rows["started_at"][latest].tolist(), rows["reason"][latest].tolist(), strict=True)
    return [Contact(_moment(at), names[code] if code >= 0 else "") for at, code in found]


def _calls_of_ledger(ledger: Ledger, state: CallState) -> list[Contact]:
    before = [one for one in calls_of_customer(ledger, state.call.customer_id) if one.call_id != state.call.call_id]
    told = events_of_calls(ledger, [one.call_id for one in before])
    return [Contact(as_utc(one.rang_at), state_after(one, told.get(one.call_id, ())).reason or "") for one in before]


def _probable(state: CallState, cases: Sequence[Case], contacts: Sequence[Contact]) -> list[Probable]:
    """What was heard today first, then what is open, then what they called about before, the most often first."""
    found: dict[str, Probable] = {}
    if state.reason:
        found[state.reason] = Probable(state.reason, "menu", confidence=state.reason_confidence)
    for case in cases:
        reason = REASON_OF_CASE.get(case.kind)
        if reason:
            found.setdefault(reason, Probable(reason, "case"))
    for reason, count in Counter(one.reason for one in contacts if one.reason).most_common():
        found.setdefault(reason, Probable(reason, "calls", count))
    return list(found.values())[:MOST_REASONS]
