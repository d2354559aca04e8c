"""What is counted of a team: each action once, by the answer that stands, in the bucket of its first answer."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from linewise.core.home import Home
from linewise.ledger.complaint_tallies import complaints, marked_complaints
from linewise.ledger.kept_orders import KeptOrders, kept_orders
from linewise.ledger.layout import make_tables
from linewise.ledger.store import open_ledger
from linewise.ledger.team_tallies import Span, answered_calls, reasons, standing_answers, teams, told_count
from linewise.ledger.team_times import CallTime, call_times
from tests.linewise.ledger.told_team import TeamsPast

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Span(MONDAY - timedelta(hours=2), MONDAY + 6 * DAY)
EDGES = [WEEK.start + place * DAY for place in range(1, 7)]


@pytest.fixture
def past(home: Home) -> TeamsPast:
    return TeamsPast(open_ledger(home))


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        (("shown", "pitched", "accepted"), ["accepted"]),
        (("accepted", "disclosure_read", "ordered"), ["ordered"]),
        (("declined", "accepted"), ["accepted"]),
        (("accepted", "ordered", "declined"), ["declined"]),
        (("shown",), []),
    ],
)
def test_of_an_action_the_last_answer_stands(past: TeamsPast, told: tuple[str, ...], stands: list[str]):
    past.call(MONDAY, *told)
    with past.write().engine.connect() as connection:
        assert [one.answer for one in standing_answers(connection, WEEK, EDGES)] == stands


def test_an_action_counts_in_the_bucket_of_its_first_answer_and_once(past: TeamsPast):
    past.call(MONDAY, "declined")
    past.outcome(MONDAY + 2 * DAY, "D1", "accepted", call_id="later")
    past.call(MONDAY + DAY, "accepted")
    with past.write().engine.connect() as connection:
        found = standing_answers(connection, WEEK, EDGES)
    assert [(one.bucket, one.answer, one.count) for one in found] == [(0, "accepted", 1), (1, "accepted", 1)]


def test_what_an_agent_spoke_of_and_the_customer_orders_alone_is_of_that_call(past: TeamsPast):
    call_id = past.call(MONDAY, "accepted", customer="buys")
    past.outcome(MONDAY + timedelta(hours=3), "D1", "ordered", call_id=call_id, customer="buys", channel="web")
    with past.write().engine.connect() as connection:
        north = Span(WEEK.start, WEEK.end, "north")
        assert [one.answer for one in standing_answers(connection, north, EDGES)] == ["ordered"]
        assert kept_orders(connection, north).ordered == 1


def test_what_happens_in_an_app_is_no_teams(past: TeamsPast):
    past.outcome(MONDAY, "app", "shown", agent="", channel="app")
    past.outcome(MONDAY, "app", "accepted", agent="", channel="app")
    past.call(MONDAY, "shown", ("not_pitched", "customer_upset"))
    past.call(MONDAY, "shown", ("declined", "price"), team="south")
    with past.write().engine.connect() as connection:
        north = Span(WEEK.start, WEEK.end, "north")
        assert [told_count(connection, span, "shown") for span in (WEEK, north)] == [2, 1]
        assert [(one.answer, one.reason_code) for one in reasons(connection, WEEK)] == [
            ("declined", "price"), ("not_pitched", "customer_upset"),
        ]  # fmt: skip
        assert [one.answer for one in standing_answers(connection, north, EDGES)] == ["not_pitched"]
        assert teams(connection, WEEK) == ["north", "south"]
        assert [answered_calls(connection, span) for span in (WEEK, north)] == [2, 1]
        assert answered_calls(connection, Span(MONDAY + DAY, WEEK.end)) == 0


def test_an_order_is_kept_where_nothing_undid_it(past: TeamsPast):
    past.call(MONDAY, "accepted", "ordered")
    for place, end in enumerate(("cancelled_in_cooling_off", "settled_early", "complaint_within_30d", "declined")):
        past.call(MONDAY, "ordered")
        past.outcome(MONDAY + (place + 5) * DAY, f"D{place + 2}", end)
    past.outcome(MONDAY + DAY, "another", "cancelled_in_cooling_off")
    with past.write().engine.connect() as connection:
        assert kept_orders(connection, WEEK) == KeptOrders(5, 1, cancelled=2, settled_early=1, complained=1)
        assert kept_orders(connection, Span(MONDAY + DAY, WEEK.end)) == KeptOrders(0, 0, 0, 0, 0)


def test_a_complaint_carries_the_rules_that_its_offer_stood_under_and_not_the_one_that_answers_it(past: TeamsPast):
    past.call(MONDAY, "ordered")
    past.duty(MONDAY, "D1", "CN-BJ-01-OFFER")
    past.duty(MONDAY, "D1", "OF-ANOTHER", offer="LIMIT")
    past.outcome(MONDAY + DAY, "D1", "complaint_within_30d", "terms")
    past.duty(MONDAY + DAY, "D1", "CN-COMP")
    past.call(MONDAY + DAY, events=[("flagged", '{"flag": "complaint"}'), ("flagged", '{"flag": "complaint"}')])
    past.call(MONDAY + DAY, events=[("flagged", '{"flag": "fraud"}')])
    with past.write().engine.connect() as connection:
        (one,) = complaints(connection, WEEK)
        assert (one.offer_id, one.reason_code, one.rule_ids) == ("CARD_GOLD", "terms", ("CN-BJ-01-OFFER",))
        (marked,) = marked_complaints(connection, WEEK)
        assert (marked.offer_id, marked.reason_code, marked.rule_ids) == ("", "", ())


def test_a_marked_complaint_is_of_what_was_said_last_and_stands_where_it_was_marked(past: TeamsPast):
    def about(thing: str, rule_id: str) -> tuple[str, str]:
        said = {"about": thing, "reason_code": "terms", "decision_id": "D", "rule_ids": [rule_id]}
        return "flagged", json.dumps({"flag": "complaint", "complaint": said}, sort_keys=True)

    bare = ("flagged", '{"flag": "complaint"}')
    call_id = past.call(MONDAY, events=[bare, about("LIMIT", "CN-1"), about("PLAN", "CN-2"), bare])
    past.call(MONDAY, team="south", events=[bare])
    with past.write().engine.connect() as connection:
        (one,) = marked_complaints(connection, Span(WEEK.start, WEEK.end, "north"))
        assert (one.call_id, one.offer_id, one.reason_code, one.rule_ids) == (call_id, "PLAN", "terms", ("CN-2",))


def test_times_run_from_the_answer_and_a_suggestion_counts_where_one_was_shown(past: TeamsPast):
    past.call(MONDAY, "shown", "pitched", minutes=5)
    past.call(MONDAY, minutes=2)
    with past.write().engine.connect() as connection:
        assert list(call_times(connection, WEEK)) == [CallTime(60.0, 300.0, True), CallTime(None, 120.0, False)]


def test_of_many_calls_an_even_share_is_timed(past: TeamsPast):
    for place in range(400):
        past.call(MONDAY + timedelta(seconds=place))
    with past.write().engine.connect() as connection:
        assert 10 <= len(call_times(connection, WEEK, most=40)) <= 80


def test_a_ledger_of_before_gets_the_indexes_that_came_since(home: Home):
    ledger = open_ledger(home)
    with ledger.writing() as connection:
        connection.exec_driver_sql("DROP INDEX outcomes_by_kind")
    make_tables(ledger.database)
    said: list[tuple[str, tuple[object, ...]]] = []
    event.listen(ledger.engine, "before_cursor_execute", lambda *given: said.append(given[2:4]))
    with ledger.engine.connect() as connection:
        told_count(connection, WEEK, "shown")
        statement, given = said[-1]
        told = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        assert "COVERING INDEX outcomes_by_kind" in str(told.all())
