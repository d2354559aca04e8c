"""What should not come and comes: notes and names of any kind, two agents, two clicks, the way back, wrong clocks.

| what comes | what becomes of it | where it is tested |
|---|---|---|
| emoji, right to left, SQL, script, templates in a note | stored as they are, shown as text | here, `test_pages.py` |
| the same as a name of a customer, call or agent | known to nobody, or refused; shown as text | here |
| NUL and lone surrogates in a note | refused, in plain words | here |
| ten megabytes | refused before they are read | here |
| a body that is no JSON, or not even text | refused in plain words | here, `test_openapi.py` |
| two agents on one call | one has it, the other is refused | here, `calls/test_doors.py` |
| a double click | one event, one outcome | here, `agent/on_call/test_call_pages.py` |
| the way back to a form that was sent | the call as it stands; nothing twice | here |
| a session that ends in a wrap-up | what was typed is given back | `agent/test_signing_in.py` |
| a clock that runs ahead or behind | five minutes at most, never before the ring | here, `calls/test_doors.py` |
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.doors import opened_doors
from tests.serving.homes import home_of_its_own

ODD = {
    "emoji": "👩🏽‍💻🎉 \U0001f9ff",
    "right to left": "\u202egnp.exe \u2067مرحبا\u2069",
    "sql": "'; DROP TABLE outcomes; --",
    "script": "<script>alert(1)</script>",
    "template": "%(title)s {{ 7*7 }} ${x}",
    "controls": "a\u0007b\u001b[31mc",
    "combining": "e" + "\u0301" * 50,
}
UNSAYABLE = {"nul": "a\u0000b", "lone surrogate": "a\ud800b"}

TEN_MB = 10 * 1024 * 1024


@pytest.fixture(scope="module")
def client(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("bad") / "home"))
    settings = load_settings(home=home.root, language="en")
    with opened_doors(settings, ReopeningRecommender(settings), raises=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def helped(client: TestClient) -> dict[str, str]:
    """Something that was put forward: a decision and the id of an offer."""
    for number in range(1, 60):
        made = client.post("/v1/decisions", json={"customer_id": f"C{number:08d}"}).json()
        for offer in made.get("offers", []):
            return {"decision_id": made["decision_id"], "offer_id": offer["offer_id"]}
    raise AssertionError("nobody is offered anything")


def is_plain(answer: object) -> bool:
    told = answer.json()
    return set(told) >= {"error", "detail"} and "Traceback" not in str(told) and "pydantic" not in str(told)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_note_is_kept_as_it_is(client: TestClient, helped: dict[str, str], text: str):
    said = helped | {"outcome": "pitched", "note": text, "call_id": uuid4().hex}
    assert client.post("/v1/outcomes", json=said).status_code == 201
    notes = [one["note"] for one in client.get(f"/v1/decisions/{helped['decision_id']}").json()["outcomes"]]
    assert text in notes


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_name_is_known_to_nobody(client: TestClient, text: str):
    for path, body in (
        ("/v1/decisions", {"customer_id": text}),
        ("/v1/calls", {"call_id": uuid4().hex, "customer_id": text}),
        (f"/v1/calls/{uuid4().hex}/events", {"event_id": "e", "kind": "answered", "agent_id": text}),
    ):
        refused = client.post(path, json=body)
        assert refused.status_code in {404, 422}, (path, refused.text)
        assert is_plain(refused)


@pytest.mark.parametrize("text", UNSAYABLE.values(), ids=UNSAYABLE)
def test_what_no_text_may_hold_is_refused_and_nothing_is_written(client: TestClient, helped: dict[str, str], text: str):
    # As JSON's own escapes: no client could send a lone surrogate as UTF-8.
    escaped = text.encode("ascii", "backslashreplace").decode().replace("\x00", "\\u0000")
    before = client.get(f"/v1/decisions/{helped['decision_id']}").json()["outcomes"]
    told = {"outcome": "pitched", "call_id": uuid4().hex, "note": "NOTE"}
    body = json.dumps(helped | told).replace("NOTE", escaped)
    refused = client.post("/v1/outcomes", content=body, headers={"content-type": "application/json"})
    assert (refused.status_code, is_plain(refused)) == (422, True), refused.text
    assert client.get(f"/v1/decisions/{helped['decision_id']}").json()["outcomes"] == before


@pytest.mark.parametrize("path", ["/v1/outcomes", "/v1/decisions", "/v1/calls", "/agent/sign-in"])
def test_ten_megabytes_are_refused(client: TestClient, path: str):
    refused = client.post(
        path, content=b'{"note": "' + b"x" * TEN_MB + b'"}', headers={"content-type": "application/json"}
    )
    assert (refused.status_code, is_plain(refused)) == (413, True)


def test_ten_megabytes_that_come_in_pieces_are_refused_too(client: TestClient):
    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(TEN_MB // 100_000))

    refused = client.post("/v1/decisions", content=pieces(), headers={"content-type": "application/json"})
    assert (refused.status_code, is_plain(refused)) == (413, True), refused.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b'{"customer_id": NaN}', b"null"])
def test_a_body_that_is_no_request_is_refused_in_plain_words(client: TestClient, body: bytes):
    refused = client.post("/v1/decisions", content=body, headers={"content-type": "application/json"})
    assert (refused.status_code, is_plain(refused)) == (422, True), refused.text


def ring(client: TestClient) -> str:
    call_id = uuid4().hex
    body = {"call_id": call_id, "customer_id": "C00000011", "is_identity_verified": True}
    assert client.post("/v1/calls", json=body).status_code == 201
    return f"/v1/calls/{call_id}"


def test_of_two_agents_one_has_the_call_and_the_other_changes_nothing(client: TestClient):
    call = ring(client)
    taken = {"event_id": "1", "kind": "answered", "source": "agent", "agent_id": "anna"}
    assert client.post(f"{call}/events", json=taken).status_code == 201
    late = client.post(f"{call}/events", json=taken | {"event_id": "2", "agent_id": "bert"})
    marked = {"event_id": "3", "kind": "flagged", "flag": "complaint", "source": "agent", "agent_id": "bert"}
    assert (late.status_code, client.post(f"{call}/events", json=marked).status_code) == (409, 409)
    told = client.get(call).json()
    assert (told["agent_id"], told["flags"]) == ("anna", [])


def test_a_double_click_and_the_way_back_are_one_event_each(client: TestClient):
    call = ring(client)
    sent = {"event_id": "1", "kind": "answered", "source": "agent", "agent_id": "anna"}
    first, second = (client.post(f"{call}/events", json=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    mark = {"event_id": "2", "kind": "flagged", "flag": "complaint", "source": "agent", "agent_id": "anna"}
    assert client.post(f"{call}/events", json=mark).json()["is_new"]
    # Back to the page of before and sent again: what was told since stands.
    assert client.post(f"{call}/events", json=sent).json()["call"]["flags"] == ["complaint"]
    number = client.get(call).json()["event_number"]
    assert client.post(f"{call}/events", json=mark).json()["call"]["event_number"] == number


@pytest.mark.parametrize(
    ("ahead", "status"),
    [
        (timedelta(minutes=4), 201),
        (timedelta(minutes=6), 422),
        (timedelta(days=-40_000), 422),
        (timedelta(days=-1), 422),
    ],
)
def test_a_clock_that_differs_may_be_minutes_ahead_and_never_before_the_ring(
    client: TestClient, ahead: timedelta, status: int
):
    call = ring(client)
    rang_at = datetime.fromisoformat(client.get(call).json()["rang_at"])
    told = {"event_id": "1", "kind": "answered", "agent_id": "anna", "at": (rang_at + ahead).isoformat()}
    answer = client.post(f"{call}/events", json=told)
    assert answer.status_code == status, answer.text
    assert answer.is_success or is_plain(answer)
