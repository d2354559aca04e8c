"""Every door but those of health asks who is there: without a key 401, with too small a one 403, too often 429."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import BankMissing
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.ledger.api_keys import list_keys, revoke_key
from linewise.ledger.sessions import open_session
from linewise.ledger.store import open_ledger
from serving.access import Access, gate
from serving.api import make_app
from tests.serving.access.people import quick_settings, with_users
from tests.serving.doors import headers_of

DECISION = {"customer_id": "C1"}
OUTCOME = {"decision_id": "D1", "offer_id": "X", "outcome": "accepted"}
BOOKING = {"quote_id": "Q1", "amount_amt": 1, "core_reference": "r"}
QUEUE = {"queue": "q", "waiting_count": 1, "agent_count": 1, "handling_seconds": 60}
EVENT = {"event_id": "e1", "kind": "ended"}
DOORS = [
    ("POST", "/v1/decisions", DECISION, "decisions:write"),
    ("GET", "/v1/decisions/D1", None, "decisions:read"),
    ("POST", "/v1/outcomes", OUTCOME, "outcomes:write"),
    ("POST", "/v1/bookings", BOOKING, "bookings:write"),
    ("POST", "/v1/bookings/cancelled", {"quote_id": "Q1", "reason": "x"}, "bookings:write"),
    ("POST", "/v1/queue", QUEUE, "calls:write"),
    ("POST", "/v1/calls", {"call_id": "c1", "customer_id": "C1"}, "calls:write"),
    ("POST", "/v1/calls/c1/events", EVENT, "calls:write"),
    ("GET", "/v1/calls/c1", None, "calls:read"),
    ("GET", "/v1/calls/c1/stream", None, "calls:read"),
    ("POST", "/v1/outbox/taken", {}, "outbox:send"),
    ("POST", "/v1/outbox/m1/ended", {"outcome": "sent"}, "outbox:send"),
]


def no_bank() -> None:
    raise BankMissing("here")


@pytest.fixture
def settings(home: Home) -> Settings:
    return quick_settings(home, workers=1)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    access = Access(settings)
    with TestClient(make_app(no_bank, access)) as opened:
        yield opened
    access.close()


def asked(client: TestClient, door: tuple, headers: dict[str, str]) -> tuple[int, str]:
    method, path, body, _ = door
    answer = client.request(method, path, json=body, headers=headers)
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize("door", DOORS, ids=lambda one: f"{one[0]} {one[1]}")
def test_a_door_opens_to_its_own_scope_alone(client: TestClient, settings: Settings, door: tuple) -> None:
    mine = headers_of(settings, door[3], "view:customer")
    others = headers_of(settings, *({one[3] for one in DOORS} - {door[3]}), "view:auditor")
    assert asked(client, door, mine) == (503, "BankMissing")
    assert asked(client, door, others) == (403, "NotAllowed")
    assert asked(client, door, {}) == (401, "NotSignedIn")
    assert asked(client, door, {"Authorization": "Bearer lw_000000000000_guessed"}) == (401, "NotSignedIn")
    assert asked(client, door, {"Authorization": "Basic b2xnYTpvbGdh"}) == (401, "NotSignedIn")


def test_every_door_of_the_description_is_among_these(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    named = {"{decision_id}": "D1", "{call_id}": "c1", "{message_id}": "m1"}
    described = {
        (method.upper(), "/".join(named.get(part, part) for part in path.split("/")))
        for path in paths
        for method in paths[path]
    }
    assert {(one[0], one[1]) for one in DOORS} == described
    assert all("401" in paths[path][method]["responses"] for path in paths for method in paths[path])


def test_who_is_not_known_is_told_how_to_say_who_they_are(client: TestClient, settings: Settings) -> None:
    headers_of(settings)
    assert client.post("/v1/decisions", json=DECISION).headers["WWW-Authenticate"] == "Bearer"


def test_where_nobody_was_made_yet_every_door_says_what_to_run(client: TestClient) -> None:
    for door in DOORS:
        answer = client.request(door[0], door[1], json=door[2])
        assert (answer.status_code, answer.json()["error"]) == (503, "NobodyMayEnter")
        assert "linewise user add" in answer.json()["detail"]
        assert "linewise apikey create" in answer.json()["detail"]
    page = client.get("/agent/sign-in?lang=en")
    assert (page.status_code, "linewise user add NAME --role agent" in page.text) == (503, True)


@pytest.mark.parametrize(("days", "is_let_in"), [(0.9, True), (1.1, False)])
def test_a_key_past_its_last_day_opens_nothing(
    client: TestClient, settings: Settings, days: float, is_let_in: bool
) -> None:
    made_at = datetime.now(UTC) - timedelta(days=days)
    key = headers_of(settings, now=made_at)
    headers_of(settings)
    assert asked(client, DOORS[0], key)[0] == (503 if is_let_in else 401)


def test_a_revoked_key_opens_nothing_once_what_was_remembered_is_over(
    client: TestClient, settings: Settings, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = headers_of(settings)
    assert asked(client, DOORS[0], key)[0] == 503
    ledger = open_ledger(home)
    revoke_key(ledger, list_keys(ledger)[0].key_id, "lost", "olga", datetime.now(UTC))
    ledger.close()
    now = gate.time.monotonic()
    monkeypatch.setattr(gate.time, "monotonic", lambda: now + gate.KEPT_SECONDS)
    headers_of(settings)
    assert asked(client, DOORS[0], key) == (401, "NotSignedIn")


def test_a_key_that_asks_too_often_is_told_when_to_come_again(home: Home) -> None:
    settings = quick_settings(home, key_per_minute=3)
    access = Access(settings)
    with TestClient(make_app(no_bank, access)) as client:
        key, other = headers_of(settings), headers_of(settings)
        told = [client.post("/v1/decisions", json=DECISION, headers=key) for _ in range(4)]
        assert [one.status_code for one in told] == [503, 503, 503, 429]
        assert told[-1].headers["Retry-After"] == "20"
        assert client.post("/v1/decisions", json=DECISION, headers=other).status_code == 503
    access.close()


def test_an_address_that_nobody_knows_is_let_guess_so_often_and_no_more(home: Home) -> None:
    settings = quick_settings(home, address_per_minute=5, tls="proxy")
    access = Access(settings)
    headers_of(settings)
    with TestClient(make_app(no_bank, access)) as client:

        def guessed(address: str) -> int:
            # What the proxy adds stands last; whatever stands before it, anybody may have written.
            headers = {"Authorization": "Bearer lw_x_y", "X-Forwarded-For": f"1.2.3.4, {address}"}
            return client.post("/v1/decisions", json=DECISION, headers=headers).status_code

        assert [guessed("10.0.0.1") for _ in range(6)] == [401] * 5 + [429]
        assert guessed("10.0.0.2") == 401
    access.close()


def test_a_person_s_session_reads_over_this_door_and_changes_nothing(
    client: TestClient, settings: Settings, home: Home
) -> None:
    with_users(settings, {"li.na": ("agent",), "zhao": ("operator",)})
    ledger = open_ledger(home)
    client.cookies.set("linewise_session", open_session(ledger, "li.na", datetime.now(UTC)))
    assert asked(client, DOORS[1], {}) == (503, "BankMissing")
    assert asked(client, DOORS[0], {}) == (403, "NotAllowed")
    client.cookies.set("linewise_session", open_session(ledger, "zhao", datetime.now(UTC)))
    assert asked(client, DOORS[1], {}) == (403, "NotAllowed")
    ledger.close()


def test_the_demo_s_key_opens_nothing_outside_the_demo(home: Home) -> None:
    from serving.access.demo import let_in_demo

    made = let_in_demo(quick_settings(home))
    outside = load_settings(home=home.root)
    headers_of(outside)
    access = Access(outside)
    with TestClient(make_app(no_bank, access)) as client:
        assert asked(client, DOORS[0], {"Authorization": f"Bearer {made.key}"}) == (401, "NotSignedIn")
    access.close()
