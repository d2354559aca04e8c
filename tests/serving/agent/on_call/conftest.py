"""The screen of calls over a running service of its own ledger; each test has customers and calls of its own."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.api import make_app
from serving.scoring.recommender import Recommender
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.agent.conftest import served
from tests.serving.agent.known_agent import KnownAgent
from tests.serving.agent.on_call.phone import Phone
from tests.serving.calls.conftest import sold_to
from tests.serving.homes import home_of_its_own

__all__ = ["sold_to"]


@pytest.fixture(scope="package")
def opened(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> ReopeningRecommender:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("on_call") / "home"))
    return ReopeningRecommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="package")
def desk(opened: ReopeningRecommender) -> Recommender:
    return opened()


@pytest.fixture(scope="package")
def app(opened: ReopeningRecommender) -> Iterator[FastAPI]:
    # Machines of tests are busy: nobody tests here what happens when the service is late.
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr("serving.calls.desk.DECIDED_WITHIN_SECONDS", 30.0)
        yield make_app(opened, KnownAgent(), "en")


@pytest.fixture(scope="package")
def site(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield f"{address}/agent/"


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://desk.test")


@pytest.fixture
def phone(client: TestClient, sold_to: Iterator[str], desk: Recommender) -> Phone:
    """A call that rings at the agent, of a customer to whom something is proposed and who is no member of staff."""
    customer_id = next(one for one in sold_to if not desk.is_for_two(one))
    return Phone(client, customer_id)
