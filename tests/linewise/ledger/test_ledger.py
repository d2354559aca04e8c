"""The ledger: durable, idempotent, and known to the very next decision."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linewise.core.errors import Conflict, NotReady, UnknownDecision
from linewise.core.home import Home
from linewise.ledger.outcomes import Outcome, declines_of, outcomes_of, write_outcome
from linewise.ledger.record import DecisionRecord, read_decision, write_decisions
from linewise.ledger.store import Ledger, open_ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DECLINED = Outcome(
    decision_id="D1",
    customer_id="C1",
    offer_id="CARD_GOLD",
    offer_group="payment_card",
    call_id="call-1",
    agent_id="agent-7",
    outcome="declined",
    reason_code="price",
    note="太贵 <script>",
    occurred_at=NOW,
    recorded_at=NOW,
)


@pytest.fixture
def ledger(home: Home):
    opened = open_ledger(home)
    yield opened
    opened.close()


def a_record(decision_id: str) -> DecisionRecord:
    return DecisionRecord(
        decision_id, "C1", NOW - timedelta(days=1), NOW, "voice", "r1", 7, {"x": None}, {"title": "金卡", "n": [1, 2.5]}
    )


def test_a_decision_is_read_back_word_for_word(ledger: Ledger):
    write_decisions(ledger, [a_record("D1"), a_record("D2")])
    assert read_decision(ledger, "D2") == a_record("D2")


def test_an_unknown_decision_is_not_found(ledger: Ledger):
    with pytest.raises(UnknownDecision, match="'D9'"):
        read_decision(ledger, "D9")


def test_of_several_records_all_or_none_are_written(ledger: Ledger):
    with pytest.raises(Exception, match="UNIQUE"):
        write_decisions(ledger, [a_record("D1"), a_record("D1")])
    with pytest.raises(UnknownDecision):
        read_decision(ledger, "D1")


def test_a_value_that_json_does_not_know_is_refused_before_anything_is_written(ledger: Ledger):
    with pytest.raises(ValueError, match="JSON"):
        write_decisions(ledger, [a_record("D1"), replace(a_record("D2"), answer={"value": float("nan")})])
    with pytest.raises(UnknownDecision):
        read_decision(ledger, "D1")


def test_the_same_answer_sent_twice_is_recorded_once(ledger: Ledger):
    first, is_new = write_outcome(ledger, DECLINED)
    again, is_new_again = write_outcome(ledger, replace(DECLINED, recorded_at=NOW + timedelta(minutes=1)))
    assert (first == again, is_new, is_new_again) == (True, True, False)
    assert len(outcomes_of(ledger, "D1")) == 1


def test_the_same_answer_with_another_reason_is_a_conflict(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    with pytest.raises(Conflict, match="'price'"):
        write_outcome(ledger, replace(DECLINED, reason_code="timing"))
    assert [one["reason_code"] for one in outcomes_of(ledger, "D1")] == ["price"]


def test_many_workers_sending_the_same_answer_record_it_once(ledger: Ledger):
    with ThreadPoolExecutor(8) as workers:
        results = list(workers.map(lambda _: write_outcome(ledger, DECLINED), range(24)))
    assert len({outcome_id for outcome_id, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1


def test_only_refusals_up_to_the_moment_count(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    write_outcome(ledger, replace(DECLINED, outcome="postponed", offer_id="CARD_CLASSIC"))
    write_outcome(ledger, replace(DECLINED, customer_id="C2", decision_id="D2"))
    found = declines_of(ledger, ["C1", "C3"], NOW)
    assert [(one.customer_id, one.offer_id, one.declined_at) for one in found] == [("C1", "CARD_GOLD", NOW)]
    assert declines_of(ledger, ["C1"], NOW - timedelta(seconds=1)) == []


def test_a_slip_is_corrected_by_the_last_answer_to_the_same_offer(ledger: Ledger):
    write_outcome(ledger, DECLINED)
    write_outcome(ledger, replace(DECLINED, outcome="accepted", reason_code=""))
    assert declines_of(ledger, ["C1"], NOW) == []
    assert [one["outcome"] for one in outcomes_of(ledger, "D1")] == ["declined", "accepted"]
    write_outcome(ledger, replace(DECLINED, decision_id="D2"))
    assert len(declines_of(ledger, ["C1"], NOW)) == 1


def test_a_ledger_of_another_version_is_refused_and_left_as_it_is(home: Home):
    open_ledger(home).close()
    with sqlite3.connect(home.ledger_path) as database:
        database.execute("alter table outcomes drop column note")
    database.close()
    before = home.ledger_path.read_bytes()
    with pytest.raises(NotReady, match="another version"):
        open_ledger(home)
    assert home.ledger_path.read_bytes() == before


def test_a_long_list_of_customers_is_looked_up_whole(ledger: Ledger):
    write_outcome(ledger, replace(DECLINED, customer_id="C1999"))
    assert len(declines_of(ledger, (f"C{i}" for i in range(2000)), NOW)) == 1


def test_what_was_written_survives_a_process_that_is_killed_right_after(home: Home):
    words = (
        "import os, sys; from pathlib import Path\n"
        "from linewise.core.home import Home; from linewise.ledger.store import open_ledger\n"
        "from linewise.ledger.record import write_decisions; from tests.linewise.ledger.test_ledger import a_record\n"
        "write_decisions(open_ledger(Home(Path(sys.argv[1]))), [a_record('D1')]); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", words, str(home.root)], check=False)
    assert done.returncode == -9
    assert read_decision(open_ledger(home), "D1") == a_record("D1")
