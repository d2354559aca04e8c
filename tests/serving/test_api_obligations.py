"""Over HTTP: what a customer asks for, what is owed because of a decision, and an order that has to wait."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.release_tables import stops
from linewise.ledger.stops import stop
from linewise.ledger.store import open_ledger
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from tests.linewise.ledger.signers import NOW
from tests.serving.doors import opened_doors

ASKED = {"what": "limit", "act": "recording", "reference": "rec-1", "amount_amt": 9_000_000}


@pytest.fixture(scope="module")
def recommender(served_home: Home) -> Recommender:
    return open_recommender(load_settings(home=served_home.root, language="en"))


@pytest.fixture(scope="module")
def client(recommender: Recommender) -> Iterator[TestClient]:
    with opened_doors(recommender.settings, lambda: recommender, raises=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def offered(client: TestClient) -> dict:
    """The full answer of a customer who is offered something for which something must be disclosed."""
    for number in range(200, 400):
        answer = client.post("/v1/decisions", json={"customer_id": f"C{number:08d}"}).json()
        shown = {one["offer_id"] for one in answer["offers"]}
        if any(one["is_blocking"] and one["action_id"] in shown for one in answer["duties"]):
            return answer
    raise AssertionError("nothing is owed to anybody")


def test_an_order_waits_until_what_is_owed_before_it_is_done(client: TestClient, offered: dict):
    blocking = [one for one in offered["duties"] if one["is_blocking"]]
    offer_id = next(one["action_id"] for one in blocking)
    body = {"decision_id": offered["decision_id"], "offer_id": offer_id, "agent_id": "agent-1"}
    refused = client.post("/v1/outcomes", json=body | {"outcome": "ordered"})
    assert (refused.status_code, refused.json()["error"]) == (409, "Conflict")
    assert blocking[0]["duty_id"] in refused.json()["detail"]
    assert client.post("/v1/outcomes", json=body | {"outcome": "disclosure_read"}).status_code == 201
    duties = client.get(f"/v1/decisions/{offered['decision_id']}").json()["duties"]
    still = [one for one in duties if one["is_blocking"] and one["is_open"] and one["action_id"] in (offer_id, "")]
    assert not [one for one in still if one["effect"] == "DISCLOSE" and one["audience"] == "agent"]
    ordered = client.post("/v1/outcomes", json=body | {"outcome": "ordered"})
    assert ordered.status_code == (409 if still else 201)


def test_an_agent_reads_duties_in_words_without_rules(client: TestClient, offered: dict):
    duties = client.get(f"/v1/decisions/{offered['decision_id']}", params={"view": "agent"}).json()["duties"]
    assert duties
    assert all("rule_id" not in one and one["audience"] in {"agent", "customer"} for one in duties)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reference": ""}, "nothing shows it"),
        ({"what": "money"}, "asked.what"),
        ({"act": "hearsay"}, "asked.act"),
        ({"amount_amt": 0}, "asked.amount_amt"),
        ({"amount_amt": -1}, "asked.amount_amt"),
        ({"amount_amt": 10**12 + 1}, "no line of credit is as high as that"),
        ({"action_id": "TEMPORARY-45"}, "At most 31 are possible"),
        ({"asked_at": "2999-01-01T00:00:00Z"}, "yet to come"),
    ],
)
def test_a_claim_without_evidence_is_refused(client: TestClient, changes: dict, said: str):
    answer = client.post("/v1/decisions", json={"customer_id": "C00000010", "asked": ASKED | changes})
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.text


def test_every_request_for_a_limit_has_its_answer_and_what_would_change_it(client: TestClient):
    answers = set()
    for number in range(10, 40):
        for action_id in ("", "TEMPORARY-20"):
            body = {"customer_id": f"C{number:08d}", "asked": ASKED | {"action_id": action_id}}
            told = client.post("/v1/decisions", json=body).json()["limit"]
            request = told["request"]
            assert request["kind"] == ("temporary" if action_id else "permanent")
            assert (request["answer"] == "countered") == (request["counter_amt"] is not None)
            assert told["principal_reasons"] or request["answer"] == "approved"
            assert all(change["text"] for change in request["what_would_change"])
            answers.add(request["answer"])
    assert answers <= {"approved", "countered", "referred", "declined"}
    assert "declined" in answers


def test_what_is_asked_for_with_evidence_is_decided(client: TestClient):
    assert client.post("/v1/decisions", json={"customer_id": "C00000010", "asked": ASKED}).status_code == 201


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("declined", ""), ("declined", "customer_upset"), ("not_pitched", "price"), ("ordered", "price"), ("shown", "x")],
)
def test_a_reason_that_is_not_the_outcomes_own_is_refused(client: TestClient, offered: dict, outcome: str, reason: str):
    body = {"decision_id": offered["decision_id"], "offer_id": offered["offers"][0]["offer_id"]}
    assert client.post("/v1/outcomes", json=body | {"outcome": outcome, "reason_code": reason}).status_code == 422


def test_a_stopped_release_answers_403_with_the_reason(client: TestClient, served_home: Home, recommender: Recommender):
    ledger, release_id = open_ledger(served_home), recommender.versions.release_id
    stop(ledger, "release", release_id, "wrong limits", "anna", NOW)
    answer = client.post("/v1/decisions", json={"customer_id": "C00000010"})
    try:
        assert (answer.status_code, answer.json()["error"]) == (403, "ApprovalMissing")
        assert "wrong limits" in answer.json()["detail"]
    finally:
        # The people who could lift it are registered by another file, or not at all.
        with ledger.writing() as connection:
            connection.execute(delete(stops).where(stops.c.target == release_id))
        ledger.close()
