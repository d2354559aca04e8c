"""Opening, raising and lowering a budget: one person asks, in production others sign; lowering needs nobody else."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from linewise.core.clock import as_utc
from linewise.core.errors import ApprovalMissing, Conflict, UnknownBudget, UsageError
from linewise.core.moments import microseconds
from linewise.ledger.approvals import APPROVE, PROPOSE, Needed, SignedAct, Subject, sign_on, signatures_on
from linewise.ledger.budget_tables import budget_proposals, budgets, pots
from linewise.ledger.budgets import KINDS, POTS, REQUESTED, Budget, Kind, read_budget
from linewise.ledger.insert_once import insert_all_once, insert_once
from linewise.ledger.people import read_people
from linewise.ledger.pots import resize
from linewise.ledger.said import enforce_said
from linewise.ledger.signing import PersonKey, canonical
from linewise.ledger.store import Ledger

__all__ = [
    "MOST_AMT",
    "RAISING",
    "Funding",
    "approve_budget",
    "is_as_brought",
    "lacks_of",
    "open_by_release",
    "propose_budget",
]

RAISING = Needed(2, ("policy_approver", "supervisor"))
"""Whose signatures a budget needs in production; a policy may ask for more people, never for fewer."""

MOST_AMT = (1 << 53) - 1
"""Above it a number of JSON is not whole any more."""

BASIS_POINTS = 10_000
BY_RELEASE = "release "
LONGEST_ID = 48


@dataclass(frozen=True, slots=True)
class Funding:
    """What a budget shall be: its kind, when, how much, and the share put aside for what customers ask for.

    amount_amt: minor units of the bank's currency, or contacts. covers: the pot of the catalogue that it pays
    for, empty for all actions.
    """

    budget_id: str
    kind: Kind
    begins_at: datetime
    ends_at: datetime
    amount_amt: int
    request_share_ratio: float = 0.0
    covers: str = ""

    @property
    def request_share_bp(self) -> int:
        """The share in ten-thousandths."""
        return round(self.request_share_ratio * BASIS_POINTS)

    @property
    def pot_amt(self) -> dict[str, int]:
        """The amount of each pot; together they are the whole, to the unit."""
        requested = self.amount_amt * self.request_share_bp // BASIS_POINTS
        return {pot: requested if pot == REQUESTED else self.amount_amt - requested for pot in POTS}


def propose_budget(
    ledger: Ledger, funding: Funding, reason: str, by: str | PersonKey, at: datetime, needed: Needed | None
) -> tuple[str, str]:
    """Ask for a budget, or for another amount of it; gives the proposal's id and what it still lacks.

    It is in force at once where nobody else need sign (`needed` is None, outside production) and where it only
    lowers the amount; then nothing is lacking (""). In production it is signed with a key. Raises UsageError for
    what cannot be a budget, ApprovalMissing for a name without a key in production, Conflict where the same
    budget stands for something else or more of it is promised and spent than it would come to.
    """
    _enforce_possible(funding)
    enforce_said(reason=reason)
    if needed is not None and isinstance(by, str):
        raise ApprovalMissing("A budget was asked for by name alone.", "A key was expected: --key FILE.")
    with ledger.writing() as connection:
        before = _before(connection, funding)
        name = by if isinstance(by, str) else read_people(connection).holder(by).name
        enforce_said(by=name)
        proposal_id = _insert(connection, funding, reason, name, at)
        if not isinstance(by, str):
            sign_on(connection, _subject(connection, proposal_id), PROPOSE, by, reason, at)
        is_less = before is not None and all(
            amount_amt <= before.pot(pot).amount_amt for pot, amount_amt in funding.pot_amt.items()
        )
        lacks = "" if needed is None or is_less else lacks_of(connection, proposal_id, needed)
        if not lacks:
            _put_in_force(connection, proposal_id)
    return proposal_id, lacks


def approve_budget(
    ledger: Ledger, proposal_id: str, key: PersonKey, meaning: str, at: datetime, needed: Needed
) -> tuple[SignedAct, str]:
    """Sign a proposal as another person; once enough have, it is in force. Gives what it still lacks.

    Raises UnknownBudget for an unknown proposal, Conflict where a later one was made or the person signed before,
    ApprovalMissing where the person made it or had the key registered by whoever did.
    """
    with ledger.writing() as connection:
        subject = _subject(connection, proposal_id)
        _enforce_latest(connection, proposal_id)
        signed = sign_on(connection, subject, APPROVE, key, meaning, at)
        lacks = lacks_of(connection, proposal_id, needed)
        if not lacks:
            _put_in_force(connection, proposal_id)
    return signed, lacks


def lacks_of(connection: Connection, proposal_id: str, needed: Needed) -> str:
    """What is missing before a proposal may be in force in production, as a sentence; empty where nothing is."""
    return signatures_on(connection, _subject(connection, proposal_id)).lacks(needed)


def open_by_release(connection: Connection, funding: Funding, release_id: str) -> None:
    """Open a budget that the release brings, or bring it to the amount that the release says.

    It never falls below what is promised and spent of it: then nothing is left. One whose amount people set since
    is left to them. `is_as_brought` tells beforehand where nothing is to be done.
    """
    _insert_budget(connection, funding, f"{BY_RELEASE}{release_id}")
    if not read_budget(connection, funding.budget_id).proposal_id.startswith(BY_RELEASE):
        return
    for pot, amount_amt in funding.pot_amt.items():
        if not resize(connection, funding.budget_id, pot, amount_amt):
            now = read_budget(connection, funding.budget_id).pot(pot)
            resize(connection, funding.budget_id, pot, now.reserved_amt + now.consumed_amt)


def is_as_brought(budget: Budget, funding: Funding) -> bool:
    """Whether a budget that was read already stands as the release brings it, or belongs to people since."""
    if not budget.proposal_id.startswith(BY_RELEASE):
        return True
    return all(budget.pot(name).amount_amt == amount_amt for name, amount_amt in funding.pot_amt.items())


def _enforce_possible(funding: Funding) -> None:
    problem: tuple[str, str] | None = None
    if not funding.budget_id.strip() or len(funding.budget_id) > LONGEST_ID or not funding.budget_id.isprintable():
        problem = f"{funding.budget_id!r} is no name of a budget.", f"1 to {LONGEST_ID} characters were expected."
    elif funding.kind not in KINDS:
        problem = f"The kind {funding.kind!r} is unknown.", f"One of {', '.join(KINDS)} was expected."
    elif not 0 <= funding.amount_amt <= MOST_AMT:
        problem = f"A budget of {funding.amount_amt} cannot be.", f"0 to {MOST_AMT} minor units were expected."
    elif not 0.0 <= funding.request_share_ratio <= 1.0:
        problem = f"A share of {funding.request_share_ratio} cannot be put aside.", "0 to 1 was expected."
    elif as_utc(funding.ends_at) <= as_utc(funding.begins_at):
        problem = f"The budget would end at {funding.ends_at.isoformat()}.", "A moment after its begin was expected."
    if problem is not None:
        raise UsageError(*problem)


def _before(connection: Connection, funding: Funding) -> Budget | None:
    """The budget as it stands; Conflict where what is asked for is another thing than its amount."""
    row = connection.execute(select(budgets).where(budgets.c.budget_id == funding.budget_id)).one_or_none()
    if row is None:
        return None
    given = (funding.kind, funding.covers, as_utc(funding.begins_at), as_utc(funding.ends_at))
    if (row.kind, row.covers, row.begins_at, row.ends_at) != given:
        raise Conflict(
            f"The budget {funding.budget_id!r} is one of {row.kind}{f' for {row.covers}' if row.covers else ''} "
            f"from {row.begins_at:%Y-%m-%d %H:%M} to {row.ends_at:%Y-%m-%d %H:%M} UTC.",
            "Only its amount and the share put aside may change.",
            "Open another budget for another kind or time.",
        )
    return read_budget(connection, funding.budget_id)


def _insert(connection: Connection, funding: Funding, reason: str, name: str, at: datetime) -> str:
    of_budget = budget_proposals.c.budget_id == funding.budget_id
    number = 1 + (connection.execute(select(func.max(budget_proposals.c.number)).where(of_budget)).scalar() or 0)
    proposal_id = f"{funding.budget_id}#{number}"
    values = {name: getattr(funding, name) for name in (*SAID, "amount_amt", "request_share_bp", "budget_id")}
    more = {"proposal_id": proposal_id, "number": number, "reason": reason.strip(), "made_by": name.strip()}
    connection.execute(insert(budget_proposals).values(**values, **more, made_at=at))
    return proposal_id


SAID = ("kind", "covers", "begins_at", "ends_at")
"""What of a budget never changes."""


def _proposal(connection: Connection, proposal_id: str) -> Row[Any]:
    query = select(budget_proposals).where(budget_proposals.c.proposal_id == proposal_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownBudget(proposal_id)
    return row


def _subject(connection: Connection, proposal_id: str) -> Subject:
    row = _proposal(connection, proposal_id)
    told = {name: microseconds(value) if isinstance(value, datetime) else value for name, value in row._mapping.items()}
    return Subject(
        proposal_id,
        sha256(canonical({"form": "linewise budget 1"} | told)).hexdigest(),
        row.made_by,
        "budget",
        "linewise portfolio set-budget BUDGET --key FILE",
        f"linewise portfolio approve-budget {proposal_id} --key FILE",
    )


def _enforce_latest(connection: Connection, proposal_id: str) -> None:
    row = _proposal(connection, proposal_id)
    of_budget = budget_proposals.c.budget_id == row.budget_id
    latest = connection.execute(select(func.max(budget_proposals.c.number)).where(of_budget)).scalar_one()
    if row.number != latest:
        raise Conflict(
            f"A later amount than {proposal_id} was asked for: {row.budget_id}#{latest}.",
            "The latest proposal was expected.",
            f"Run: linewise portfolio approve-budget {row.budget_id}#{latest} --key FILE",
        )


def _put_in_force(connection: Connection, proposal_id: str) -> None:
    row = _proposal(connection, proposal_id)
    funding = _funding(row)
    _insert_budget(connection, funding, proposal_id)
    for pot, amount_amt in funding.pot_amt.items():
        if not resize(connection, funding.budget_id, pot, amount_amt):
            now = read_budget(connection, funding.budget_id).pot(pot)
            used = now.reserved_amt + now.consumed_amt
            raise Conflict(
                f"Of what is {pot} {used} of the budget {funding.budget_id!r} is promised or spent already, and it "
                f"would be {amount_amt}.",
                f"At least {used} was expected.",
                "Lower it so far, or stop that kind of action at once: linewise release kill KIND",
            )
    in_force = update(budgets).where(budgets.c.budget_id == funding.budget_id)
    connection.execute(in_force.values(proposal_id=proposal_id))


def _funding(row: Row[Any]) -> Funding:
    return Funding(
        row.budget_id, row.kind, row.begins_at, row.ends_at, row.amount_amt, row.request_share_bp / BASIS_POINTS,
        row.covers,
    )  # fmt: skip


def _insert_budget(connection: Connection, funding: Funding, proposal_id: str) -> None:
    values = {name: getattr(funding, name) for name in SAID}
    insert_once(connection, budgets, values | {"budget_id": funding.budget_id, "proposal_id": proposal_id})
    empty = {"reserved_amt": 0, "consumed_amt": 0, "released_amt": 0}
    rows = [
        {"budget_id": funding.budget_id, "pot": pot, "amount_amt": amount_amt} | empty
        for pot, amount_amt in funding.pot_amt.items()
    ]
    insert_all_once(connection, pots, rows)
