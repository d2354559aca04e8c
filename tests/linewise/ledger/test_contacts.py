"""The one history that contact policy counts: what the customer heard, and the standing answers, in all channels."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from linewise.ledger.contacts import contacts_of
from linewise.ledger.outcomes import Outcome
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import DECLINED, NOW, write_outcome

POSTPONED = replace(DECLINED, outcome="postponed", reason_code="")


def told(ledger: Ledger, *events: Outcome) -> list[tuple[str, str]]:
    for event in events:
        write_outcome(ledger, event)
    return [(one.kind, one.reason_code) for one in contacts_of(ledger, ["C1"], NOW)]


@pytest.mark.parametrize(
    ("channel", "event", "is_heard"),
    [
        ("voice", "shown", False),
        ("branch", "shown", False),
        ("app", "shown", True),
        ("web", "shown", True),
        ("ivr", "shown", True),
        ("voice", "expanded", False),
        ("app", "expanded", False),
        ("voice", "pitched", True),
        ("voice", "disclosure_read", True),
    ],
)
def test_what_stands_on_an_agents_screen_has_not_reached_the_customer(
    ledger: Ledger, channel: str, event: str, is_heard: bool
):
    found = told(ledger, replace(DECLINED, outcome=event, reason_code="", channel=channel))
    assert found == ([("impression", "")] if is_heard else [])


def test_one_offer_of_one_decision_is_one_impression_however_often_it_came_up(ledger: Ledger):
    events = [replace(DECLINED, outcome=event, reason_code="") for event in ("pitched", "disclosure_read", "accepted")]
    assert told(ledger, *events) == [("impression", ""), ("accepted", "")]


def test_that_an_agent_did_not_pitch_is_never_a_customers_refusal(ledger: Ledger):
    assert told(ledger, replace(DECLINED, outcome="not_pitched", reason_code="customer_upset")) == []


def test_a_refusal_taken_down_by_mistake_leaves_nothing_when_it_is_corrected_to_not_pitched(ledger: Ledger):
    assert told(ledger, DECLINED, replace(DECLINED, outcome="not_pitched", reason_code="call_too_short")) == []


@pytest.mark.parametrize("event", ["shown", "expanded", "pitched", "disclosure_read", "complaint_within_30d"])
def test_an_event_that_is_no_answer_does_not_undo_a_refusal(ledger: Ledger, event: str):
    assert ("declined", "price") in told(ledger, DECLINED, replace(DECLINED, outcome=event, reason_code=""))


def test_a_second_not_now_to_the_same_offer_is_a_refusal(ledger: Ledger):
    again = replace(POSTPONED, decision_id="D2", occurred_at=NOW)
    answers = [one for one in told(ledger, POSTPONED, again) if one[0] != "impression"]
    assert answers == [("postponed", ""), ("declined", "postponed_twice")]


@pytest.mark.parametrize(
    "between",
    [
        replace(POSTPONED, offer_id="CARD_CLASSIC", decision_id="D2"),
        replace(POSTPONED, call_id="call-2"),
        replace(POSTPONED, customer_id="C2", decision_id="D2"),
    ],
    ids=["another offer", "the same decision told twice", "another customer"],
)
def test_two_not_nows_that_are_not_about_the_same_suggestion_made_twice_are_no_refusal(
    ledger: Ledger, between: Outcome
):
    assert ("declined", "postponed_twice") not in told(ledger, POSTPONED, between)


def test_after_a_refusal_the_next_not_now_counts_as_the_first(ledger: Ledger):
    days = [replace(POSTPONED, decision_id=f"D{i}") for i in range(4)]
    kinds = [kind for kind, _ in told(ledger, *days) if kind != "impression"]
    assert kinds == ["postponed", "declined", "postponed", "declined"]


@pytest.mark.parametrize(
    ("not_before", "zone", "until"),
    [
        (None, "UTC", NOW + timedelta(days=7)),
        (date(2026, 12, 1), "UTC", datetime(2026, 12, 1, tzinfo=UTC)),
        (date(2026, 12, 1), "Asia/Shanghai", datetime(2026, 11, 30, 16, tzinfo=UTC)),
        (date(2026, 12, 1), "America/New_York", datetime(2026, 12, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_postponed_offer_rests_until_the_day_the_customer_named_in_the_customers_zone(
    ledger: Ledger, not_before: date | None, zone: str, until: datetime
):
    write_outcome(ledger, replace(POSTPONED, not_before=not_before))
    postponed = contacts_of(ledger, ["C1"], NOW)[-1]
    assert (postponed.kind, postponed.rests_until(ZoneInfo(zone))) == ("postponed", until)


@pytest.mark.parametrize(
    ("reason", "refuses_all", "holds"), [("do_not_contact", True, False), ("already_has", False, True)]
)
def test_refusals_of_a_special_kind_are_marked(ledger: Ledger, reason: str, refuses_all: bool, holds: bool):
    write_outcome(ledger, replace(DECLINED, reason_code=reason))
    decline = contacts_of(ledger, ["C1"], NOW)[-1]
    assert (decline.refuses_all, decline.holds_until_change) == (refuses_all, holds)


def test_an_order_stands_as_an_acceptance(ledger: Ledger):
    assert ("accepted", "") in told(ledger, DECLINED, replace(DECLINED, outcome="ordered", reason_code=""))


def test_nothing_that_happened_later_is_known(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    assert contacts_of(ledger, ["C1"], NOW - timedelta(seconds=1)) == []


def test_a_long_list_of_customers_is_looked_up_whole(ledger: Ledger):
    write_outcome(ledger, replace(DECLINED, customer_id="C1999"))
    found = contacts_of(ledger, (f"C{i}" for i in range(2000)), NOW)
    assert {one.customer_id for one in found} == {"C1999"}
