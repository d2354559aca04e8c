"""The bank's gateway takes what waits for customers, with a key of its own, and tells what became of it."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from linewise.core.errors import NotReady
from linewise.core.home import Home
from linewise.core.log_scrubbing import Scrubbing
from linewise.core.settings import Settings
from linewise.ledger.outbox import Message
from serving.access import Access
from serving.access.caller import Caller, caller_of
from serving.doors.errors import tell_errors_plainly
from serving.own_act import gateway
from serving.own_act.messages import address_of_link, text_of_message
from serving.scoring.own_act_desks.agents import AgentsDesk
from tests.serving.own_act.phone_sale import NOW, MakeSale, Sale

MESSAGE = Message("m1", "C1", "a1", "link", "zh-CN", "secret", NOW)


@pytest.fixture
def sale(make_sale: MakeSale, home: Home) -> Sale:
    return make_sale(settings=Settings(home=home.root, public_address="https://bank.test")).yes()


@pytest.fixture
def client(sale: Sale) -> Iterator[TestClient]:
    app, access = FastAPI(), Access(sale.settings)
    app.state.recommender, app.state.access = lambda: sale, access
    app.include_router(gateway.router)
    app.dependency_overrides[caller_of] = lambda: Caller("sms", False, frozenset(), frozenset({"outbox:send"}), "k1")
    tell_errors_plainly(app)
    with TestClient(app) as opened:
        yield opened
    access.close()


def taken(client: TestClient, **body: int) -> list[dict[str, str]]:
    answer = client.post("/v1/outbox/taken", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["messages"]


def test_a_message_is_taken_sent_and_forgotten(client: TestClient, sale: Sale):
    (message,) = taken(client)
    assert f"https://bank.test/own/{sale.token} " in message["text"]
    assert (message["kind"], message["customer_id"], message["language"]) == ("link", sale.customer_id, "zh-CN")
    assert taken(client) == []
    sale.walls.on(minutes=2)
    assert [one["message_id"] for one in taken(client, most=1)] == [message["message_id"]]
    ended = f"/v1/outbox/{message['message_id']}/ended"
    assert [client.post(ended, json={"outcome": "sent"}).json()["is_new"] for _ in range(2)] == [True, False]
    sale.walls.on(minutes=2)
    assert (taken(client), sale.token) == ([], "")


def test_one_that_failed_is_not_sent_again_and_the_agent_sees_it(client: TestClient, sale: Sale):
    (message,) = taken(client)
    client.post(f"/v1/outbox/{message['message_id']}/ended", json={"outcome": "failed"})
    sale.walls.on(minutes=3)
    assert taken(client) == []
    assert [one.message for one in AgentsDesk(lambda: sale).of_call(sale.call_id)] == ["failed"]


def test_a_code_is_sent_in_words_that_warn_and_only_while_it_holds(client: TestClient, sale: Sale):
    taken(client)
    AgentsDesk(lambda: sale).send_code(sale.act.act_id, "anna")
    (message,) = taken(client)
    assert re.search(r"验证码 \d{6}，5分钟内有效.*请勿告诉任何人", message["text"])
    sale.walls.on(minutes=6)
    assert [one["kind"] for one in taken(client)] == ["link"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("taken", {"most": 0}, 422),
        ("taken", {"most": 101}, 422),
        ("taken", {"all": True}, 422),
        ("none/ended", {"outcome": "sent"}, 404),
        ("none/ended", {"outcome": "lost"}, 422),
    ],
)
def test_what_cannot_be_is_refused(client: TestClient, path: str, body: dict[str, object], status: int):
    assert client.post(f"/v1/outbox/{path}", json=body).status_code == status


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_message_says_nothing_that_a_glance_at_a_telephone_tells_others(language: str):
    settings = Settings(public_address="https://bank.test")
    for kind in ("link", "code"):
        text = text_of_message(settings, replace(MESSAGE, kind=kind, language=language, secret="135790"))
        assert not re.search("额度|分期|limit|instal|C1|¥", text.removeprefix("Code").replace("135790", ""))
        assert "135790" in text


@pytest.mark.parametrize("public", [None, "http://bank.test"])
def test_in_production_no_link_is_sent_in_the_clear_or_to_nowhere(public: str | None):
    settings = Settings.model_construct(profile="production", public_address=public, host="10.0.0.1", port=3000)
    with pytest.raises(NotReady, match="public_address"):
        address_of_link(settings, "secret")


def test_the_secret_of_a_link_does_not_reach_the_log():
    token = "Ab3-_" * 9
    record = logging.LogRecord("x", logging.INFO, "f", 1, "%s - GET %s 200", ("1.2.3.4", f"/own/{token}?lang=en"), None)
    Scrubbing().filter(record)
    assert record.getMessage() == "1.2.3.4 - GET /own/…?lang=en 200"
