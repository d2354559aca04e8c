"""The page of an agent's own settings over the real ledger, and what the screen of a call makes of them."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from linewise.ledger.preferences import keep_preferences, preferences_of
from serving.agent.preferences import KEYS, Preferences
from serving.scoring.recommender import Recommender
from tests.serving.agent.known_agent import AGENT
from tests.serving.agent.on_call.phone import Phone
from tests.serving.agent.reading import text_of, token_in


@pytest.fixture(autouse=True)
def as_for_everybody(desk: Recommender) -> Iterator[None]:
    """The agent of the next test has chosen nothing."""
    yield
    keep_preferences(desk.ledger, AGENT.name, {}, desk.clock.now())


def save(client: TestClient, **changes: str | None) -> Response:
    """The form of settings as it stands for everybody, with changes; None leaves a field out."""
    page = client.get("/agent/settings?lang=en")
    form = {f"key_{action}": Preferences().letter(action) for action in KEYS}
    form |= {"csrf_token": token_in(page), "mode": "novice", "has_prompts": "yes", "has_keys": "yes"}
    return client.post("/agent/settings", data={k: v for k, v in (form | changes).items() if v is not None})


def test_an_agent_chooses_and_finds_it_again_and_takes_it_back(client: TestClient, desk: Recommender):
    saved = save(client, mode="expert", has_prompts=None, key_accept="z", to="/calls/x")
    assert "Saved." in text_of(saved)
    assert re.search(r'name="mode" value="expert" checked', saved.text)
    assert re.search(r'name="has_keys" value="yes" checked', saved.text)
    assert not re.search(r'name="has_prompts" value="yes" checked', saved.text)
    assert re.search(r'name="key_accept" value="Z"', saved.text)
    assert 'href="/agent/calls/x"' in saved.text
    save(client, reset="yes")
    assert preferences_of(desk.ledger, AGENT.name) == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key_accept": "N"}, "the key N does two things, “Accept” and “Not now”"),
        ({"key_accept": ""}, "for “Accept” is no key"),
        ({"key_accept": "接"}, "“接” for “Accept” is no key"),
        ({"key_help": "F1"}, "“F1” for “All keys” is no key"),
        ({"key_pull": None}, "for “Get recommendations” is no key"),
        ({"key_accept": "<script>"}, "“<script>” for “Accept” is no key"),
    ],
)
def test_a_key_that_cannot_be_is_told_and_what_was_typed_stays(
    client: TestClient, desk: Recommender, changes: dict[str, str | None], said: str
):
    refused = save(client, mode="expert", key_talk="8", **changes)
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert re.search(r'name="key_talk" value="8"', refused.text)
    assert preferences_of(desk.ledger, AGENT.name) == {}


@pytest.mark.parametrize("to", ["https://elsewhere.test/", "//elsewhere.test", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_by_the_way_back(client: TestClient, to: str):
    assert 'href="/agent/"' in save(client, to=to).text


def test_a_compact_screen_folds_words_and_shows_the_same(phone: Phone):
    phone.in_talk()
    assert re.search(r'<div class="talk"><h4>You may say</h4>', phone.page.text)
    assert re.search(r'<details class="rebuttals" id="rebuttals-1" open>', phone.page.text)
    form = {"csrf_token": token_in(phone.page), "mode": "expert", "to": f"/calls/{phone.call_id}"}
    compact = phone.client.post("/agent/settings/mode", data=form)
    assert compact.url.path == phone.place
    assert re.search(r'<details class="talk folded" id="talk-1"><summary>You may say</summary>', compact.text)
    assert re.search(r'<details class="rebuttals" id="rebuttals-1">', compact.text)
    assert "View with words open" in text_of(compact)


def test_without_prompts_nothing_surfaces_until_the_agent_gets_it(phone: Phone, desk: Recommender):
    save(phone.client, has_prompts=None)
    phone.in_talk()
    assert not phone.is_sold
    assert 'data-says=""' in phone.page.text
    assert desk.outcomes_of(phone.told()["decision_id"]) == []
    pull = re.search(r'href="\?show=([^"]+)" data-pull', phone.page.text)
    assert pull is not None
    phone.open(show=pull[1])
    assert phone.is_sold


def test_keys_say_what_was_chosen_and_are_silent_when_switched_off(phone: Phone):
    save(phone.client, key_accept="Z", key_help="H", key_hang_up="/")
    phone.in_talk()
    assert 'value="accepted" aria-keyshortcuts="Alt+Z"' in phone.page.text
    assert "&#34;KeyZ&#34;: &#34;accept&#34;" in phone.page.text
    save(phone.client, has_keys=None)
    phone.open()
    assert "Alt" not in phone.text
    assert "aria-keyshortcuts" not in phone.page.text
    assert "data-keys" not in phone.page.text


def test_settings_are_for_who_is_called(client: TestClient):
    page = client.get("/agent/settings?lang=zh-CN")
    assert "启用下列 Alt 快捷键" in text_of(page)
    assert client.get("/agent/settings/mode").url.path == "/agent/settings"
    assert client.post("/agent/settings", data={"mode": "expert"}).status_code == 403
