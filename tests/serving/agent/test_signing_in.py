"""Signing in, staying in, being signed out with something typed, and whom an agent may open."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from linewise.core.home import Home
from linewise.ledger.call_telling import ring, tell
from linewise.ledger.calls import PhoneCall, Told
from linewise.ledger.looks import looks_at
from serving.access import Access
from serving.access.local_users import LocalUsers
from serving.agent import agent_app
from tests.serving.access.people import PASSWORD, quick_settings, with_users
from tests.serving.agent.memory_desk import MemoryDesk
from tests.serving.agent.reading import text_of, token_in

PEOPLE = {"li.na": ("agent",), "sup": ("supervisor",), "zhao": ("operator",), "ann": ("auditor",)}
QUARTER = timedelta(minutes=15)


class WallClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def access(home: Home, clock: WallClock) -> Iterator[Access]:
    settings = quick_settings(home)
    with_users(settings, PEOPLE)
    made = Access(settings, now=clock)
    yield made
    made.close()


@pytest.fixture
def app(access: Access, desk: MemoryDesk) -> FastAPI:
    app = FastAPI()
    app.mount("/agent", agent_app(lambda: desk, access, "en"))
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://desk.test")


def sign_in(client: TestClient, name: str = "li.na", password: str = PASSWORD, to: str = "/") -> Response:
    token = token_in(client.get("/agent/sign-in"))
    fields = {"csrf_token": token, "name": name, "password": password}
    return client.post(f"/agent/sign-in?to={to}", data=fields)


def post(client: TestClient, place: str, **fields: str) -> Response:
    return client.post(f"/agent{place}", data={"csrf_token": client.cookies["linewise_form"], **fields})


def opened(client: TestClient, customer_id: str = "2143", **fields: str) -> Response:
    return post(client, "/decisions", customer_id=customer_id, **fields)


# ---- Signing in and out ------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/", "/decisions/none", "/kept", "/kept.json", "/let-in", "/?q=25"])
def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page_and_back(client: TestClient, place: str) -> None:
    page = client.get(f"/agent{place}")
    assert page.url.path == "/agent/sign-in"
    assert "Name" in text_of(page)
    assert "2143" not in page.text
    assert sign_in(client, to=place.split("?", maxsplit=1)[0]).url.path.startswith("/agent/")


def test_the_language_of_the_address_is_that_of_the_sign_in_page(client: TestClient) -> None:
    assert "用户名" in text_of(client.get("/agent/?lang=zh-CN"))
    assert "用户名或密码不正确。" in text_of(sign_in(client, "li.na", "wrong"))


def test_an_agent_signs_in_sees_their_name_and_signs_out(client: TestClient) -> None:
    page = sign_in(client)
    assert "Signed in as li.na Sign out" in text_of(page)
    held = client.cookies["linewise_session"]
    out = post(client, "/sign-out")
    assert "You are signed out." in text_of(out)
    client.cookies.set("linewise_session", held)
    assert client.get("/agent/").url.path == "/agent/sign-in"


def test_a_token_that_a_browser_brought_is_never_taken_over(client: TestClient) -> None:
    client.cookies.set("linewise_session", "fixed-by-somebody-else")
    sign_in(client)
    first = [one.value for one in client.cookies.jar if one.name == "linewise_session"]
    assert "fixed-by-somebody-else" not in {client.cookies.get("linewise_session", domain="desk.test")}
    sign_in(client)
    second = [one.value for one in client.cookies.jar if one.name == "linewise_session"]
    assert set(first) != set(second)


@pytest.mark.parametrize(("scheme", "name"), [("http", "linewise_session"), ("https", "__Host-linewise_session")])
def test_the_cookie_is_out_of_reach_of_scripts_and_bound_to_the_host_over_https(
    app: FastAPI, scheme: str, name: str
) -> None:
    client = TestClient(app, base_url=f"{scheme}://desk.test", follow_redirects=False)
    cookie = next(one for one in sign_in(client).headers.get_list("set-cookie") if "session" in one)
    assert cookie.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert ("Secure" in cookie) is (scheme == "https")
    assert "Max-Age" not in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(("name", "password"), [("li.na", "wrong"), ("nobody", PASSWORD), ("", ""), ("li.na", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_the_same(client: TestClient, name: str, password: str) -> None:
    page = sign_in(client, name, password)
    assert page.status_code == 401
    assert "The name and the password do not fit." in text_of(page)
    assert "session" not in str(page.headers.get_list("set-cookie"))


@pytest.mark.parametrize("name", ["li.na", "nobody"])
def test_after_a_few_failures_the_next_try_waits_and_says_how_long(
    client: TestClient, clock: WallClock, name: str
) -> None:
    assert [sign_in(client, name, "wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
    page = sign_in(client, name)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "2")
    assert "Try again in 2 seconds" in text_of(page)
    clock.now += timedelta(seconds=2)
    assert (sign_in(client, name).status_code == 200) is (name == "li.na")


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil.example", ""]
)
def test_the_way_back_leads_nowhere_else(client: TestClient, to: str) -> None:
    token = token_in(client.get("/agent/sign-in", params={"to": to}))
    fields = {"csrf_token": token, "name": "li.na", "password": PASSWORD}
    answer = client.post("/agent/sign-in", params={"to": to}, data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/agent/")


def test_a_form_of_another_site_signs_nobody_in_or_out(client: TestClient) -> None:
    client.get("/agent/sign-in")
    fields = {"name": "li.na", "password": PASSWORD, "csrf_token": "x" * 32}
    assert client.post("/agent/sign-in", data=fields).status_code == 403
    sign_in(client)
    assert client.post("/agent/sign-out", data={"csrf_token": "x" * 32}).status_code == 403
    assert client.get("/agent/").url.path == "/agent/"


def test_who_is_disabled_or_given_other_roles_feels_it_at_the_next_request(client: TestClient, home: Home) -> None:
    sign_in(client)
    users = LocalUsers(quick_settings(home))
    users.change("li.na", roles=("marketer",))
    refused = client.get("/agent/")
    assert (refused.status_code, "Your roles do not open this page." in text_of(refused)) == (403, True)
    users.change("li.na", is_disabled=True)
    assert client.get("/agent/").url.path == "/agent/sign-in"


@pytest.mark.parametrize(("name", "status"), [("li.na", 200), ("sup", 403), ("zhao", 403), ("ann", 403)])
def test_who_does_not_decide_on_the_phone_finds_no_customers(client: TestClient, name: str, status: int) -> None:
    sign_in(client, name)
    assert client.get("/agent/").status_code == status


def test_a_supervisor_begins_with_who_asks_to_be_let_in(client: TestClient) -> None:
    assert sign_in(client, "sup").url.path == "/agent/let-in"


# ---- Staying in ----------------------------------------------------------------------------------------------


def test_a_session_ends_after_a_quarter_of_an_hour_and_says_why(client: TestClient, clock: WallClock) -> None:
    sign_in(client)
    clock.now += QUARTER
    page = client.get("/agent/")
    assert "for nothing was done for a quarter of an hour" in text_of(page)


def test_a_script_learns_how_long_is_left_without_making_it_longer_and_may_extend_it(
    client: TestClient, clock: WallClock
) -> None:
    sign_in(client)
    for _ in range(12):
        clock.now += timedelta(minutes=14)
        assert client.get("/agent/session").json()["seconds_left"] == 60
        assert post(client, "/session").json()["seconds_left"] == 900
    assert client.post("/agent/session", data={"csrf_token": "x" * 32}).status_code == 403
    clock.now += QUARTER
    assert client.get("/agent/session").json() == {"seconds_left": 0, "seconds_at_most": 0}


def test_a_stream_that_comes_back_by_itself_keeps_nobody_signed_in(client: TestClient, clock: WallClock) -> None:
    sign_in(client)
    for _ in range(2):
        clock.now += timedelta(minutes=7)
        client.get("/agent/", headers={"accept": "text/event-stream"})
    assert client.get("/agent/session").json()["seconds_left"] == 60


def test_the_day_ends_whatever_is_done(client: TestClient, clock: WallClock) -> None:
    sign_in(client)
    for _ in range(51):
        clock.now += timedelta(minutes=14)
        left = post(client, "/session").json()
    assert left == {"seconds_left": 360, "seconds_at_most": 360}
    clock.now += timedelta(minutes=6)
    assert client.get("/agent/").url.path == "/agent/sign-in"


# ---- Signed out with something typed ---------------------------------------------------------------------------


def test_what_was_typed_when_the_session_ended_is_given_back_and_sent(
    client: TestClient, clock: WallClock, desk: MemoryDesk
) -> None:
    sign_in(client)
    page = opened(client, reason="calls back as agreed")
    place = page.url.path.removeprefix("/agent")
    clock.now += QUARTER
    typed = {"offer_id": "CARD_GOLD", "outcome": "declined", "reason_code": "price", "note": "call 13812345678"}
    asked = post(client, f"{place}/answers", **typed)
    assert "What you had typed is kept" in text_of(asked)
    assert desk.outcomes == []
    kept = sign_in(client)
    assert kept.url.path == "/agent/kept"
    assert "call [phone …5678]" in text_of(kept)
    assert client.get("/agent/kept.json").json() == {f"{place}/answers": typed | {"note": "call [phone …5678]"}}
    sent = post(client, "/kept", kept_form=f"{place}/answers", send="yes", **(typed | {"note": "call [phone …5678]"}))
    assert "Recorded: Gold card, Declined." in text_of(sent)
    assert [one["note"] for one in desk.outcomes] == ["call [phone …5678]"]
    assert client.get("/agent/kept.json").json() == {}


def test_what_is_kept_may_be_discarded_and_is_nobody_else_s(client: TestClient, clock: WallClock) -> None:
    sign_in(client)
    client.get("/agent/")
    clock.now += QUARTER
    opened(client, reason="a long reason")
    assert sign_in(client, "sup").url.path == "/agent/let-in"
    kept = sign_in(client)
    assert "a long reason" in text_of(kept)
    assert post(client, "/kept", kept_form="/decisions").url.path == "/agent/"


def test_nothing_is_kept_for_who_signed_out_or_is_nobody(app: FastAPI, client: TestClient, access: Access) -> None:
    sign_in(client)
    ended = {"linewise_session": client.cookies["linewise_session"]}
    post(client, "/sign-out")
    for held in (ended, {"linewise_session": "made-up"}):
        other = TestClient(app, base_url="http://desk.test", cookies=held)
        other.get("/agent/sign-in")
        assert "kept" not in text_of(opened(other, reason="a long reason"))
    assert sign_in(client).url.path == "/agent/"


# ---- Whom an agent may open ------------------------------------------------------------------------------------


def test_a_customer_of_no_call_is_opened_for_a_reason_that_is_kept(
    client: TestClient, access: Access, desk: MemoryDesk
) -> None:
    sign_in(client)
    asked = opened(client)
    assert "Why do you open this customer?" in text_of(asked)
    assert (desk.decided, looks_at(access.ledger)) == (0, [])
    again = opened(client, reason="  hm ")
    assert "say a little more of why" in text_of(again)
    page = opened(client, reason="answers a letter, call 13812345678")
    assert desk.decided == 1
    assert "Customer 2143" in text_of(page)
    looks = looks_at(access.ledger, customer_id="2143")
    assert [(one["who"], one["roles"], one["why"], one["reason"]) for one in looks] == [
        ("li.na", "agent", "continued", ""),
        ("li.na", "agent", "reason", "answers a letter, call [phone …5678]"),
    ]
    assert looks[0]["decision_id"] == page.url.path.rsplit("/", 1)[1]


def test_the_customer_of_a_live_call_is_opened_without_a_reason_and_another_one_is_not(
    client: TestClient, access: Access, clock: WallClock
) -> None:
    call = PhoneCall("call-1", "2143", rang_at=clock.now, recorded_at=clock.now, agent_id="li.na")
    with access.ledger.writing() as connection:
        ring(connection, call, clock.now)
    sign_in(client)
    page = opened(client)
    assert "Customer 2143" in text_of(page)
    assert "Why do you open" in text_of(opened(client, "25"))
    assert [(one["why"], one["call_id"]) for one in looks_at(access.ledger)] == [("live_call", "call-1")] * 2
    ended = Told("e1", "ended", "telephony", clock.now, clock.now)
    with access.ledger.writing() as connection:
        tell(connection, "call-1", ended, clock.now)
    assert "Customer 2143" in text_of(client.get(page.url.path))
    assert looks_at(access.ledger)[0]["why"] == "continued"
    clock.now += timedelta(minutes=14)
    client.get("/agent/")
    clock.now += timedelta(minutes=14)
    client.get("/agent/")
    clock.now += timedelta(minutes=2)
    assert "Why do you open" in text_of(client.get(page.url.path))


def test_a_reason_holds_for_half_an_hour_and_for_that_customer_alone(client: TestClient, clock: WallClock) -> None:
    sign_in(client)
    page = opened(client, reason="calls back as agreed")
    for _ in range(2):
        clock.now += timedelta(minutes=14)
        assert "Gold card" in text_of(client.get(page.url.path))
    assert "Why do you open" in text_of(opened(client, "25"))
    clock.now += timedelta(minutes=2)
    assert "Why do you open" in text_of(client.get(page.url.path))
    reopened = post(client, page.url.path.removeprefix("/agent"), reason="a complaint about it")
    assert "Gold card" in text_of(reopened)


def test_a_record_of_staff_waits_for_a_second_person(
    app: FastAPI, client: TestClient, access: Access, desk: MemoryDesk
) -> None:
    desk.staff = frozenset({"2143"})
    sign_in(client)
    asked = opened(client, reason="is on the phone")
    assert "This record is opened by two people" in text_of(asked)
    assert (desk.decided, looks_at(access.ledger)) == (0, [])
    other = TestClient(app, base_url="http://desk.test")
    sign_in(other, "sup")
    asks = other.get("/agent/let-in")
    assert "Who asks li.na Customer 2143 Reason is on the phone" in text_of(asks)
    ask_id = asks.text.split('name="ask_id" value="')[1].split('"')[0]
    assert post(client, "/let-in", ask_id=ask_id, is_let_in="true").status_code == 403
    assert "Nobody asks." in text_of(post(other, "/let-in", ask_id=ask_id, is_let_in="true"))
    page = opened(client, reason="is on the phone")
    assert "Customer 2143" in text_of(page)
    assert {one["second_person"] for one in looks_at(access.ledger)} == {"sup"}


def test_who_is_not_let_in_stays_out(app: FastAPI, client: TestClient, desk: MemoryDesk) -> None:
    desk.staff = frozenset({"2143"})
    sign_in(client)
    opened(client, reason="is on the phone")
    other = TestClient(app, base_url="http://desk.test")
    sign_in(other, "sup")
    ask_id = other.get("/agent/let-in").text.split('name="ask_id" value="')[1].split('"')[0]
    post(other, "/let-in", ask_id=ask_id)
    assert "opened by two people" in text_of(opened(client, reason="is on the phone"))
    assert desk.decided == 0


def test_the_bank_s_own_list_is_for_two_people_as_well(home: Home, desk: MemoryDesk, clock: WallClock) -> None:
    listed = home.root / "vip.txt"
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text("2143\n\n", encoding="utf-8")
    settings = quick_settings(home, second_person=listed)
    with_users(settings, PEOPLE)
    access = Access(settings, now=clock)
    app = FastAPI()
    app.mount("/agent", agent_app(lambda: desk, access, "en"))
    client = TestClient(app, base_url="http://desk.test")
    sign_in(client)
    assert "opened by two people" in text_of(opened(client, reason="is on the phone"))
    assert "Customer 25" in text_of(opened(client, "25", reason="is on the phone"))
    listed.unlink()
    assert opened(client, "25", reason="is on the phone").status_code == 500
    access.close()


def test_a_session_that_asks_too_often_is_told_to_wait(home: Home, desk: MemoryDesk, clock: WallClock) -> None:
    settings = quick_settings(home, session_per_minute=3)
    with_users(settings, PEOPLE)
    access = Access(settings, now=clock)
    app = FastAPI()
    app.mount("/agent", agent_app(lambda: desk, access, "en"))
    client = TestClient(app, base_url="http://desk.test")
    sign_in(client)
    statuses = [client.get("/agent/").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert client.get("/agent/").headers["Retry-After"]
    access.close()
