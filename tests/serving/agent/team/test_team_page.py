"""The supervisor's page: for supervisors alone, in both languages, with its figures in words and nobody's name."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from linewise.core.home import Home
from serving.access import Access
from serving.agent import agent_app
from tests.linewise.ledger.told_team import TeamsPast
from tests.serving.access.people import PASSWORD, quick_settings, with_users
from tests.serving.agent.memory_desk import MemoryDesk
from tests.serving.agent.reading import text_of, token_in
from tests.serving.team.test_figures import a_past

PEOPLE = {"li.na": ("agent",), "sup": ("supervisor",), "ann": ("auditor",)}


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    settings = quick_settings(Home(tmp_path_factory.mktemp("team_page")))
    with_users(settings, PEOPLE)
    made = Access(settings)
    yield made
    made.close()


@pytest.fixture(scope="module")
def past(access: Access) -> TeamsPast:
    made = a_past(access.ledger)
    made.write()
    return made


def signed_in(access: Access, name: str) -> TestClient:
    app = FastAPI()
    app.mount("/agent", agent_app(MemoryDesk, access))
    client = TestClient(app, base_url="http://desk.test")
    token = token_in(client.get("/agent/sign-in"))
    client.post("/agent/sign-in", data={"name": name, "password": PASSWORD, "csrf_token": token})
    return client


@pytest.mark.parametrize(("name", "status"), [("sup", 200), ("li.na", 403), ("ann", 403)])
def test_the_page_is_a_supervisors(access: Access, name: str, status: int):
    client = signed_in(access, name)
    assert client.get("/agent/team").status_code == status
    assert ('href="/agent/team"' in client.get("/agent/team").text) is (name == "sup")


def test_a_team_of_which_nothing_was_told_is_said_to_be_so(access: Access):
    said = text_of(signed_in(access, "sup").get("/agent/team?lang=en&team=nobody"))
    assert "Nothing was told of this period yet." in said
    assert "Calls to listen to" not in said


@pytest.mark.parametrize("period", ["days", "weeks", "years"])
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "待听的通话"), ("en", "Calls to listen to")])
def test_no_agent_stands_beside_any_figure(access: Access, past: TeamsPast, language: str, said: str, period: str):
    page = signed_in(access, "sup").get(f"/agent/team?lang={language}&period={period}")
    assert said in text_of(page)
    assert "agent-" not in re.sub(r"agent-(icons|css)", "", page.text.replace("/agent/", ""))
    assert "style=" not in page.text


def test_figures_stand_with_their_intervals_and_charts_have_tables(access: Access, past: TeamsPast):
    page = signed_in(access, "sup").get("/agent/team?lang=en")
    said = text_of(page)
    assert "More complaints than chance brings" in said
    assert "A higher limit" in said
    assert re.search(r"Taken, of what customers answered 33% 27% to 40%, of 210", said.replace("\n", " "))
    assert page.text.count("<svg") == page.text.count("The same in figures") == 3
