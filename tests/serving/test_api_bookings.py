"""The core system's door: what was quoted is booked once, and each mistake has its own answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.doors import opened_doors


@pytest.fixture(scope="module")
def client(served_home: Home) -> Iterator[TestClient]:
    settings = load_settings(home=served_home.root, language="en")
    with opened_doors(settings, ReopeningRecommender(settings)) as opened:
        yield opened


@pytest.fixture(scope="module")
def quotes(client: TestClient) -> list[dict]:
    """The quotes of some customers' decisions, in full."""
    found = []
    for number in range(400, 700):
        found += client.post("/v1/decisions", json={"customer_id": f"C{number:08d}"}).json()["quotes"]
        if len({one["decision_id"] for one in found}) > 3:
            return found
    raise AssertionError("hardly anybody is quoted anything")


def booking_of(quote: dict, reference: str, **changes: object) -> dict:
    return {"quote_id": quote["quote_id"], "amount_amt": quote["amount_amt"], "core_reference": reference} | changes


def test_what_an_answer_shows_stands_until_a_date(client: TestClient, quotes: list[dict]):
    one = quotes[0]
    assert one["status"] == "standing"
    assert datetime.fromisoformat(one["valid_until"]) > datetime.fromisoformat(one["made_at"]) + timedelta(hours=23)
    read = client.get(f"/v1/decisions/{one['decision_id']}", params={"view": "agent"}).json()
    assert {"quote_id", "amount_amt", "valid_until"} <= set(read["quotes"][0])
    assert "pot" not in read["quotes"][0]


def test_the_next_decision_in_another_channel_finds_the_same_quotes(client: TestClient, quotes: list[dict]):
    decision_id = quotes[0]["decision_id"]
    customer_id = client.get(f"/v1/decisions/{decision_id}").json()["customer_id"]
    mine = {one["action_id"]: one["quote_id"] for one in quotes if one["decision_id"] == decision_id}
    again = client.post("/v1/decisions", json={"customer_id": customer_id, "channel": "branch"}).json()["quotes"]
    shared = [one for one in again if one["action_id"] in mine]
    assert shared
    assert all(one["quote_id"] == mine[one["action_id"]] for one in shared)


def test_a_booking_is_new_once(client: TestClient, quotes: list[dict]):
    body = booking_of(quotes[0], "core-api-1")
    first, again = client.post("/v1/bookings", json=body), client.post("/v1/bookings", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() | {"is_new": False} == again.json()
    taken_back = {"quote_id": quotes[0]["quote_id"], "reason": "cooling off"}
    assert client.post("/v1/bookings/cancelled", json=taken_back).status_code == 201
    assert client.post("/v1/bookings/cancelled", json=taken_back).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"quote_id": "no-such"}, 404, "UnknownQuote"),
        ({"amount_amt": 3}, 409, "Conflict"),
        ({"amount_amt": -5}, 422, "UsageError"),
        ({"core_reference": " "}, 422, "UsageError"),
        ({"booked_at": "2999-01-01T00:00:00Z"}, 422, "UsageError"),
        ({"amount_amt": "much"}, 422, "MalformedRequest"),
    ],
)
def test_each_mistake_has_its_own_answer(
    client: TestClient, quotes: list[dict], changes: dict, status: int, error: str
):
    standing = next(one for one in quotes if one["decision_id"] != quotes[0]["decision_id"])
    answer = client.post("/v1/bookings", json=booking_of(standing, "core-api-2", **changes))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
