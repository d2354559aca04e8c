"""Customers' own acts: an order of a limit or a plan waits for one, and it is done once, by the customer alone."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, insert, select, update

from linewise.core.errors import NotFound
from linewise.ledger.own_act_tables import own_acts

__all__ = [
    "ENDINGS",
    "LONGEST_AWAITED",
    "WAYS",
    "Ending",
    "OwnAct",
    "State",
    "Way",
    "acts_of_call",
    "acts_of_decision",
    "agreed_act_of",
    "choose_terms",
    "end_act",
    "find_act",
    "hash_of_token",
    "is_agreed",
    "new_token",
    "note_seen",
    "open_act",
    "read_act",
    "state_of",
    "write_act",
]

LONGEST_AWAITED = timedelta(hours=24)
"""So long a link holds at the most, and never past the date of its quote."""

TOKEN_BYTES = 32

Ending = Literal["agreed", "refused", "expired", "taken_back", "replaced"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)
"""agreed, refused: the customer's act. expired: too late. taken_back: another answer was told meanwhile. replaced: by
a newer link for the same."""

State = Literal["awaiting_customer", "agreed", "refused", "expired", "taken_back", "replaced"]

Way = Literal["page", "code", "app", "web", "branch", "letter"]
WAYS: tuple[Way, ...] = get_args(Way)
"""How the customer acted: on the page of the link, by a code read back, or elsewhere, as the bank's system says."""


@dataclass(frozen=True, slots=True)
class OwnAct:
    """What waits for a customer, or how it ended.

    terms_hash: of customer, quote and all terms that the customer is asked to agree to, or chose and agreed to.
    opened_at, valid_until, ended_at: by the bank's clock; recorded_at, seen_at (when the page was first opened): by the
    wall's. way: how the customer acted; reference: what shows it, where it was not here. token_hash: nothing where
    there is no link.
    """

    act_id: str
    customer_id: str
    decision_id: str
    action_id: str
    quote_id: str
    terms_hash: str
    opened_at: datetime
    valid_until: datetime
    recorded_at: datetime
    call_id: str = ""
    agent_id: str = ""
    language: str = ""
    token_hash: str | None = None
    seen_at: datetime | None = None
    ended_as: str = ""
    ended_at: datetime | None = None
    way: str = ""
    reference: str = ""
    outcome_id: str = ""

    @property
    def life(self) -> timedelta:
        """For how long it may be done."""
        return self.valid_until - self.opened_at


def new_token() -> str:
    """What a link is known by: 256 random bits, kept nowhere as they are."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of_token(token: str) -> str:
    """What stands for a token; it is random enough to need no slower hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def state_of(act: OwnAct, now: datetime, wall: datetime) -> State:
    """How it stands; now: by the bank's clock, which may stand still; wall: by the wall clock, which does not."""
    if act.ended_as:
        return act.ended_as  # type: ignore[return-value]  # only endings are written
    is_over = now > act.valid_until or wall - act.recorded_at > act.life
    return "expired" if is_over else "awaiting_customer"


def write_act(connection: Connection, act: OwnAct) -> None:
    """Write an act inside a transaction that holds the right to write; one that still waits for the same ends."""
    standing = open_act(connection, act.decision_id, act.action_id)
    if standing is not None:
        is_late = state_of(standing, act.opened_at, act.recorded_at) == "expired"
        end_act(connection, standing, "expired" if is_late else "replaced", act.opened_at)
    connection.execute(insert(own_acts).values(**{name: getattr(act, name) for name in OwnAct.__slots__}))


def end_act(
    connection: Connection,
    act: OwnAct,
    how: Ending,
    at: datetime,
    *,
    way: str = "",
    reference: str = "",
    outcome_id: str = "",
) -> bool:
    """End an act inside a transaction; False where it had ended before, in another tab, twice clicked or otherwise."""
    waits = update(own_acts).where(own_acts.c.act_id == act.act_id, own_acts.c.ended_as == "")
    ended = {"ended_as": how, "ended_at": at, "way": way, "reference": reference, "outcome_id": outcome_id}
    return bool(connection.execute(waits.values(**ended)).rowcount)


def choose_terms(connection: Connection, act: OwnAct, terms_hash: str) -> None:
    """Bind an act that waits to other terms than it was opened for: those that the customer chose and agrees to."""
    waits = update(own_acts).where(own_acts.c.act_id == act.act_id, own_acts.c.ended_as == "")
    connection.execute(waits.values(terms_hash=terms_hash))


def note_seen(connection: Connection, act: OwnAct, wall: datetime) -> bool:
    """Note that the customer opened the page; whether it was for the first time."""
    unseen = update(own_acts).where(own_acts.c.act_id == act.act_id, own_acts.c.seen_at.is_(None))
    return bool(connection.execute(unseen.values(seen_at=wall)).rowcount)


def find_act(connection: Connection, token: str) -> OwnAct | None:
    """The act that a link leads to; None for a link that nobody gave, or of a customer who was erased."""
    return next(iter(_found(connection, own_acts.c.token_hash == hash_of_token(token))), None)


def read_act(connection: Connection, act_id: str) -> OwnAct:
    """An act by its id; raises NotFound."""
    found = _found(connection, own_acts.c.act_id == act_id)
    if not found:
        raise NotFound(f"There is no act {act_id!r} of a customer.", "One that was opened was expected.")
    return found[0]


def open_act(connection: Connection, decision_id: str, action_id: str) -> OwnAct | None:
    """The act of an action of a decision that has not ended; it may be past its time."""
    of_action = (own_acts.c.decision_id == decision_id, own_acts.c.action_id == action_id, own_acts.c.ended_as == "")
    return next(iter(_found(connection, *of_action)), None)


def is_agreed(connection: Connection, decision_id: str, action_id: str) -> bool:
    """Whether the customer agreed to an action of a decision by an act of their own."""
    of_action = (own_acts.c.decision_id == decision_id, own_acts.c.action_id == action_id)
    return bool(_found(connection, *of_action, own_acts.c.ended_as == "agreed"))


def acts_of_call(connection: Connection, call_id: str) -> Sequence[OwnAct]:
    """The acts that were opened in a call, in their order."""
    return _found(connection, own_acts.c.call_id == call_id) if call_id else []


def acts_of_decision(connection: Connection, decision_id: str) -> Sequence[OwnAct]:
    """The acts upon a decision, in their order."""
    return _found(connection, own_acts.c.decision_id == decision_id)


def agreed_act_of(connection: Connection, quote_id: str) -> OwnAct | None:
    """The act by which the customer agreed to a quote, in whichever decision they met it; None where there is none."""
    agreed = _found(connection, own_acts.c.quote_id == quote_id, own_acts.c.ended_as == "agreed")
    return agreed[-1] if agreed else None


def _found(connection: Connection, *where: Any) -> Sequence[OwnAct]:
    query = select(own_acts).where(*where).order_by(own_acts.c.recorded_at, own_acts.c.act_id)
    return [_act(row) for row in connection.execute(query)]


def _act(row: Row[Any]) -> OwnAct:
    return OwnAct(**{name: getattr(row, name) for name in OwnAct.__slots__})
