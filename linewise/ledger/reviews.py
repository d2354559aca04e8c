"""What a person decided of what a rule sent to a person, within the amounts delegated to the person's role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from linewise.core.clock import as_utc
from linewise.core.errors import ApprovalMissing, UsageError
from linewise.ledger.duties import Duty, end_duty, read_duty
from linewise.ledger.duty_tables import reviews
from linewise.ledger.people import read_people

__all__ = ["Review", "Verdict", "approved_actions", "decide_review"]

Verdict = Literal["approved", "refused"]


@dataclass(frozen=True, slots=True)
class Review:
    """One verdict: who, in which role, on which duty, up to which amount (minor units), and why.

    is_override: the person lets go through what the rules had withheld.
    """

    duty: Duty
    verdict: Verdict
    amount_amt: int | None
    reasons: str
    by: str
    role: str
    is_override: bool


def decide_review(
    connection: Connection,
    duty_id: str,
    verdict: Verdict,
    reasons: str,
    by: str,
    amount_amt: int | None,
    delegated: Mapping[str, int],
    at: datetime,
) -> Review:
    """Write a reviewer's verdict and end the duty with it, inside a transaction.

    amount_amt: what is approved, minor units; by default what the duty is about. delegated: the most of each
    role, minor units. Raises UnknownDuty, Conflict where the duty has ended, UsageError where it is no
    review or has no amount, ApprovalMissing where this person may not decide it.
    """
    duty = read_duty(connection, duty_id)
    if duty.effect != "HUMAN_REVIEW":
        raise UsageError(
            f"The duty {duty_id} is no review but {duty.effect}.",
            "A duty of the effect HUMAN_REVIEW was expected.",
            f"Run: linewise duties done {duty_id} --evidence TEXT --by NAME",
        )
    approved_amt = amount_amt if amount_amt is not None else duty.amount_amt
    is_override = verdict == "approved"
    role = _role_for(connection, by, approved_amt or 0 if is_override else 0, delegated)
    end_duty(connection, duty, verdict, reasons, by, at)
    review = Review(duty, verdict, approved_amt if is_override else None, reasons.strip(), by, role, is_override)
    row = {
        "duty_id": duty_id,
        "decision_id": duty.decision_id,
        "customer_id": duty.customer_id,
        "action_id": duty.action_id,
        "at": as_utc(at).replace(tzinfo=None),
    } | {name: getattr(review, name) for name in ("verdict", "amount_amt", "reasons", "by", "role", "is_override")}
    connection.execute(insert(reviews).values(**row))
    return review


def _role_for(connection: Connection, by: str, amount_amt: int, delegated: Mapping[str, int]) -> str:
    """The role, among those of this person that may review, with the least delegated amount that suffices."""
    held = sorted(read_people(connection).roles_of(by) & set(delegated), key=lambda role: delegated[role])
    if not held:
        raise ApprovalMissing(
            f"{by} is not registered here as {' or '.join(delegated)}.",
            "A person in a role to which amounts are delegated was expected.",
            "Ask an operator to run: linewise release key NAME --role reviewer",
        )
    for role in held:
        if amount_amt <= delegated[role]:
            return role
    able = [role for role, most in delegated.items() if amount_amt <= most]
    raise ApprovalMissing(
        f"{by} may approve less than that as {held[-1]}.",
        f"The decision of a {' or '.join(able)} was expected." if able else "No role may approve so much.",
        "Hand the duty over, or approve a lower amount with --amount.",
    )


def approved_actions(connection: Connection, decision_id: str) -> dict[str, int | None]:
    """The actions of a decision that a person let go through, each with the most that was approved, minor units."""
    query = select(reviews).where(reviews.c.decision_id == decision_id, reviews.c.verdict == "approved")
    return {row.action_id: row.amount_amt for row in connection.execute(query)}
