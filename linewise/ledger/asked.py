"""Evidence that a customer asked: a rule that exempts what the customer wants is not opened by a claim alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from linewise.core.actions import TEMPORARY_LIMIT, temporary_days_of
from linewise.core.clock import as_utc
from linewise.core.errors import UsageError
from linewise.ledger.asked_tables import asked
from linewise.ledger.store import Ledger

__all__ = ["ACTS", "ASKED_FOR", "MOST_ASKED_AMT", "Asked", "asked_in", "enforce_evidence", "insert_asked"]

ASKED_FOR = ("offer", "limit", "plan")

MOST_ASKED_AMT = 10**12
"""Minor units: nobody is lent more, in whatever currency; what is above is a slip of the hand."""

ACTS = ("call", "recording", "app", "web", "branch", "letter")
"""By which act a customer may ask; each names where it is kept (`reference`)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer asked for, and where the act of asking is kept.

    what: offer, limit or plan; action_id: the offer asked for, empty for any, and of a limit empty or
    TEMPORARY-30 for one of thirty days; amount_amt: minor units, None where none was named; act and
    reference: the call or its recording, the session of the app, the form signed in the branch.
    """

    what: str
    act: str
    reference: str
    asked_at: datetime
    amount_amt: int | None = None
    action_id: str = ""


def enforce_evidence(claim: Asked, now: datetime) -> None:
    """Raise UsageError, naming what is missing, where this does not show that the customer asked."""
    for given, allowed, name in ((claim.what, ASKED_FOR, "asks for"), (claim.act, ACTS, "asked by")):
        if given not in allowed:
            raise UsageError(f"The customer {name} {given!r}.", f"One of {', '.join(allowed)} was expected.")
    if not claim.reference.strip():
        raise UsageError(
            "The customer is said to have asked, and nothing shows it.",
            "The number of the call or recording, the session of the app or the signed form was expected.",
            "Without it, ask for a decision that the bank proposes.",
        )
    _enforce_amount(claim)
    _enforce_kind(claim)
    if as_utc(claim.asked_at) > as_utc(now):
        raise UsageError(f"The customer asks at {claim.asked_at.isoformat()}, which is yet to come.")


def _enforce_amount(claim: Asked) -> None:
    amount = claim.amount_amt
    if amount is not None and amount <= 0:
        raise UsageError(f"The customer asks for {amount} minor units.", "More than nothing was expected.")
    if amount is not None and amount > MOST_ASKED_AMT:
        raise UsageError(
            f"The customer asks for {amount} minor units.",
            f"At most {MOST_ASKED_AMT} were expected: no line of credit is as high as that.",
            "Ask the customer for the amount again; it is given in minor units, such as cents.",
        )


def _enforce_kind(claim: Asked) -> None:
    if claim.what != "limit" or not claim.action_id:
        return
    days = temporary_days_of(claim.action_id)
    if not days:
        raise UsageError(
            f"The customer asks for a limit {claim.action_id!r}.",
            f"Nothing was expected there, or {TEMPORARY_LIMIT}-30 for a limit of thirty days.",
        )
    if claim.amount_amt is None:
        raise UsageError("A temporary limit is asked for without an amount.", "The whole limit was expected.")


def insert_asked(connection: Connection, decision_id: str, customer_id: str, claim: Asked) -> None:
    """Keep the evidence beside its decision, inside the transaction of the record."""
    values = {name: getattr(claim, name) for name in Asked.__slots__}
    values["asked_at"] = as_utc(claim.asked_at).replace(tzinfo=None)
    connection.execute(insert(asked).values(decision_id=decision_id, customer_id=customer_id, **values))


def asked_in(ledger: Ledger, decision_id: str) -> Asked | None:
    """What the customer asked for in a decision, or None where the bank proposed."""
    with ledger.engine.connect() as connection:
        row = connection.execute(select(asked).where(asked.c.decision_id == decision_id)).one_or_none()
    if row is None:
        return None
    return Asked(row.what, row.act, row.reference, as_utc(row.asked_at), row.amount_amt, row.action_id)
