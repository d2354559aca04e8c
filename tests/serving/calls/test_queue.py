"""The queue guard through the doors: a long queue withdraws what the bank would sell, and nothing that is asked for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from linewise.decisioning.queueing import PROHIBITIVE_AMT
from linewise.ledger.queues import LOAD_STANDS, queue_as_measured
from linewise.ledger.record import read_decision
from serving.scoring.archive import open_archived
from serving.scoring.comparing import differences
from serving.scoring.recommender import Recommender
from serving.scoring.replayer import Replayer
from tests.serving.calls.lines import Line, sold

LONG = {"waiting_count": 30, "agent_count": 5, "handling_seconds": 300, "arrivals_per_hour": 70}
EMPTY = LONG | {"waiting_count": 0}


def called(client: TestClient, customer_id: str, queue: str, load: dict[str, Any]) -> Line:
    return Line(client, customer_id, queue=queue, queue_load=load)


def test_a_long_queue_withdraws_what_the_bank_would_sell_and_the_price_stands_in_the_record(
    client: TestClient, sold_to: Iterator[str], desk: Recommender
):
    customer_id = next(sold_to)
    short, long = (called(client, customer_id, name, load) for name, load in (("q-short", EMPTY), ("q-long", LONG)))
    there, gone = (line.told("answered") for line in (short, long))
    assert [one for one in sold(there) if not one.startswith("PLAN")]
    assert [one for one in sold(gone) if not one.startswith("PLAN")] == []
    prices = [read_decision(desk.ledger, one["decision_id"]).inputs["prices"] for one in (there, gone)]
    assert [one.get("second_amt") for one in prices] == [None, PROHIBITIVE_AMT]


def test_what_a_customer_asks_for_is_the_same_whatever_waits(client: TestClient, sold_to: Iterator[str]):
    customer_id, answers = next(sold_to), []
    for name, load in (("r-short", EMPTY), ("r-long", LONG)):
        line = called(client, customer_id, name, load).in_talk()
        amount = line.read()["decision"]["limit"]["current_amt"] + 200_000
        request = line.told("asked", asked={"what": "limit", "amount_amt": amount})["request"]
        answers.append((request["limit"]["suggested_amt"], request["limit"]["request"]["answer"]))
    assert answers[0] == answers[1]


def test_what_was_put_forward_is_not_taken_back_by_a_queue_that_grows(client: TestClient, sold_to: Iterator[str]):
    line = called(client, next(sold_to), "s", EMPTY).in_talk()
    before = line.read()
    assert sold(before)
    assert client.post("/v1/queue", json={"queue": "s"} | LONG).json()["second_amt"] == PROHIBITIVE_AMT
    assert line.told("tone", tone="hurried")["why"] is None
    assert sold(line.read())


def test_a_queue_is_as_it_was_measured_last_and_after_a_while_unknown(client: TestClient, desk: Recommender):
    told = client.post("/v1/queue", json={"queue": "t"} | LONG)
    assert (told.status_code, told.json()["expected_wait_seconds"]) == (200, pytest.approx(31 * 300 / 5))
    assert client.post("/v1/queue", json={"queue": "t"} | EMPTY).json()["second_amt"] == 0.0
    measured = queue_as_measured(desk.ledger, "t", desk.clock.wall())
    assert measured is not None
    assert measured.waiting_count == 0
    later = measured.recorded_at + LOAD_STANDS + timedelta(seconds=1)
    assert queue_as_measured(desk.ledger, "t", later) is None


@pytest.mark.parametrize("load", [{"agent_count": 0}, {"waiting_count": -1}, {"handling_seconds": 0}, {"queue": ""}])
def test_a_load_that_cannot_be_is_refused(client: TestClient, load: dict[str, Any]):
    assert client.post("/v1/queue", json={"queue": "u"} | LONG | load).status_code == 422


def test_a_decision_at_a_queues_price_replays_to_the_same(
    client: TestClient, sold_to: Iterator[str], desk: Recommender
):
    half = LONG | {"waiting_count": 1, "handling_seconds": 100}
    call = called(client, next(sold_to), "v", half).told("answered")
    record = read_decision(desk.ledger, call["decision_id"])
    assert 0 < record.inputs["prices"]["second_amt"] < PROHIBITIVE_AMT
    again = Replayer(open_archived(desk.settings.paths, record.release_id)).answers([record.inputs])[0]
    assert list(differences(record.answer, again)) == []
