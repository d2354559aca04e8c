"""Campaigns as the record knows them: planned by one person, approved by another, exported once, stopped at once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from linewise.core.errors import ApprovalMissing, Conflict, UnknownCampaign
from linewise.core.moments import microseconds
from linewise.ledger.approvals import APPROVE, PROPOSE, Needed, Signatures, SignedAct, Subject, sign_on, signatures_on
from linewise.ledger.authors import author_of
from linewise.ledger.campaign_funding import release_funding
from linewise.ledger.campaign_tables import campaign_controls, campaigns
from linewise.ledger.insert_once import insert_all_once
from linewise.ledger.said import enforce_said
from linewise.ledger.signing import PersonKey, canonical
from linewise.ledger.store import Ledger

__all__ = [
    "APPROVING",
    "Campaign",
    "CampaignState",
    "CampaignTerms",
    "approve_campaign",
    "campaigns_seen",
    "enforce_approved_campaign",
    "lacks_of_campaign",
    "mark_exported",
    "propose_campaign",
    "read_campaign",
    "signatures_of_campaign",
    "stop_campaign",
]

APPROVING = Needed(1, ("policy_approver", "privacy_officer"))
"""Who must sign a campaign beside whoever made it, in every profile: a list that has gone out is not taken back.

In these roles, for a marketer holds neither: they answer for the words, the disclosures and the consents.
"""

CampaignState = Literal["planned", "approved", "exported", "stopped"]

NAMES = ("offers", "channels", "approvers")


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """What people sign of a campaign: its plan and words by their hashes, and what every door heeds of it.

    begins_at, ends_at: the window; held_until: so long its offers are kept from its control. A control is who is drawn
    by seed and salt below the share and stands on the list. approvers: the names that its file allows to approve.
    """

    campaign_id: str
    plan_sha256: str
    words_sha256: str
    offers: tuple[str, ...]
    channels: tuple[str, ...]
    approvers: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    held_until: datetime
    control_share_ratio: float
    seed: int
    salt: str
    treated_count: int
    control_count: int
    made_by: str

    @property
    def sha256(self) -> str:
        """The hash that people sign."""
        told = {
            field.name: microseconds(value) if isinstance(value := getattr(self, field.name), datetime) else value
            for field in fields(self)
        }
        return sha256(canonical({"form": "linewise campaign 1"} | told)).hexdigest()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign and how far it has come: since when, by whom, and of a stopped one why."""

    terms: CampaignTerms
    state: CampaignState
    made_at: datetime
    changed_at: datetime
    changed_by: str
    reason: str
    exported_at: datetime | None

    def is_live(self, at: datetime) -> bool:
        """Whether every door keeps its offers from its control at that moment."""
        return self.state in ("approved", "exported") and at < self.terms.held_until


def _campaign(row: Row[Any]) -> Campaign:
    told = {field.name: getattr(row, field.name) for field in fields(CampaignTerms)}
    told |= {name: tuple(json.loads(told[name])) for name in NAMES}
    return Campaign(
        CampaignTerms(**told), row.state, row.made_at, row.changed_at, row.changed_by, row.reason, row.exported_at
    )


def campaigns_seen(ledger: Ledger) -> Sequence[Campaign]:
    """Every campaign that was proposed here, by id."""
    with ledger.engine.connect() as connection:
        return [_campaign(row) for row in connection.execute(select(campaigns).order_by(campaigns.c.campaign_id))]


def read_campaign(connection: Connection, campaign_id: str) -> Campaign:
    """One campaign; raises UnknownCampaign where nobody has proposed it."""
    row = connection.execute(_of(campaign_id)).one_or_none()
    if row is None:
        raise UnknownCampaign(campaign_id)
    return _campaign(row)


def _of(campaign_id: str) -> Any:
    return select(campaigns).where(campaigns.c.campaign_id == campaign_id)


def _subject(terms: CampaignTerms) -> Subject:
    return Subject(
        f"campaign {terms.campaign_id}",
        terms.sha256,
        terms.made_by,
        "campaign",
        f"linewise campaign propose {terms.campaign_id} --key FILE",
        f"linewise campaign approve {terms.campaign_id} --key FILE",
    )


def signatures_of_campaign(connection: Connection, terms: CampaignTerms) -> Signatures:
    """Every signature on it, each checked anew, without the approvals of people whom its file does not name."""
    found = signatures_on(connection, _subject(terms))
    named = [one for one in found.approvals if one.person.name in terms.approvers]
    others = [
        f"approve by {one.person.name}: the campaign's file names other approvers"
        for one in found.approvals
        if one not in named
    ]
    return Signatures(found.authors, named, [*found.problems, *others])


def lacks_of_campaign(connection: Connection, terms: CampaignTerms, needed: Needed) -> str:
    """What is missing before it may be exported, as a sentence; empty where nothing is."""
    return signatures_of_campaign(connection, terms).lacks(needed)


def propose_campaign(
    ledger: Ledger, terms: CampaignTerms, controls: Iterable[Sequence[str]], key: PersonKey, meaning: str, at: datetime
) -> SignedAct:
    """Write a planned campaign down with its control, signed by whoever made it; a former plan of it is replaced.

    controls: the ids of its control, in pieces. The signatures on a former plan stand for that one and for nothing
    else, so it waits for new ones, and until then holds nobody. Raises Conflict where it was exported, is stopped after
    that, or the same person has signed this very plan, ApprovalMissing for a key that is nobody's.
    """
    enforce_said(meaning=meaning)
    with ledger.writing() as connection:
        before = connection.execute(_of(terms.campaign_id)).one_or_none()
        if before is not None and before.exported_at is not None:
            raise Conflict(
                f"The campaign {terms.campaign_id} was exported at {before.exported_at:%Y-%m-%d %H:%M} UTC.",
                "Its list is out and stays what was approved.",
                "Plan a new campaign, with an id of its own.",
            )
        who = author_of(connection, key)["name"]
        connection.execute(delete(campaigns).where(campaigns.c.campaign_id == terms.campaign_id))
        connection.execute(delete(campaign_controls).where(campaign_controls.c.campaign_id == terms.campaign_id))
        connection.execute(insert(campaigns).values(**_values(terms), **_changed("planned", who, at), made_at=at))
        for piece in controls:
            rows = [{"campaign_id": terms.campaign_id, "customer_id": one} for one in piece]
            insert_all_once(connection, campaign_controls, rows)
        return sign_on(connection, _subject(terms), PROPOSE, key, meaning, at)


def _values(terms: CampaignTerms) -> dict[str, Any]:
    told = {field.name: getattr(terms, field.name) for field in fields(terms)}
    return told | {name: json.dumps(told[name], ensure_ascii=False) for name in NAMES}


def _changed(state: CampaignState, by: str, at: datetime, reason: str = "") -> dict[str, Any]:
    return {"state": state, "changed_by": by, "changed_at": at, "reason": reason}


def approve_campaign(
    ledger: Ledger, terms: CampaignTerms, key: PersonKey, meaning: str, at: datetime, needed: Needed = APPROVING
) -> tuple[SignedAct, str]:
    """Sign a proposed campaign as another person; it lives once enough have. Gives what it still lacks.

    terms: what this person has looked at. Raises ApprovalMissing where nobody has proposed it, the file does not name
    the person or their role does not count, or they made it; Conflict where it was proposed anew with other terms, was
    stopped, or the person signed before.
    """
    enforce_said(meaning=meaning)
    with ledger.writing() as connection:
        now = _proposed(connection, terms)
        _enforce_may_approve(connection, terms, key, needed)
        signed = sign_on(connection, _subject(terms), APPROVE, key, meaning, at)
        lacks = lacks_of_campaign(connection, terms, needed)
        if not lacks and now.state == "planned":
            _update(connection, terms.campaign_id, _changed("approved", signed.person.name, at))
    return signed, lacks


def _proposed(connection: Connection, terms: CampaignTerms) -> Campaign:
    """The campaign as it was proposed, where it is what these terms say and not stopped."""
    row = connection.execute(_of(terms.campaign_id)).one_or_none()
    if row is None:
        raise ApprovalMissing(
            f"Nobody has signed for having made the campaign {terms.campaign_id}.",
            "Its maker's signature was expected first, so that the approval is another person's.",
            f"Run: linewise campaign propose {terms.campaign_id} --key FILE",
        )
    now = _campaign(row)
    _enforce_same(now, terms)
    return now


def _enforce_same(now: Campaign, terms: CampaignTerms) -> None:
    if now.state == "stopped":
        raise Conflict(
            f"The campaign {terms.campaign_id} was stopped by {now.changed_by}: {now.reason.rstrip('.')}.",
            "One that is not stopped was expected.",
            f"Plan it anew and run: linewise campaign propose {terms.campaign_id} --key FILE",
        )
    if now.terms.sha256 != terms.sha256:
        raise Conflict(
            f"The campaign {terms.campaign_id} stands in the record with another plan or other terms.",
            "What is signed was expected to be what was proposed.",
            f"Its maker runs: linewise campaign propose {terms.campaign_id} --key FILE",
        )


def _enforce_may_approve(connection: Connection, terms: CampaignTerms, key: PersonKey, needed: Needed) -> None:
    who = author_of(connection, key)
    if who["name"] not in terms.approvers:
        raise ApprovalMissing(
            f"{who['name']} is no approver of {terms.campaign_id}.",
            f"One of those whom its file names was expected: {', '.join(terms.approvers)}.",
            f"Ask one of them to run: linewise campaign approve {terms.campaign_id} --key FILE",
        )
    if who["role"] not in needed.roles:
        raise ApprovalMissing(
            f"{who['name']} signs as {who['role']}.",
            f"A campaign is approved as {' or '.join(needed.roles)}.",
            f"Ask somebody in that role to run: linewise campaign approve {terms.campaign_id} --key FILE",
        )


def enforce_approved_campaign(connection: Connection, terms: CampaignTerms, needed: Needed = APPROVING) -> Campaign:
    """The campaign, where it may be exported on these terms.

    Every signature is checked anew. Raises Conflict where it stands with other terms or was stopped, and
    ApprovalMissing, saying what is missing, where nobody has proposed it or too few people have approved it.
    """
    now = _proposed(connection, terms)
    signatures = signatures_of_campaign(connection, terms)
    lacking = signatures.lacks(needed) or ("nobody's approval has put it in force" if now.state == "planned" else "")
    if lacking:
        told = f" Not counted: {'; '.join(signatures.problems)}." if signatures.problems else ""
        raise ApprovalMissing(
            f"The campaign {terms.campaign_id} may not be exported: {lacking}.{told}",
            "The signature of another person than its maker was expected.",
            f"Ask an approver to run: linewise campaign approve {terms.campaign_id} --key FILE",
        )
    return now


def mark_exported(connection: Connection, terms: CampaignTerms, by: str, at: datetime) -> bool:
    """Write down that its list went out, inside a transaction that holds the right to write; whether it is the first.

    Raises as `enforce_approved_campaign` does of the state.
    """
    enforce_said(by=by)
    now = _proposed(connection, terms)
    if now.state == "planned":
        raise ApprovalMissing(f"The campaign {terms.campaign_id} is not approved.", "An approved one was expected.")
    if now.exported_at is None:
        _update(connection, terms.campaign_id, _changed("exported", by, at) | {"exported_at": at})
    return now.exported_at is None


def stop_campaign(ledger: Ledger, campaign_id: str, reason: str, by: str | PersonKey, at: datetime) -> Campaign:
    """Stop a campaign at once: no export of it any more, its control and its money are let go. One person is enough.

    Raises UnknownCampaign, Conflict where it is stopped already, and UsageError without a reason or a name.
    """
    enforce_said(reason=reason)
    with ledger.writing() as connection:
        now = read_campaign(connection, campaign_id)
        if now.state == "stopped":
            raise Conflict(f"The campaign {campaign_id} was stopped by {now.changed_by}: {now.reason.rstrip('.')}.")
        name = author_of(connection, by)["name"]
        release_funding(connection, campaign_id)
        _update(connection, campaign_id, _changed("stopped", name, at, reason.strip()))
        return read_campaign(connection, campaign_id)


def _update(connection: Connection, campaign_id: str, values: dict[str, Any]) -> None:
    connection.execute(update(campaigns).where(campaigns.c.campaign_id == campaign_id).values(**values))
