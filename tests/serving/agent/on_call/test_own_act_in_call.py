"""A limit taken in a call waits for the customer; the agent sees live how it stands, and may take a code instead."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from linewise.core.actions import LIMIT_ACTION
from linewise.core.clock import BankClock
from linewise.ledger.outbox import end_message, secret_of, take
from linewise.ledger.own_acts import OwnAct, acts_of_call
from serving.own_act.messages import text_of_message
from serving.scoring.own_act_desks.customers import CustomersDesk
from serving.scoring.recommender import Recommender
from tests.serving.agent.on_call.phone import Phone
from tests.serving.agent.on_call.test_taking import decision_of, raised, taken
from tests.serving.agent.reading import text_of

__all__ = ["raised"]

OpenPage = Callable[..., Page]


def plan_of(phone: Phone) -> str:
    return next(f"PLAN-{one['term_months']}" for one in phone.told()["decision"]["plans"])


def consented(phone: Phone, action_id: str) -> Phone:
    """Accepted, read line by line, consented: by the agent's forms."""
    taken(phone, action_id)
    return phone


def act_of(phone: Phone, desk: Recommender) -> OwnAct:
    with desk.ledger.engine.connect() as connection:
        return acts_of_call(connection, phone.call_id)[-1]


def secret(phone: Phone, desk: Recommender, kind: str = "link") -> str:
    return secret_of(desk.ledger, act_of(phone, desk).act_id, kind, BankClock().now())  # type: ignore[arg-type]


def test_a_consent_sends_the_link_by_the_gateway_and_shows_no_secret_to_the_agent(
    phone: Phone, client: TestClient, desk: Recommender
):
    consented(phone.in_talk(), plan_of(phone))
    assert "Waits for the customer" in phone.text
    token = secret(phone, desk)
    assert token
    assert token not in phone.page.text
    assert "Demo:" not in phone.text
    message = next(one for one in take(desk.ledger, BankClock().now()) if one.customer_id == phone.customer_id)
    assert f"/own/{token}" in text_of_message(desk.settings, message)
    end_message(desk.ledger, message.message_id, "sent", BankClock().now())
    assert "The link was sent." in text_of(phone.open())
    assert client.get(f"/own/{token}").status_code == 200
    assert "The customer has opened it" in text_of(phone.open())


def test_who_cannot_open_the_page_reads_a_code_back_after_the_costs_were_read_aloud(phone: Phone, desk: Recommender):
    action_id = plan_of(phone.in_talk())
    place = f"own-acts/{act_of(consented(phone, action_id), desk).act_id}"
    assert phone.send(f"{place}/code").status_code == 422
    phone.page = phone.send(f"{place}/code", is_read="yes")
    code = secret(phone, desk, "code")
    assert code not in phone.page.text
    wrong = phone.send(f"{place}/code-read", code=f"{(int(code) + 1) % 10**6:06}")
    assert wrong.status_code == 409
    assert "that is not the code" in text_of(wrong)
    assert "4 times left" in text_of(wrong)
    phone.page = phone.send(f"{place}/code-read", code=code)
    assert "The customer agreed: ordered" in phone.text
    assert [one["outcome"] for one in desk.outcomes_of(decision_of(phone, action_id))][-1] == "ordered"
    assert phone.send(f"{place}/code-read", code=code).status_code == 200


@pytest.mark.parametrize("to", ["code", "code-read"])
def test_an_act_of_another_call_is_not_told_of_here(phone: Phone, desk: Recommender, to: str):
    phone.in_talk()
    refused = phone.send(f"own-acts/other/{to}", is_read="yes", code="123456")
    assert refused.status_code == 409


def test_no_order_of_a_plan_is_told_by_an_agent_over_the_api(phone: Phone, client: TestClient):
    plan = {"decision_id": phone.in_talk().told()["decision_id"], "offer_id": plan_of(phone), "agent_id": "anna"}
    for outcome in ("accepted", "disclosure_read", "consent_captured"):
        told = client.post("/v1/outcomes", json=plan | {"outcome": outcome}).json()
        assert (told["awaiting_customer_until"] is not None) == (outcome == "consent_captured")
    body = plan | {"outcome": "ordered"}
    refused = client.post("/v1/outcomes", json=body)
    assert (refused.status_code, refused.json()["error"]) == (409, "OwnActNeeded")
    assert "act_reference" in refused.json()["detail"]
    shown = {"act": "branch"}
    assert client.post("/v1/outcomes", json=body | shown).status_code == 422
    assert client.post("/v1/outcomes", json=body | {"act": "page", "act_reference": "x"}).status_code == 422


def test_what_is_owed_before_a_link_is_sent_is_named_to_the_agent(raised: Phone):
    consented(raised, LIMIT_ACTION)
    assert re.search("No link is out First this is owed|Waits for the customer", raised.text)


@pytest.mark.browser
def test_the_agent_sees_live_that_the_customer_agreed(open_page: OpenPage, site: str, phone: Phone, desk: Recommender):
    consented(phone.in_talk(), plan_of(phone))
    page = open_page()
    page.goto(f"{site}calls/{phone.call_id}?lang=en")
    expect(page.locator("#line")).to_have_attribute("data-state", "live")
    expect(page.locator(".own-act .badge")).to_have_text("Waits for the customer")
    customer = CustomersDesk(lambda: desk)
    assert customer.agree(secret(phone, desk), act_of(phone, desk).terms_hash) == "agreed"
    expect(page.locator(".own-act .badge")).to_have_text("The customer agreed: ordered")
    expect(page.locator("#told")).to_contain_text("The customer agreed: ordered")
