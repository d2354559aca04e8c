"""What a browser is told not to do, and what it keeps."""

import pytest
from fastapi.testclient import TestClient

from serving.agent.headers import SECURE_HEADERS
from tests.serving.agent.reading import ask_for


@pytest.mark.parametrize("place", ["", "nowhere", "static/agent.css", "static/none.css"])
def test_every_answer_carries_the_secure_headers(client: TestClient, place: str) -> None:
    headers = client.get(f"/agent/{place}").headers
    for name in SECURE_HEADERS:
        assert name in headers


def test_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = SECURE_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'")


def test_pages_about_a_customer_are_not_cached(client: TestClient) -> None:
    assert ask_for(client, "2143").headers["Cache-Control"] == "no-store"
    assert client.get("/agent/static/agent.css").headers["Cache-Control"] == "no-cache"


def test_pages_have_no_inline_script_or_style(client: TestClient) -> None:
    page = ask_for(client, "2143").text
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert page.count("<script") == 1


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    kept = client.get("/agent/?lang=en").headers.get_list("set-cookie")
    assert len(kept) == 2
    for cookie in kept:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/agent" in cookie


def test_cookies_travel_only_encrypted_where_the_page_did(client: TestClient) -> None:
    secure = TestClient(client.app, base_url="https://desk.test")
    assert "Secure" in secure.get("/agent/").headers["set-cookie"]
