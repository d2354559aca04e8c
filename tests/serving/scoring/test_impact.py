"""What a release did is counted from the record: shown, suggested, refused, answered and owed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from linewise.core.home import Home
from linewise.ledger.duties import Duty, open_duties
from linewise.ledger.record import DecisionRecord, write_decisions
from linewise.ledger.store import Ledger, open_ledger
from serving.scoring.impact import impact_of

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def a_record(
    number: int, channel: str = "voice", at: datetime = MONDAY, release: str = "R1", **answer: Any
) -> DecisionRecord:
    limit = {"current_amt": 0, "suggested_amt": 0, "binding": "AFFORDABILITY"} | answer.pop("limit", {})
    told = {"currency": "CNY", "offers": [], "limit": limit} | answer
    return DecisionRecord(f"D{number}", f"C{number}", at, at, channel, release, 1, {}, told)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    made = open_ledger(home)
    gold, classic = {"offer_id": "CARD_GOLD"}, {"offer_id": "CARD_CLASSIC"}
    write_decisions(
        made,
        [
            a_record(1, offers=[gold, classic], limit={"current_amt": 100, "suggested_amt": 400, "binding": "VALUE"}),
            a_record(2, "app", offers=[gold], limit={"suggested_amt": 500}),
            a_record(3, "app", at=datetime(2026, 11, 30, tzinfo=UTC)),
            a_record(4, release="R2", offers=[gold]),
        ],
    )
    return made


def test_actions_limits_and_refusals_are_counted(ledger: Ledger):
    total = impact_of(ledger, "R1").total.as_json()
    assert total["decisions"] == 3
    assert total["shown"] == {"CARD_GOLD": 2, "CARD_CLASSIC": 1}
    assert total["with_nothing_shown"] == 1
    # What stands in force already is not suggested anew.
    assert (total["limits_suggested"], total["limits_suggested_sum_amt"]) == (2, 800)
    assert total["limits_suggested_median_amt"] == 400
    assert total["limits_refused"] == {"AFFORDABILITY": 1}


def test_channels_and_weeks_add_up_to_all(ledger: Ledger):
    impact = impact_of(ledger, "R1")
    assert {name: tally.decisions for name, tally in impact.by_channel.items()} == {"voice": 1, "app": 2}
    assert {name: tally.decisions for name, tally in impact.by_week.items()} == {"2026-W48": 2, "2026-W49": 1}


def test_duties_count_for_the_release_whose_decision_opened_them(ledger: Ledger):
    def a_duty(decision_id: str) -> Duty:
        return Duty(
            duty_id=f"U-{decision_id}", decision_id=decision_id, customer_id="C1", rule_id="CN-1", action_id="limit",
            effect="DISCLOSE", what="read it", audience="customer", owner="agent", due_at=MONDAY, is_blocking=True,
            opened_at=MONDAY,
        )  # fmt: skip

    with ledger.engine.begin() as connection:
        open_duties(connection, [a_duty("D1"), a_duty("D4")])
    assert impact_of(ledger, "R1").total.duties == {"DISCLOSE": 1}


def test_a_release_that_decided_nothing_has_no_impact(ledger: Ledger):
    impact = impact_of(ledger, "R9")
    assert (impact.total.decisions, impact.by_channel, impact.unreadable) == (0, {}, 0)
    assert impact.total.as_json()["limits_suggested_median_amt"] is None
