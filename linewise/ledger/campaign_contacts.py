"""Contacts that an export claims: they count from the moment of the claim on, in every door, until withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from linewise.core.clock import as_utc
from linewise.ledger.campaign_contact_tables import campaign_contacts
from linewise.ledger.look_up import LookUp
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.prepared import Spelled
from linewise.ledger.store import Ledger

__all__ = [
    "Claim",
    "Claimed",
    "claim_contacts",
    "claims_between",
    "claims_of",
    "keep_claims",
    "withdraw_claims",
    "withdraw_unsent",
]


@dataclass(frozen=True, slots=True)
class Claim:
    """One contact of a campaign with a customer about an offer, sent between two moments."""

    decision_id: str
    campaign_id: str
    batch_id: str
    customer_id: str
    offer_id: str
    offer_group: str
    channel: str
    claimed_at: datetime
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that the record holds already: of which batch, from when on it may be sent, whether it was withdrawn.

    is_told: whether an outcome of it was told.
    """

    batch_id: str
    not_before: datetime
    is_withdrawn: bool
    is_told: bool


def claim_contacts(connection: Connection, claims: Sequence[Claim]) -> None:
    """Write claims that are not there yet."""
    if claims:
        _CLAIM.run_all(connection, [{name: getattr(one, name) for name in Claim.__slots__} for one in claims])


def claims_between(connection: Connection, campaign_id: str, first: str, last: str) -> Mapping[str, Claimed]:
    """The claims of a campaign on the customers from `first` to `last`, by decision_id; withdrawn ones too."""
    is_told = exists().where(outcomes.c.decision_id == campaign_contacts.c.decision_id)
    table = campaign_contacts.c
    query = select(table.decision_id, table.batch_id, table.not_before, table.withdrawn_at, is_told).where(
        table.campaign_id == campaign_id, table.customer_id >= first, table.customer_id <= last
    )
    return {
        decision_id: Claimed(batch_id, not_before, withdrawn_at is not None, bool(told))
        for decision_id, batch_id, not_before, withdrawn_at, told in connection.execute(query)
    }


def keep_claims(connection: Connection, batch_id: str, claims: Sequence[Claim]) -> None:
    """Claims that the record holds belong to this batch now, and stand again where they were withdrawn."""
    if claims:
        table = campaign_contacts
        statement = (
            update(table)
            .where(table.c.decision_id == bindparam("of"))
            .values(
                batch_id=batch_id,
                not_before=bindparam("begins"),
                not_after=bindparam("ends"),
                withdrawn_at=None,
                withdrawn_because=None,
            )
        )
        connection.execute(
            statement, [{"of": one.decision_id, "begins": one.not_before, "ends": one.not_after} for one in claims]
        )


def withdraw_claims(connection: Connection, because: Mapping[str, str], at: datetime) -> None:
    """Claims that will not be sent after all, each with why; what is withdrawn counts nowhere."""
    if because:
        table = campaign_contacts
        statement = (
            update(table)
            .where(table.c.decision_id == bindparam("of"), table.c.withdrawn_at.is_(None))
            .values(withdrawn_at=at, withdrawn_because=bindparam("why"))
        )
        connection.execute(statement, [{"of": one, "why": why} for one, why in because.items()])


def withdraw_unsent(
    connection: Connection,
    campaign_id: str,
    because: str,
    at: datetime,
    *,
    begun_by: datetime,
    of: str = "",
    but: str = "",
) -> int:
    """Withdraw what batches of the campaign claimed and have not sent; gives how many.

    begun_by: what could be sent by then may have been, and stays. of: only of this batch; but: of every one but this.
    """
    table = campaign_contacts
    unsent = [
        table.c.campaign_id == campaign_id,
        table.c.batch_id != but,
        table.c.not_before > begun_by,
        table.c.withdrawn_at.is_(None),
    ]
    if of:
        unsent.append(table.c.batch_id == of)
    return connection.execute(update(table).where(*unsent).values(withdrawn_at=at, withdrawn_because=because)).rowcount


_CLAIM = Spelled(insert(campaign_contacts), Claim.__slots__)

_CLAIMED = LookUp(
    select(*(campaign_contacts.c[name] for name in Claim.__slots__)).where(
        campaign_contacts.c.claimed_at <= bindparam("latest"),
        campaign_contacts.c.withdrawn_at.is_(None) | (campaign_contacts.c.withdrawn_at > bindparam("latest")),
    ),
    campaign_contacts.c.customer_id,
)


def claims_of(ledger: Ledger, customer_ids: Iterable[str], until: datetime) -> list[Claim]:
    """The claims on these customers that stood at that moment, in no order."""
    with ledger.reading() as connection:
        found = _CLAIMED.rows(connection, list(customer_ids), latest=as_utc(until))
    return [Claim(*tuple(row)) for row in found]
