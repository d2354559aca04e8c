"""Bookings: the core system did what was quoted, once, for that amount, by its date; told again, nothing changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from linewise.core.actions import LIMIT_ACTION
from linewise.core.clock import as_utc
from linewise.core.errors import Conflict, QuoteEnded, UsageError
from linewise.ledger.booking_tables import bookings, cancelled_bookings
from linewise.ledger.funding import MOST_AMT
from linewise.ledger.insert_once import insert_once
from linewise.ledger.look_up import LOOKUP_CHUNK, LookUp
from linewise.ledger.own_acts import agreed_act_of
from linewise.ledger.pots import consume, give_back, reserve
from linewise.ledger.quote_tables import STANDING, quotes
from linewise.ledger.quotes import Quote, end_quote, read_quote, take_less, uses_of
from linewise.ledger.said import enforce_said

__all__ = [
    "Booking",
    "book",
    "booked_limits",
    "bookings_after",
    "bookings_by_reference",
    "bookings_since",
    "cancel_booking",
]


@dataclass(frozen=True, slots=True)
class Booking:
    """What the core system did upon a quote, under its own reference; amounts in minor units."""

    quote_id: str
    customer_id: str
    core_reference: str
    kind: str
    amount_amt: int
    exposure_amt: int
    booked_at: datetime
    recorded_at: datetime


def book(
    connection: Connection, quote_id: str, amount_amt: int, booked_at: datetime, core_reference: str, now: datetime
) -> tuple[Booking, bool]:
    """Write down that the core system booked a quote, and spend what it had reserved; gives whether it is new.

    Inside a transaction that holds the right to write. booked_at: when it was booked, which must be within the
    quote's date; it may be told later, then what was given back meanwhile is taken again. Sent again under the same
    reference it changes nothing. Raises UsageError for an impossible amount, date or reference; UnknownQuote;
    QuoteEnded where the quote was booked under another reference, is past its date, or was withdrawn; Conflict for
    another amount than was quoted, and where the reference stands for something else; BudgetSpent where it was given
    back and its budget has nothing left. Of a limit less than was quoted may be booked, unless the customer agreed to
    an amount here: what is not taken of the budgets is given back.
    """
    _enforce_possible(amount_amt, booked_at, core_reference, now)
    quote = read_quote(connection, quote_id, for_update=True)
    before = _by_reference(connection, core_reference)
    if before is not None:
        return _enforce_same(before, quote_id, amount_amt), False
    _enforce_open(connection, quote, booked_at)
    if _may_be_less(connection, quote, amount_amt):
        quote = take_less(connection, quote, amount_amt)
    if amount_amt != quote.amount_amt:
        raise Conflict(
            f"{amount_amt} minor units were booked upon the quote {quote_id}, which stands for {quote.amount_amt}.",
            "The amount that was quoted was expected.",
            "Ask for a decision on the other amount, and book its quote.",
        )
    uses = uses_of(connection, quote_id)
    if quote.status != STANDING:
        reserve(connection, quote.pot, uses)
    consume(connection, quote.pot, uses)
    taken = update(quotes).where(quotes.c.quote_id == quote_id)
    connection.execute(taken.values(status="booked", ended_at=booked_at))
    made = Booking(
        quote_id, quote.customer_id, core_reference.strip(), quote.kind, amount_amt,
        int(quote.terms.get("exposure_amt", 0)), as_utc(booked_at), as_utc(now),
    )  # fmt: skip
    insert_once(connection, bookings, {name: getattr(made, name) for name in Booking.__slots__})
    if quote.kind == "plan":
        _replace_others(connection, quote, now)
    return made, True


def cancel_booking(connection: Connection, quote_id: str, reason: str, at: datetime) -> bool:
    """Take a booking back, in the cooling-off period or by mistake: what it spent is free again.

    False where it was taken back before. Raises UnknownQuote, and Conflict where it was never booked.
    """
    enforce_said(reason=reason)
    quote = read_quote(connection, quote_id, for_update=True)
    if quote.status not in {"booked", "cancelled"}:
        raise Conflict(f"The quote {quote_id} was not booked: it is {quote.status}.", "A booked quote was expected.")
    if not insert_once(connection, cancelled_bookings, {"quote_id": quote_id, "reason": reason.strip(), "at": at}):
        return False
    give_back(connection, quote.pot, uses_of(connection, quote_id))
    taken_back = update(quotes).where(quotes.c.quote_id == quote_id)
    connection.execute(taken_back.values(status="cancelled", because=reason.strip()))
    return True


def bookings_since(connection: Connection, since: datetime) -> list[Booking]:
    """What was booked from that moment on, in the order in which it was told; without what was taken back."""
    query = _standing().where(bookings.c.booked_at >= since)
    return [_booking(row) for row in connection.execute(query.order_by(bookings.c.sequence))]


def bookings_after(connection: Connection, sequence: int, kind: str) -> list[Booking]:
    """The bookings of a kind that came after that one; without what was taken back."""
    query = _standing().where(bookings.c.sequence > sequence, bookings.c.kind == kind)
    return [_booking(row) for row in connection.execute(query.order_by(bookings.c.sequence))]


def bookings_by_reference(connection: Connection, references: Sequence[str]) -> dict[str, Booking]:
    """The bookings under these references of the core system, by reference."""
    found: dict[str, Booking] = {}
    for start in range(0, len(references), LOOKUP_CHUNK):
        chunk = references[start : start + LOOKUP_CHUNK]
        query = select(bookings).where(bookings.c.core_reference.in_(chunk))
        found |= {row.core_reference: _booking(row) for row in connection.execute(query)}
    return found


def booked_limits(connection: Connection, customer_ids: Iterable[str], since: datetime) -> dict[str, Booking]:
    """The latest booked limit of each of these customers from that moment on; without what was taken back.

    A limit for some days is none of them: the line stays as it was.
    """
    found = _LIMITS_OF.rows(connection, list(customer_ids), since=since)
    return {row.customer_id: _booking(row) for row in found}


def _standing() -> Any:
    is_cancelled = select(cancelled_bookings.c.quote_id).where(cancelled_bookings.c.quote_id == bookings.c.quote_id)
    return select(bookings).where(~is_cancelled.exists())


_LIMITS_OF = LookUp(
    _standing()
    .join(quotes, quotes.c.quote_id == bookings.c.quote_id)
    .where(quotes.c.slot == LIMIT_ACTION, bookings.c.booked_at >= bindparam("since"))
    .order_by(bookings.c.sequence),
    bookings.c.customer_id,
)


def _booking(row: Row[Any]) -> Booking:
    return Booking(**{name: getattr(row, name) for name in Booking.__slots__})


def _enforce_possible(amount_amt: int, booked_at: datetime, core_reference: str, now: datetime) -> None:
    if not 0 < amount_amt <= MOST_AMT:
        raise UsageError(f"{amount_amt} minor units cannot be booked.", f"1 to {MOST_AMT} was expected.")
    if not core_reference.strip() or len(core_reference) > 128:
        raise UsageError(
            f"The booking came under the reference {core_reference!r}.",
            "The core system's own name of it, of 1 to 128 characters, was expected, by which it may be sent again.",
        )
    if as_utc(booked_at) > as_utc(now):
        raise UsageError(
            f"The booking is of {as_utc(booked_at).isoformat()}, which is yet to come.",
            f"A moment up to {as_utc(now).isoformat()} was expected.",
        )


def _by_reference(connection: Connection, core_reference: str) -> Row[Any] | None:
    return connection.execute(select(bookings).where(bookings.c.core_reference == core_reference.strip())).one_or_none()


def _enforce_same(row: Row[Any], quote_id: str, amount_amt: int) -> Booking:
    if (row.quote_id, row.amount_amt) != (quote_id, amount_amt):
        raise Conflict(
            f"The reference {row.core_reference!r} stands for {row.amount_amt} minor units upon the quote "
            f"{row.quote_id}.",
            "The same reference sent again must say the same.",
            "Send another booking under a reference of its own.",
        )
    return _booking(row)


def _enforce_open(connection: Connection, quote: Quote, booked_at: datetime) -> None:
    if quote.status == "booked":
        query = select(bookings.c.core_reference).where(bookings.c.quote_id == quote.quote_id)
        raise QuoteEnded(
            f"The quote {quote.quote_id} was booked as {connection.execute(query).scalar_one()!r}.",
            "A quote is booked once.",
            "Send what is to be booked again under that reference, or ask for a new decision.",
        )
    if quote.status not in {STANDING, "expired"}:
        raise QuoteEnded(
            f"The quote {quote.quote_id} is {quote.status}{_because(quote)}.",
            "A standing quote was expected.",
            "Ask for a new decision.",
        )
    if as_utc(booked_at) > quote.valid_until:
        raise QuoteEnded(
            f"The quote {quote.quote_id} stood until {quote.valid_until.isoformat()}, and was booked at "
            f"{as_utc(booked_at).isoformat()}.",
            "A booking by its date was expected.",
            "Ask for a new decision.",
        )


def _because(quote: Quote) -> str:
    # The rule behind a withdrawal may be one that nobody at a counter may be told of.
    return f": {quote.because}" if quote.because and quote.status != "withdrawn" else ""


def _may_be_less(connection: Connection, quote: Quote, amount_amt: int) -> bool:
    # Of an act elsewhere the amount is not known; of one here the quote stands for what was agreed to.
    if quote.kind != "limit" or not quote.terms.get("current_amt", amount_amt) < amount_amt < quote.amount_amt:
        return False
    act = agreed_act_of(connection, quote.quote_id)
    return act is None or act.way not in {"page", "code"}


def _replace_others(connection: Connection, quote: Quote, at: datetime) -> None:
    # One plan is taken of those that stood side by side; the others are promises no more.
    for other in _standing_beside(connection, quote):
        end_quote(connection, other, "replaced", f"{quote.action_id} was booked", at)


def _standing_beside(connection: Connection, quote: Quote) -> Sequence[Quote]:
    query = select(quotes.c.quote_id).where(
        quotes.c.customer_id == quote.customer_id, quotes.c.kind == quote.kind, quotes.c.status == STANDING
    )
    return [read_quote(connection, one) for one in connection.execute(query).scalars().all()]
