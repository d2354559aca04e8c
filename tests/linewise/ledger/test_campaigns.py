"""Campaigns in the record: another person approves what was proposed and nothing else, and a stop is at once."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from linewise.core.errors import ApprovalMissing, Conflict, UnknownCampaign, UsageError
from linewise.ledger.approvals import Needed
from linewise.ledger.campaign_holds import listed_controls, live_campaigns
from linewise.ledger.campaign_tables import campaign_controls, campaigns
from linewise.ledger.campaigns import (
    CampaignTerms,
    approve_campaign,
    campaigns_seen,
    enforce_approved_campaign,
    mark_exported,
    propose_campaign,
    read_campaign,
    signatures_of_campaign,
    stop_campaign,
)
from linewise.ledger.erasing import erase_customer
from linewise.ledger.people import withdraw_key
from linewise.ledger.signing import PersonKey
from linewise.ledger.store import Ledger
from tests.linewise.ledger.campaigns import NOW, TERMS, a_living, a_marketing_cast, proposed


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    return a_marketing_cast(ledger, tmp_path)


def live(ledger: Ledger, at: datetime = NOW) -> list[str]:
    with ledger.engine.connect() as connection:
        return [one.campaign_id for one in live_campaigns(connection, at)]


def controls(ledger: Ledger, *customer_ids: str) -> set[str]:
    with ledger.engine.connect() as connection:
        return {*listed_controls(connection, TERMS.campaign_id, customer_ids)}


def may_be_exported(ledger: Ledger, terms: CampaignTerms, needed: Needed | None = None) -> None:
    with ledger.engine.connect() as connection:
        enforce_approved_campaign(connection, terms, *([needed] if needed else []))


def test_a_campaign_lives_from_the_approval_of_another_person_until_its_responses_are_counted(
    ledger: Ledger, keys: dict[str, PersonKey]
):
    terms = proposed(ledger, keys)
    assert live(ledger) == []
    with pytest.raises(ApprovalMissing, match="0 of 1 people have approved"):
        may_be_exported(ledger, terms)
    signed, lacks = approve_campaign(ledger, terms, keys["lin"], "words read", NOW)
    assert (signed.person.name, lacks) == ("lin", "")
    assert live(ledger) == ["SPRING_CARDS"]
    assert live(ledger, terms.held_until - timedelta(microseconds=1)) == ["SPRING_CARDS"]
    assert live(ledger, terms.held_until) == []
    may_be_exported(ledger, terms)


def test_what_a_door_reads_of_a_campaign_is_what_was_signed(ledger: Ledger, keys: dict[str, PersonKey]):
    terms = a_living(ledger, keys)
    with ledger.engine.connect() as connection:
        (one,) = live_campaigns(connection, NOW)
    assert [getattr(one, name) for name in one.__slots__] == [getattr(terms, name) for name in one.__slots__]
    assert controls(ledger, "C1", "C3", "C9") == {"C1", "C3"}


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("mei", "signs as marketer"),
        ("bo", ""),
        ("lin", ""),
        ("sue", "signs as supervisor"),
        ("di", "no approver of SPRING_CARDS"),
    ],
)
def test_it_is_approved_by_whom_its_file_names_in_a_role_that_counts_and_never_by_its_maker(
    ledger: Ledger, keys: dict[str, PersonKey], who: str, said: str
):
    terms = proposed(ledger, keys)
    if not said:
        assert approve_campaign(ledger, terms, keys[who], "read", NOW)[1] == ""
        return
    with pytest.raises(ApprovalMissing, match=said):
        approve_campaign(ledger, terms, keys[who], "read", NOW)
    assert live(ledger) == []


def test_whoever_planned_or_proposed_it_never_approves_it(ledger: Ledger, keys: dict[str, PersonKey]):
    by_plan = replace(TERMS, made_by="bo")
    propose_campaign(ledger, by_plan, [], keys["mei"], "planned", NOW)
    with pytest.raises(ApprovalMissing, match="bo made the campaign"):
        approve_campaign(ledger, by_plan, keys["bo"], "read", NOW)
    by_key = replace(TERMS, campaign_id="AUTUMN")
    propose_campaign(ledger, by_key, [], keys["bo"], "planned", NOW)
    with pytest.raises(ApprovalMissing, match="bo made the campaign"):
        approve_campaign(ledger, by_key, keys["bo"], "read", NOW)


def test_a_bank_may_ask_for_more_people(ledger: Ledger, keys: dict[str, PersonKey]):
    terms, two = proposed(ledger, keys), Needed(2, ("policy_approver", "privacy_officer"))
    assert "1 of 2 people" in approve_campaign(ledger, terms, keys["lin"], "read", NOW, two)[1]
    assert live(ledger) == []
    assert approve_campaign(ledger, terms, keys["bo"], "read", NOW, two)[1] == ""
    assert live(ledger) == ["SPRING_CARDS"]


OTHER: dict[str, Any] = {
    "campaign_id": "OTHER", "plan_sha256": "c" * 64, "words_sha256": "d" * 64, "offers": ("CARD_GOLD",),
    "channels": ("sms",), "approvers": ("lin",), "begins_at": NOW, "ends_at": NOW, "held_until": NOW,
    "control_share_ratio": 0.4, "seed": 2, "salt": "other", "treated_count": 6, "control_count": 4, "made_by": "ada",
}  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in fields(CampaignTerms) if one.name != "campaign_id"])
def test_whatever_is_changed_afterwards_voids_the_approval(ledger: Ledger, keys: dict[str, PersonKey], name: str):
    terms = a_living(ledger, keys)
    with pytest.raises(Conflict, match="another plan or other terms"):
        may_be_exported(ledger, replace(terms, **{name: OTHER[name]}))


@pytest.mark.parametrize(("name", "value"), [("control_share_ratio", 0.0), ("salt", "other"), ("state", "planned")])
def test_a_row_that_somebody_rewrote_is_signed_by_nobody(
    ledger: Ledger, keys: dict[str, PersonKey], name: str, value: Any
):
    terms = a_living(ledger, keys)
    with ledger.writing() as connection:
        connection.execute(update(campaigns).values({name: value}))
    changed = replace(terms, **{name: value}) if name != "state" else terms
    with pytest.raises(ApprovalMissing, match=r"other parts than the campaign has|nobody's approval"):
        may_be_exported(ledger, changed)


def test_a_plan_made_anew_waits_for_new_signatures_and_holds_nobody_until_then(
    ledger: Ledger, keys: dict[str, PersonKey]
):
    a_living(ledger, keys)
    anew = proposed(ledger, keys, [["C7"]], plan_sha256="c" * 64)
    assert live(ledger) == []
    assert controls(ledger, "C1", "C2", "C3", "C7") == {"C7"}
    with pytest.raises(ApprovalMissing, match="other parts than the campaign has"):
        may_be_exported(ledger, anew)
    with pytest.raises(Conflict, match="another plan or other terms"):
        approve_campaign(ledger, TERMS, keys["bo"], "read", NOW)


def test_the_same_plan_is_proposed_once_and_nothing_changes_the_second_time(ledger: Ledger, keys: dict[str, PersonKey]):
    a_living(ledger, keys)
    with pytest.raises(Conflict, match="mei has signed this before"):
        proposed(ledger, keys, [["C9"]])
    assert live(ledger) == ["SPRING_CARDS"]
    assert controls(ledger, "C1", "C9") == {"C1"}


def test_what_was_exported_is_never_planned_anew_and_is_exported_for_the_first_time_once(
    ledger: Ledger, keys: dict[str, PersonKey]
):
    terms = a_living(ledger, keys)
    with ledger.writing() as connection:
        assert mark_exported(connection, terms, "mei", NOW) is True
        assert mark_exported(connection, terms, "mei", NOW + timedelta(days=1)) is False
        assert read_campaign(connection, terms.campaign_id).exported_at == NOW
    assert live(ledger) == ["SPRING_CARDS"]
    with pytest.raises(Conflict, match="was exported at 2026-11-23 09:30 UTC"):
        proposed(ledger, keys, plan_sha256="c" * 64)
    stop_campaign(ledger, terms.campaign_id, "a wrong price", "sue", NOW)
    with pytest.raises(Conflict, match="was exported at"):
        proposed(ledger, keys, plan_sha256="c" * 64)


def test_a_campaign_that_nobody_approved_is_not_marked_as_exported(ledger: Ledger, keys: dict[str, PersonKey]):
    terms = proposed(ledger, keys)
    with ledger.writing() as connection, pytest.raises(ApprovalMissing, match="is not approved"):
        mark_exported(connection, terms, "mei", NOW)


def test_one_person_stops_it_at_once_and_its_control_is_let_go(ledger: Ledger, keys: dict[str, PersonKey]):
    terms = a_living(ledger, keys)
    stopped = stop_campaign(ledger, terms.campaign_id, "a wrong price ", "sue", NOW)
    assert (stopped.state, stopped.changed_by, stopped.reason) == ("stopped", "sue", "a wrong price")
    assert live(ledger) == []
    with pytest.raises(Conflict, match="stopped by sue: a wrong price"):
        may_be_exported(ledger, terms)
    with pytest.raises(Conflict, match="stopped by sue"):
        approve_campaign(ledger, terms, keys["bo"], "read", NOW)
    with pytest.raises(Conflict, match="stopped by sue"):
        stop_campaign(ledger, terms.campaign_id, "again", "sue", NOW)
    with pytest.raises(UsageError, match="'reason'"):
        stop_campaign(ledger, terms.campaign_id, " ", "sue", NOW)


def test_a_stolen_key_approves_nothing_any_more(ledger: Ledger, keys: dict[str, PersonKey]):
    terms = a_living(ledger, keys)
    withdraw_key(ledger, keys["lin"].key_id, "stolen", "olga", NOW)
    with pytest.raises(ApprovalMissing, match="0 of 1 people"):
        may_be_exported(ledger, terms)


def test_a_campaign_that_nobody_proposed_is_unknown(ledger: Ledger, keys: dict[str, PersonKey]):
    with pytest.raises(UnknownCampaign):
        stop_campaign(ledger, "NONE", "why", "sue", NOW)
    with pytest.raises(ApprovalMissing, match="signed for having made the campaign SPRING_CARDS"):
        approve_campaign(ledger, TERMS, keys["lin"], "read", NOW)
    with pytest.raises(ApprovalMissing, match="linewise campaign propose SPRING_CARDS"):
        may_be_exported(ledger, TERMS)
    assert campaigns_seen(ledger) == []


def test_an_approval_by_somebody_whom_the_file_does_not_name_is_told_and_does_not_count(
    ledger: Ledger, keys: dict[str, PersonKey]
):
    terms = a_living(ledger, keys)
    with ledger.engine.connect() as connection:
        unnamed = signatures_of_campaign(connection, terms)
        assert [one.person.name for one in unnamed.approvals] == ["lin"]
    # The names stand in what is signed, so that nobody is put among them afterwards.
    with ledger.writing() as connection:
        connection.execute(update(campaigns).values(approvers='["bo"]'))
        assert "other parts" in signatures_of_campaign(connection, replace(terms, approvers=("bo",))).problems[0]


def test_who_is_erased_stands_in_no_control_by_name(ledger: Ledger, keys: dict[str, PersonKey]):
    with ledger.writing() as connection:
        ledger.writer.customers.find_or_make(connection, ["C1"])
    a_living(ledger, keys)
    erase_customer(ledger, "C1", "asked for", "priv", NOW)
    with ledger.engine.connect() as connection:
        kept = connection.execute(select(campaign_controls.c.customer_id)).scalars().all()
    assert len(kept) == 3
    assert "C1" not in kept
