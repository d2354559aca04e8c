"""Tying what the core system did to what was decided, quoted and agreed to; and listing what cannot be tied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linewise.core.errors import UnknownQuote
from linewise.ledger.bookings import Booking, bookings_by_reference, bookings_since
from linewise.ledger.outcomes import outcomes_within
from linewise.ledger.own_acts import agreed_act_of
from linewise.ledger.places import is_decision
from linewise.ledger.quote_tables import STANDING
from linewise.ledger.quotes import Quote, quotes_of_decision, read_quote
from linewise.ledger.store import Ledger
from linewise.ledger.within import Transaction
from serving.portfolio.core_changes import Change, Consent

__all__ = ["REASONS", "Reconciled", "Reconciliation", "reconcile"]

REASONS: Mapping[str, str] = {
    "no_decision": "the core system names no decision of ours, and no booking was told under its reference",
    "decision_unknown": "the decision that it names is not in the record",
    "no_quote": "its decision quoted nothing of the kind",
    "other_customer": "the quote is another customer's",
    "other_amount": "the quote stands for another amount",
    "past_its_date": "it took effect after the quote's date",
    "quote_ended": "the quote was withdrawn, declined, replaced or its booking taken back",
    "not_booked": "the booking was never told to the ledger",
    "no_consent": "neither a consent by the customer's own act nor an answer of theirs stands for it",
    "not_reported": "the ledger has a booking that the core system does not report",
}
"""Why something cannot be tied."""

PURPOSES: Mapping[str, frozenset[str]] = {
    "limit": frozenset({"limit_increase"}),
    "plan": frozenset({"instalment", "loan_contract", "art70_terms"}),
}
"""The purposes of consent that stand for a change."""

OWN_ACTS = frozenset({"ordered", "activated"})
"""Answers by which a customer agreed themselves; what an agent says that they accepted or consented to is none."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One change of the core system, or a booking that it does not report, and what stands for it.

    reasons: codes of REASONS; empty where decision, quote and consent are all there. consent: the consent's id, or
    the outcome's; empty where none was needed.
    """

    kind: str
    reference: str
    customer_id: str
    at: datetime
    amount_amt: int
    decision_id: str = ""
    quote_id: str = ""
    consent: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All changes since a moment."""

    since: datetime
    until: datetime
    rows: Sequence[Reconciled] = field(default_factory=list)

    @property
    def untied(self) -> list[Reconciled]:
        """Those for which something is missing."""
        return [one for one in self.rows if one.reasons]


def reconcile(
    changes: Sequence[Change],
    consents: Mapping[str, Sequence[Consent]],
    ledger: Ledger,
    since: datetime,
    until: datetime,
) -> Reconciliation:
    """Hold every change of a limit or plan that came to stand in the bank's books against the ledger.

    changes: those between the two moments; consents: by customer. A change is found by the reference under which its
    booking was told, or by the quote or decision that the core system names.
    """
    with ledger.engine.connect() as connection:
        bookings = bookings_by_reference(connection, [one.change_id for one in changes])
        rows = [
            _tied(connection, one, bookings.get(one.change_id), consents.get(one.customer_id, ())) for one in changes
        ]
        reported = {one.change_id for one in changes} | {one.quote_id for one in rows if one.quote_id}
        rows += [
            Reconciled(
                one.kind, one.core_reference, one.customer_id, one.booked_at, one.amount_amt,
                quote_id=one.quote_id, reasons=("not_reported",),
            )
            for one in bookings_since(connection, since)
            if one.kind != "offer" and not {one.core_reference, one.quote_id} & reported and one.booked_at <= until
        ]  # fmt: skip
    return Reconciliation(since, until, rows)


def _tied(connection: Transaction, change: Change, booking: Booking | None, consents: Sequence[Consent]) -> Reconciled:
    quote, reasons = _quote_behind(connection, change, booking)
    decision_id = quote.decision_id if quote else change.names if "no_quote" in reasons else ""
    if quote is not None:
        reasons += _against(change, quote, booking)
        if not is_decision(connection, quote.decision_id):
            reasons.append("decision_unknown")
    consent = _consent(connection, change, quote, consents)
    if change.lends_more and not consent:
        reasons.append("no_consent")
    return Reconciled(
        change.kind,
        change.change_id,
        change.customer_id,
        change.at,
        change.amount_amt,
        decision_id,
        quote.quote_id if quote else "",
        consent,
        tuple(reasons),
    )


def _quote_behind(connection: Transaction, change: Change, booking: Booking | None) -> tuple[Quote | None, list[str]]:
    if booking is not None:
        return read_quote(connection, booking.quote_id), []
    if not change.names:
        return None, ["no_decision"]
    try:
        return read_quote(connection, change.names), []
    except UnknownQuote:
        pass
    of_kind = [one for one in quotes_of_decision(connection, change.names) if one.kind == change.kind]
    if of_kind:
        same = [one for one in of_kind if one.amount_amt == change.amount_amt]
        return (same or of_kind)[-1], []
    # The core system's own codes ("rule", "request") stand here too: they name nothing of ours.
    return None, ["no_quote" if is_decision(connection, change.names) else "no_decision"]


def _against(change: Change, quote: Quote, booking: Booking | None) -> list[str]:
    found = []
    if quote.customer_id != change.customer_id:
        found.append("other_customer")
    if quote.amount_amt != change.amount_amt:
        found.append("other_amount")
    if quote.status in {"withdrawn", "declined", "replaced", "cancelled"}:
        found.append("quote_ended")
    elif booking is None and quote.status != "booked":
        found.append("not_booked")
        if change.at > quote.valid_until or quote.status != STANDING:
            found.append("past_its_date")
    return found


def _consent(connection: Transaction, change: Change, quote: Quote | None, consents: Sequence[Consent]) -> str:
    """The customer's own act behind a change: an answer to the quoted action, else a consent that stood then."""
    if quote is not None:
        act = agreed_act_of(connection, quote.quote_id)
        if act is not None:
            return f"outcome {act.outcome_id}"
        for told in reversed(_answers(connection, quote)):
            return f"outcome {told['outcome_id']}"
    standing = [
        one
        for one in consents
        if one.purpose in PURPOSES[change.kind]
        and one.given_at <= max(change.at, change.recorded_at)
        and (one.withdrawn_at is None or one.withdrawn_at > change.at)
    ]
    return f"consent {max(standing, key=lambda one: one.given_at).consent_id}" if standing else ""


def _answers(connection: Transaction, quote: Quote) -> list[dict[str, Any]]:
    told = outcomes_within(connection, quote.decision_id)
    return [dict(one) for one in told if one["offer_id"] == quote.answered_as and one["outcome"] in OWN_ACTS]
