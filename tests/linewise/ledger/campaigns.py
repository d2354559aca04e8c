"""A campaign in the record for the tests, with people who may sign it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from linewise.ledger.campaigns import CampaignTerms, approve_campaign, propose_campaign
from linewise.ledger.people import register_person
from linewise.ledger.signing import PersonKey, make_key_file
from linewise.ledger.store import Ledger
from tests.linewise.ledger.signers import INCOMPATIBLE, a_cast

__all__ = ["NOW", "TERMS", "a_living", "a_marketing_cast", "proposed"]

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CONTROLS = [["C1", "C2"], ["C3"]]
TERMS = CampaignTerms(
    campaign_id="SPRING_CARDS",
    plan_sha256="a" * 64,
    words_sha256="b" * 64,
    offers=("CARD_GOLD", "CARD_TRAVEL"),
    channels=("sms", "voice"),
    approvers=("bo", "lin", "mei", "sue"),
    begins_at=NOW + timedelta(days=7),
    ends_at=NOW + timedelta(days=14),
    held_until=NOW + timedelta(days=44),
    control_share_ratio=0.5,
    seed=1,
    salt="SPRING_CARDS",
    treated_count=5,
    control_count=3,
    made_by="mei",
)


def a_marketing_cast(ledger: Ledger, folder: Path) -> dict[str, PersonKey]:
    """The signers of the other tests, with mei who makes campaigns and lin who looks after privacy."""
    keys = a_cast(ledger, folder)
    for name, role in (("mei", "marketer"), ("lin", "privacy_officer")):
        keys[name] = make_key_file(folder / f"{name}.pem")
        register_person(ledger, name, role, keys[name].public, keys["olga"], INCOMPATIBLE, NOW)
    return keys


def proposed(
    ledger: Ledger, keys: dict[str, PersonKey], controls: Sequence[Sequence[str]] = CONTROLS, **changes: Any
) -> CampaignTerms:
    """A campaign that mei has proposed."""
    terms = replace(TERMS, **changes)
    propose_campaign(ledger, terms, controls, keys["mei"], "planned", NOW)
    return terms


def a_living(
    ledger: Ledger, keys: dict[str, PersonKey], controls: Sequence[Sequence[str]] = CONTROLS, **changes: Any
) -> CampaignTerms:
    """A campaign that lives: lin has approved it."""
    terms = proposed(ledger, keys, controls, **changes)
    approve_campaign(ledger, terms, keys["lin"], "words and disclosures read", NOW)
    return terms
