"""A contact of a campaign as the record holds it: a decision that outcomes are told of, and a claim that caps count."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from linewise.core.clock import as_utc
from linewise.ledger.campaign_contacts import (
    Claim,
    Claimed,
    claim_contacts,
    claims_between,
    keep_claims,
    withdraw_claims,
)
from linewise.ledger.keys import KeyStore
from linewise.ledger.record import DecisionRecord, write_decisions
from linewise.ledger.within import Transaction
from serving.campaigns.exporting.columns import Row
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.plan.files import Plan
from serving.scoring.campaign_answer import CampaignAnswers

__all__ = ["Claiming", "decision_id_of", "pseudonym_of"]

NAMESPACE = UUID("5f0b4f0e-6f0a-5d56-9a53-0c7f7f3f2d11")
"""Of the names from which decision ids of campaigns are made (RFC 9562, version 5)."""

CHUNK = 250
"""Contacts to a transaction: a call that decides meanwhile waits for one, less than a tenth of a second."""

PSEUDONYM_CHARS = 32


def decision_id_of(plan_sha256: str, customer_id: str, offer_id: str) -> str:
    """The id of a contact, the same whenever and however often the plan is exported."""
    return str(uuid5(NAMESPACE, f"{plan_sha256}|{customer_id}|{offer_id}"))


def pseudonym_of(keys: KeyStore, campaign_id: str, customer_id: str) -> str:
    """A keyed name of the customer in one campaign: without the key nobody finds the customer or ties two."""
    return keys.lookup(f"campaign|{campaign_id}|{customer_id}")[:PSEUDONYM_CHARS]


class Claiming:
    """Writes the contacts of one batch into the record, piece by piece; done again it changes nothing."""

    def __init__(self, desk: ExportDesk, plan: Plan, batch_id: str, begun_at: datetime) -> None:
        self._desk, self._plan, self._batch_id, self._begun_at = desk, plan, batch_id, begun_at
        self._answers = CampaignAnswers(desk.policy, desk.versions)
        self._groups = {one.offer_id: one.group for one in desk.policy.catalogue.offers}
        self._shown_ratio = 1.0 - plan.brief.holdout.control_ratio

    def known(self, customer_ids: Sequence[str]) -> Mapping[str, Claimed]:
        """What the record holds already of a piece of the list, whose customers are in their order."""
        with self._desk.ledger.engine.connect() as connection:
            return claims_between(connection, self._plan.campaign_id, customer_ids[0], customer_ids[-1])

    def claim(self, rows: Sequence[Row], known: Mapping[str, Claimed], at: datetime) -> None:
        """Claim the contacts of the rows that are sent, and withdraw those of the rows that are withheld."""
        for start in range(0, len(rows), CHUNK):
            self._claim(rows[start : start + CHUNK], known, at)

    def _claim(self, rows: Sequence[Row], known: Mapping[str, Claimed], at: datetime) -> None:
        sent = [row for row in rows if not row.because]
        claims = {row.decision_id: self._claim_of(row, at) for row in sent}
        new = [row for row in sent if row.decision_id not in known]
        again = [
            claims[row.decision_id]
            for row in sent
            if row.decision_id in known and not self._stands(known[row.decision_id])
        ]
        gone = {
            row.decision_id: row.because
            for row in rows
            if row.because and row.decision_id in known and self._is_unsent(known[row.decision_id], at)
        }

        def beside(connection: Transaction) -> None:
            claim_contacts(connection, [claims[row.decision_id] for row in new])
            keep_claims(connection, self._batch_id, again)
            withdraw_claims(connection, gone, at)

        if new:
            write_decisions(self._desk.ledger, [self._record(row) for row in new], beside)
        elif again or gone:
            with self._desk.ledger.writing() as connection:
                beside(connection)

    def _stands(self, claimed: Claimed) -> bool:
        return claimed.batch_id == self._batch_id and not claimed.is_withdrawn

    def _is_unsent(self, claimed: Claimed, at: datetime) -> bool:
        # What was told of a contact shows that it took place; files of this batch have left nobody's hands yet.
        return not claimed.is_told and (claimed.batch_id == self._batch_id or claimed.not_before > as_utc(at))

    def _claim_of(self, row: Row, at: datetime) -> Claim:
        assert row.window is not None  # noqa: S101  only what is sent is claimed
        one = row.listed
        return Claim(
            row.decision_id,
            self._plan.campaign_id,
            self._batch_id,
            one["customer_id"],
            one["offer_id"],
            self._groups[one["offer_id"]],
            one["channel"],
            at,
            row.window.not_before,
            row.window.not_after,
        )

    def _record(self, row: Row) -> DecisionRecord:
        one, inputs = row.listed, self._inputs(row)
        return DecisionRecord(
            decision_id=row.decision_id,
            customer_id=one["customer_id"],
            as_of=datetime.fromisoformat(inputs["known_at"]),
            decided_at=self._begun_at,
            channel=one["channel"],
            release_id=self._desk.versions.release_id,
            seed=int(self._plan.told["seed"]),
            inputs=inputs,
            answer={"decision_id": row.decision_id} | self._answers.of(one["customer_id"], inputs),
            record_class="batch",
        )

    def _inputs(self, row: Row) -> dict[str, Any]:
        """All that the answer is made of, and by which plan."""
        one, window = row.listed, row.window
        assert window is not None  # noqa: S101  only what is sent is recorded
        return {
            "customer_id": one["customer_id"],
            "offer_id": one["offer_id"],
            "campaign": {
                "campaign_id": self._plan.campaign_id,
                "plan_sha256": self._plan.plan_sha256,
                "template_code": one["template_code"],
                "signature": one["signature"],
                "segment": one["segment"],
                "contact_ref": one["contact_ref"],
                "consent_ref": one["consent_ref"],
                "not_before": window.local_not_before,
                "not_after": window.local_not_after,
                "time_zone": window.zone,
                "expires_on": one["expires_on"].isoformat(),
            },
            "ranked": {
                name: one[name] for name in ("propensity", "uplift", "value_amt", "cost_amt", "priority", "decile")
            }
            | {"pscore": self._shown_ratio},
            "context": {
                "decided_at": as_utc(self._begun_at).isoformat(),
                "channel": one["channel"],
                "language": one["language"],
                "is_identity_verified": False,
            },
            "currency": self._desk.currency,
            "known_at": self._plan.told["planned_at"],
        }
