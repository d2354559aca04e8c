"""What became of both arms is looked up in the record, whatever door it came through, and in a file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from linewise.core.home import Home
from linewise.ledger.campaign_batches import Batch, begin_batch, end_batch
from linewise.ledger.campaign_contacts import Claim, claim_contacts, withdraw_claims
from linewise.ledger.outcomes import Outcome
from linewise.ledger.store import Ledger, open_ledger
from serving.campaigns.plan.files import Plan
from serving.campaigns.reporting.following import Followed, follow
from tests.linewise.ledger.builders import write_outcome
from tests.serving.campaigns.plans import ID, list_of, plan_in

SENT = datetime(2026, 12, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = SENT + timedelta(days=40)
WHO = "C000003"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Twenty customers of whom C000003 is offered CARD_GOLD; all may be contacted from SENT on, and 30 days count."""
    return plan_in(tmp_path / "home", list_of(20))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(Home(tmp_path / "record"))
    yield opened
    opened.close()


def told(ledger: Ledger, outcome: str, *, after: timedelta = timedelta(days=3), **changes: object) -> None:
    at = SENT + after
    event = Outcome(
        decision_id="D1", customer_id=WHO, offer_id="CARD_GOLD", offer_group="card", call_id="", agent_id="",
        outcome=outcome, reason_code="", note="", occurred_at=at, recorded_at=at + timedelta(hours=1), channel="app",
    )  # fmt: skip
    write_outcome(ledger, replace(event, **changes))


def flags_of(found: Followed, plan: Plan, customer_id: str = WHO) -> set[str]:
    ids = [one for batch in plan.batches(["customer_id"]) for one in batch.column(0).to_pylist()]
    at = ids.index(customer_id)
    names = ("has_responded", "has_ordered_other", "has_complained", "has_opted_out", "has_heard_same",
             "has_heard_other")  # fmt: skip
    assert sum(int(getattr(found, name).sum()) for name in names) == sum(
        int(getattr(found, name)[at]) for name in names
    )
    return {name.removeprefix("has_") for name in names if getattr(found, name)[at]}


@pytest.mark.parametrize(
    ("outcome", "changes", "flags"),
    [
        ("ordered", {}, {"responded"}),
        ("ordered", {"channel": "voice"}, {"responded"}),
        ("ordered", {"offer_id": "CARD_TRAVEL"}, {"ordered_other"}),
        ("ordered", {"customer_id": "C999999"}, set()),
        ("ordered", {"after": timedelta(seconds=-1)}, set()),
        ("ordered", {"after": timedelta(0)}, {"responded"}),
        ("ordered", {"after": timedelta(days=30, seconds=-1)}, {"responded"}),
        ("ordered", {"after": timedelta(days=30)}, set()),
        ("complaint_within_30d", {}, {"complained"}),
        ("declined", {"reason_code": "do_not_contact"}, {"opted_out", "heard_same"}),
        ("declined", {"reason_code": "price"}, {"heard_same"}),
        ("shown", {}, {"heard_same"}),
        ("shown", {"channel": "voice"}, set()),
        ("pitched", {"channel": "voice", "offer_id": "CASH_INSTALMENT"}, {"heard_other"}),
        ("not_pitched", {"reason_code": "customer_upset"}, set()),
    ],
)
def test_an_outcome_of_the_record_counts_for_what_it_is(
    plan: Plan, ledger: Ledger, outcome: str, changes: dict[str, object], flags: set[str]
):
    told(ledger, outcome, **changes)
    assert flags_of(follow(plan, ledger, LATER), plan) == flags


def test_an_order_that_was_cancelled_is_no_response_and_one_made_anew_is(plan: Plan, ledger: Ledger):
    told(ledger, "ordered")
    told(ledger, "cancelled_in_cooling_off", after=timedelta(days=4))
    assert flags_of(follow(plan, ledger, LATER), plan) == set()
    told(ledger, "ordered", decision_id="D2", after=timedelta(days=5))
    assert flags_of(follow(plan, ledger, LATER), plan) == {"responded"}


def sent(ledger: Ledger, campaign_id: str, status: str = "exported", **changes: object) -> None:
    """An export of a campaign that claims a contact with WHO."""
    batch_id = f"{campaign_id}-1"
    batch = Batch(batch_id, campaign_id, 1, "hash", SENT, "mei", has_bom=False, status="begun")
    claim = Claim("D-of-export", campaign_id, batch_id, WHO, "CARD_GOLD", "card", "sms", SENT, SENT, SENT + DAY)
    with ledger.writing() as connection:
        begin_batch(connection, batch)
        claim_contacts(connection, [replace(claim, **changes)])
        if status != "begun":
            end_batch(connection, batch_id, status, "mei", SENT)


def test_what_the_campaign_itself_said_is_not_heard_elsewhere(plan: Plan, ledger: Ledger):
    sent(ledger, ID)
    told(ledger, "shown", decision_id="D-of-export")
    found = follow(plan, ledger, LATER)
    assert flags_of(found, plan) == set()
    assert found.was_sent is not None and found.was_sent.sum() == 1


@pytest.mark.parametrize(("offer_id", "flags"), [("CARD_GOLD", {"heard_same"}), ("CARD_CLASSIC", {"heard_other"})])
def test_what_another_campaign_sent_was_heard_elsewhere(plan: Plan, ledger: Ledger, offer_id: str, flags: set[str]):
    sent(ledger, "AUTUMN_CARDS", offer_id=offer_id)
    found = follow(plan, ledger, LATER)
    assert flags_of(found, plan) == flags
    assert found.was_sent is None


def test_of_an_export_that_never_ended_nothing_was_sent(plan: Plan, ledger: Ledger):
    sent(ledger, ID, status="begun")
    assert follow(plan, ledger, LATER).was_sent is None


def test_a_contact_that_was_withdrawn_was_not_sent(plan: Plan, ledger: Ledger):
    sent(ledger, ID)
    with ledger.writing() as connection:
        withdraw_claims(connection, {"D-of-export": "opted_out"}, SENT)
    found = follow(plan, ledger, LATER)
    assert found.was_sent is not None and not found.was_sent.any()


def test_nothing_after_now_is_known_and_days_that_go_on_are_not_over(plan: Plan, ledger: Ledger):
    told(ledger, "ordered", after=timedelta(days=3))
    early = follow(plan, ledger, SENT + timedelta(days=2))
    assert not early.has_responded.any() and not early.is_over.any()
    assert follow(plan, ledger, LATER).is_over.all()


def test_a_file_and_the_record_tell_of_one_order_once(plan: Plan, ledger: Ledger, tmp_path: Path):
    told(ledger, "ordered")
    path = tmp_path / "responses.csv"
    path.write_text(f"customer_id,responded_at,value_amt\n{WHO},{date(2026, 12, 6)},12345\n", encoding="utf-8")
    found = follow(plan, ledger, LATER, path)
    assert flags_of(found, plan) == {"responded"}
    assert found.order_amt[found.has_responded].tolist() == [12345.0]
    assert found.read is not None and found.read.used_count == 1


def test_without_a_word_of_what_it_is_worth_an_order_is_worth_what_was_planned(plan: Plan, ledger: Ledger):
    found = follow(plan, ledger, LATER)
    assert found.was_sent is None
    # Values of the list are rounded to a minor unit before they are divided by a small uplift.
    assert np.abs(found.order_amt * found.uplift - found.value_amt).max() < 1e-6
