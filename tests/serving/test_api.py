"""The HTTP doors through a real client: statuses, plain words, nothing of the model in an error."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import RecordFull
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.erasing import erase_customer
from linewise.ledger.store import open_ledger
from serving.scoring.recommender import Recommender
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.doors import opened_doors


@pytest.fixture(scope="module")
def client(served_home: Home) -> Iterator[TestClient]:
    settings = load_settings(home=served_home.root, language="en")
    with opened_doors(settings, ReopeningRecommender(settings)) as opened:
        yield opened


@pytest.fixture(scope="module")
def offered(client: TestClient) -> dict:
    """The full answer of a customer who is offered something."""
    for number in range(100, 200):
        answer = client.post("/v1/decisions", json={"customer_id": f"C{number:08d}"}).json()
        if answer["offers"] and answer["plans"]:
            return answer
    raise AssertionError("nobody is offered anything")


def test_a_decision_is_made_recorded_and_read_back(client: TestClient, offered: dict):
    read = client.get(f"/v1/decisions/{offered['decision_id']}")
    assert read.status_code == 200
    assert read.json() == offered | {"outcomes": read.json()["outcomes"]}


def test_the_agent_view_is_the_same_decision_without_the_numbers(client: TestClient, offered: dict):
    view = client.get(f"/v1/decisions/{offered['decision_id']}", params={"view": "agent"}).json()
    assert view["decision_id"] == offered["decision_id"]
    assert "propensity" not in view["offers"][0]
    assert "curve" not in view["limit"]


@pytest.mark.parametrize(
    ("view", "sees_values", "sees_words"),
    [
        ("customer", False, False),
        ("agent", False, True),
        ("reviewer", True, True),
        ("risk", True, True),
        ("auditor", True, True),
    ],
)
def test_each_view_of_a_decision_holds_its_own_fields(
    client: TestClient, offered: dict, view: str, sees_values: bool, sees_words: bool
):
    seen = client.get(f"/v1/decisions/{offered['decision_id']}", params={"view": view}).json()
    assert ("propensity" in seen["offers"][0], "curve" in seen["limit"]) == (sees_values, sees_values)
    assert ("talk_track" in seen["offers"][0]) is sees_words
    made = client.post(f"/v1/decisions?view={view}", json={"customer_id": offered["customer_id"]}).json()
    assert set(made["limit"]) == set(seen["limit"])


def test_an_unknown_view_is_named(client: TestClient, offered: dict):
    answer = client.get(f"/v1/decisions/{offered['decision_id']}", params={"view": "anyone"})
    assert (answer.status_code, answer.json()["error"]) == (422, "MalformedRequest")


def test_the_sentences_come_in_the_language_asked_for(client: TestClient, offered: dict):
    body = {"customer_id": offered["customer_id"], "language": "zh-CN"}
    chinese = client.post("/v1/decisions", json=body).json()
    assert chinese["offers"][0]["title"] != offered["offers"][0]["title"]
    assert chinese["limit"]["suggested_amt"] == offered["limit"]["suggested_amt"]


def test_an_unverified_caller_is_offered_nothing(client: TestClient, offered: dict):
    body = {"customer_id": offered["customer_id"], "call": {"is_identity_verified": False}}
    answer = client.post("/v1/decisions", json=body).json()
    assert (answer["offers"], answer["plans"]) == ([], [])
    assert answer["limit"]["suggested_amt"] == answer["limit"]["current_amt"]


def test_an_outcome_is_recorded_once_and_said_so(client: TestClient, offered: dict):
    body = {
        "decision_id": offered["decision_id"],
        "offer_id": offered["offers"][0]["offer_id"],
        "outcome": "postponed",
        "call_id": "call-1",
        "agent_id": "agent-1",
        "note": "打电话 \u202e 🙂 <script>alert(1)</script>'; DROP TABLE outcomes;--",
    }
    first, second = client.post("/v1/outcomes", json=body), client.post("/v1/outcomes", json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["outcome_id"] == second.json()["outcome_id"]
    conflicting = client.post("/v1/outcomes", json=body | {"reason_code": "timing"})
    assert (conflicting.status_code, conflicting.json()["error"]) == (409, "Conflict")
    recorded = client.get(f"/v1/decisions/{offered['decision_id']}").json()["outcomes"]
    assert [one["note"] for one in recorded] == [body["note"]]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/decisions", {"customer_id": "nobody"}, 404, "'nobody'"),
        ("/v1/decisions", {}, 422, "customer_id"),
        ("/v1/decisions", {"customer_id": 7}, 422, "customer_id"),
        ("/v1/decisions", {"customer_id": ""}, 422, "customer_id"),
        ("/v1/decisions", {"customer_id": "x" * 65}, 422, "customer_id"),
        ("/v1/decisions", {"customer_id": "C00000001", "channel": "fax"}, 422, "channel"),
        ("/v1/decisions", {"customer_id": "C00000001", "language": "fr"}, 422, "language"),
        ("/v1/decisions", {"customer_id": "C00000001", "colour": "blue"}, 422, "colour"),
        ("/v1/decisions", {"customer_id": "C00000001", "call": {"agent_id": ["a"]}}, 422, "call.agent_id"),
        ("/v1/decisions", [], 422, "the body"),
        ("/v1/outcomes", {"decision_id": "none", "offer_id": "CARD_GOLD", "outcome": "accepted"}, 404, "'none'"),
        ("/v1/outcomes", {"decision_id": "none", "offer_id": "CARD_GOLD", "outcome": "perhaps"}, 422, "outcome"),
        ("/v1/outcomes", {"decision_id": "n", "offer_id": "x", "outcome": "accepted", "note": "x" * 2001}, 422, "note"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_plain_words(client: TestClient, path: str, body: object, status: int, said: str):
    answer = client.post(path, json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "detail"}
    assert said in answer.json()["detail"]
    assert not any(word in answer.text for word in ("pydantic", "loc", "Traceback", "type_error"))


@pytest.mark.parametrize("content", ["{bad", "", "\x00", "null", '{"customer_id": NaN}'])
def test_a_body_that_is_not_json_is_malformed(client: TestClient, content: str):
    answer = client.post("/v1/decisions", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (422, "MalformedRequest")


def test_an_unknown_decision_is_not_found(client: TestClient):
    answer = client.get("/v1/decisions/none")
    assert (answer.status_code, answer.json()["error"]) == (404, "UnknownDecision")


@pytest.mark.parametrize(
    ("parts", "command"),
    [
        ((), "linewise bank import"),
        (("bank",), "linewise features build && linewise features materialize"),
        (("bank", "feast"), "linewise model train"),
    ],
)
def test_a_missing_part_is_503_with_what_to_run(home: Home, served_home: Home, parts: tuple[str, ...], command: str):
    home.data_dir.mkdir(parents=True)
    for part in parts:
        (home.data_dir / part).symlink_to(served_home.data_dir / part)
    settings = load_settings(home=home.root)
    with opened_doors(settings, ReopeningRecommender(settings)) as opened:
        answer = opened.post("/v1/decisions", json={"customer_id": "C00000001"})
    assert answer.status_code == 503
    assert command in answer.json()["detail"]


def test_a_service_that_started_too_early_answers_as_soon_as_its_parts_are_there(home: Home, served_home: Home):
    settings = load_settings(home=home.root)
    with opened_doors(settings, ReopeningRecommender(settings)) as opened:
        body = {"customer_id": "C00000001"}
        assert opened.post("/v1/decisions", json=body).status_code == 503
        for part in ("bank", "feast", "releases"):
            (home.data_dir / part).symlink_to(served_home.data_dir / part)
        assert opened.post("/v1/decisions", json=body).status_code == 201


def test_where_the_record_s_disk_is_full_no_suggestion_leaves(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    def full(*_given: object, **_named: object) -> None:
        raise RecordFull("/bank/ledger.db")

    monkeypatch.setattr("linewise.ledger.group_commit.Writer.write", full)
    answer = client.post("/v1/decisions", json={"customer_id": "C00000123"})
    assert answer.status_code == 507
    assert set(answer.json()) == {"error", "detail"}
    assert "nothing half-written is left" in answer.json()["detail"]
    page = client.post("/agent/decisions", data={"customer_id": "C00000123"})
    assert "CARD" not in page.text


def test_a_decision_on_a_customer_who_was_erased_is_gone_for_good(client: TestClient, served_home: Home):
    made = client.post("/v1/decisions", json={"customer_id": "C00001999"}).json()
    ledger = open_ledger(served_home)
    erase_customer(ledger, "C00001999", "request 114", "privacy.officer", datetime(2026, 11, 25, tzinfo=UTC))
    ledger.close()
    answer = client.get(f"/v1/decisions/{made['decision_id']}")
    assert (answer.status_code, answer.json()["error"]) == (410, "RecordGone")
    assert client.get(f"/agent/decisions/{made['decision_id']}").status_code == 410


def test_an_unexpected_error_tells_the_caller_nothing_and_the_log_everything(
    home: Home, caplog: pytest.LogCaptureFixture
):
    def broken() -> Recommender:
        raise RuntimeError("the secret threshold is 0.15")

    settings = load_settings(home=home.root)
    with opened_doors(settings, broken, raises=False) as opened, caplog.at_level(logging.ERROR):
        answer = opened.post("/v1/decisions", json={"customer_id": "C1"})
    assert (answer.status_code, answer.json()["error"]) == (500, "InternalError")
    assert "secret" not in answer.text
    assert "the secret threshold" in caplog.text


def test_the_bare_address_leads_to_the_agents_screen(client: TestClient):
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/agent/")
    assert client.get("/agent/").status_code == 200


def test_the_openapi_description_names_the_doors_and_their_errors(client: TestClient):
    paths = client.get("/openapi.json").json()["paths"]
    decisions = {"/v1/decisions", "/v1/decisions/{decision_id}", "/v1/outcomes"}
    calls = {
        "/v1/calls",
        "/v1/calls/{call_id}",
        "/v1/calls/{call_id}/events",
        "/v1/calls/{call_id}/stream",
        "/v1/queue",
    }
    outbox = {"/v1/outbox/taken", "/v1/outbox/{message_id}/ended"}
    assert decisions | calls | outbox | {"/v1/bookings", "/v1/bookings/cancelled"} == set(paths)
    assert {"201", "404", "422", "503"} <= set(paths["/v1/decisions"]["post"]["responses"])
