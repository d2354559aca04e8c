"""Signs of gaming: counted for the funnel alone, and told as calls without anybody's name."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from linewise.core.home import Home
from linewise.ledger.listening import CallToHear, Handled, calls_by_lot, calls_with, handled_by_agent
from linewise.ledger.store import open_ledger
from linewise.ledger.team_tallies import Span
from tests.linewise.ledger.told_team import TeamsPast

MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
SPAN = Span(MONDAY, MONDAY + 28 * DAY)
REQUEST = ("asked", '{"is_what_if": false, "what": "limit"}')
WHAT_IF = ("asked", '{"is_what_if": true, "what": "limit"}')


@pytest.fixture
def past(home: Home) -> TeamsPast:
    return TeamsPast(open_ledger(home))


def test_a_not_now_that_led_to_an_order_anywhere_is_no_sign(past: TeamsPast):
    sign = past.call(MONDAY, "postponed", agent="bo")
    past.call(MONDAY + DAY, "postponed", agent="bo", customer="buys")
    past.outcome(MONDAY + 9 * DAY, "D9", "ordered", customer="buys", channel="app")
    # Too young to be judged, and another group.
    past.call(MONDAY + 20 * DAY, "postponed", agent="bo")
    past.outcome(MONDAY + 3 * DAY, "D8", "ordered", customer="C1", group="instalment")
    with past.write().engine.connect() as connection:
        assert handled_by_agent(connection, SPAN)["postponed_never_ordered"] == {"bo": Handled(1, 2)}
        heard = calls_with(connection, SPAN, "postponed_never_ordered", ["bo"], 9)
        assert [one.call_id for one in heard] == [sign]
        assert calls_with(connection, SPAN, "postponed_never_ordered", [], 9) == []


def test_what_customers_are_said_to_ask_for_counts_once_a_call_and_what_ifs_do_not(past: TeamsPast):
    asked = past.call(MONDAY, agent="bo", events=[REQUEST, REQUEST])
    past.call(MONDAY, agent="bo", events=[WHAT_IF])
    past.call(MONDAY, agent="cy", team="south")
    with past.write().engine.connect() as connection:
        assert handled_by_agent(connection, SPAN)["customer_asked"] == {"bo": Handled(1, 2), "cy": Handled(0, 1)}
        assert [one.call_id for one in calls_with(connection, SPAN, "customer_asked", ["bo"], 9)] == [asked]
        south = Span(SPAN.start, SPAN.end, "south")
        assert handled_by_agent(connection, south)["customer_asked"] == {"cy": Handled(0, 1)}


def test_the_lot_is_of_answered_calls_and_the_same_for_one_seed(past: TeamsPast):
    every = {past.call(MONDAY + place * DAY) for place in range(20)}
    with past.write().engine.connect() as connection:
        drawn, again = (calls_by_lot(connection, SPAN, 20, 3, seed=5) for _ in range(2))
        assert {one.call_id for one in calls_by_lot(connection, SPAN, 20, 99, seed=1)} <= every
    assert drawn == again
    assert 1 <= len(drawn) <= 3


def test_a_call_to_hear_names_nobody():
    assert [one.name for one in fields(CallToHear)] == ["call_id", "at", "why"]
