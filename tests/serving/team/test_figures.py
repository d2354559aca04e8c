"""A team's figures: true to what was told, silent on a handful, and of nobody in person."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from linewise.core.home import Home
from linewise.ledger.store import Ledger, open_ledger
from linewise.quality.shares import Share
from serving.team.figures import TeamFigures, team_figures
from tests.linewise.ledger.told_team import TeamsPast

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
REQUEST = ("asked", '{"is_what_if": false}')


def a_past(ledger: Ledger) -> TeamsPast:
    """Ten agents over eight weeks: all do alike but two, of whom customers ask for everything or never order."""
    past = TeamsPast(ledger)
    for day in range(56):
        for place in range(10):
            at = NOW - day * DAY - place * 7 * MINUTE
            agent, turn = f"agent-{place}", (day + place) % 4
            told: list[str | tuple[str, str]] = ["shown"]
            told += [
                ["pitched", "accepted", "ordered"], ["pitched", ("declined", "price")],
                [("not_pitched", "customer_upset")], ["pitched", ("postponed", "timing")],
            ][turn]  # fmt: skip
            asks = place == 0 or (day + place) % 9 == 0
            past.call(at, *told, agent=agent, events=[REQUEST] if asks else [], customer=f"C{place}-{day // 8}")
    for week in range(1, 27):
        past.outcome(NOW - week * 7 * DAY - DAY, f"old-{week}", "complaint_within_30d", "price")
    for hour in range(8):
        past.outcome(NOW - DAY - hour * MINUTE, f"new-{hour}", "complaint_within_30d", "terms", offer="LIMIT")
    return past


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamFigures]:
    ledger = open_ledger(Home(tmp_path_factory.mktemp("team")))
    a_past(ledger).write()
    yield team_figures(ledger, NOW, "Asia/Shanghai")
    ledger.close()


def test_what_was_shown_and_answered_is_counted(figures: TeamFigures):
    assert figures.call_count == 280
    assert figures.pitched == Share(210, 280)
    assert figures.accepted == Share(70, 210)
    assert figures.taken == Share(70, 280)
    assert figures.by_product == {"CARD_GOLD": Share(70, 210)}
    assert [(one.reason_code, one.count) for one in figures.reasons["not_pitched"]] == [("customer_upset", 70)]
    assert [one.call_count for one in figures.buckets] == [10] * 28
    assert figures.kept.orders.ordered == figures.kept.orders.kept > 0
    assert figures.kept.per_thousand_calls == pytest.approx(1000 * figures.kept.orders.kept / figures.kept.call_count)
    assert (figures.times.to_suggestion_seconds, figures.times.with_pitch_seconds) == (60.0, 240.0)


def test_a_spike_is_told_against_the_history_of_its_own(figures: TeamFigures):
    # Eight complaints of the terms of raises within a week, and none before; those of prices are as ever.
    assert {(one.kind, one.name, one.counts[-1]) for one in figures.complaints.spikes} == {
        ("product", "LIMIT", 8), ("reason", "terms", 8),
    }  # fmt: skip
    assert ("reason", "price") in {(one.kind, one.name) for one in figures.complaints.series}


def test_what_agents_say_of_marked_complaints_raises_the_alarm_of_product_rule_and_reason(home: Home):
    past = TeamsPast(open_ledger(home))
    for day in range(7 * 27):
        past.call(NOW - day * DAY - MINUTE)
    said = {"about": "LIMIT", "reason_code": "terms", "decision_id": "D", "rule_ids": ["BANK-NEW"]}
    mark = ("flagged", json.dumps({"flag": "complaint", "complaint": said}, sort_keys=True))
    called = [past.call(NOW - DAY - hour * MINUTE, events=[mark], team="south") for hour in range(8)]
    # The same complaint told of the raise as well, in the same call, counts once.
    past.outcome(NOW - DAY, "D1", "complaint_within_30d", "terms", offer="LIMIT", call_id=called[0])
    found = team_figures(past.write(), NOW, "UTC").complaints
    assert {(one.kind, one.name, one.counts[-1]) for one in found.spikes} == {
        ("product", "LIMIT", 8), ("reason", "terms", 8), ("rule", "BANK-NEW", 7), ("marked", "", 8),
    }  # fmt: skip
    assert found.totals[-1] == 8


def test_who_handles_calls_far_otherwise_is_listened_to_and_not_named(figures: TeamFigures):
    whys = {one.why for one in figures.to_hear}
    assert whys == {"customer_asked", "by_lot"}
    assert "agent-" not in json.dumps(asdict(figures), default=str)


def test_of_a_team_of_a_handful_no_share_is_told(home: Home):
    past = TeamsPast(open_ledger(home))
    for place in range(9):
        past.call(NOW - place * MINUTE, "shown", "pitched", "accepted")
    found = team_figures(past.write(), NOW, "UTC", "weeks", "north")
    assert (found.accepted.ratio, found.kept.per_thousand_calls) == (None, None)
    assert (found.times.to_suggestion_seconds, found.times.to_suggestion_count) == (None, 9)
    assert not found.is_empty
    assert team_figures(past.ledger, NOW, "UTC", "days", "south").is_empty


@pytest.mark.parametrize("call_count", [20, 200])
def test_how_often_the_ledger_is_asked_does_not_depend_on_how_much_is_in_it(home: Home, call_count: int):
    past = TeamsPast(open_ledger(home))
    for place in range(call_count):
        past.call(NOW - place * MINUTE, "shown", "pitched", "accepted", agent=f"a{place % 7}")
    ledger, asked = past.write(), []
    event.listen(ledger.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    team_figures(ledger, NOW, "UTC")
    assert len([one for one in asked if one.startswith("SELECT")]) == QUESTIONS


QUESTIONS = 129
"""Three a bucket, one a week of complaints, and those that there are once."""
