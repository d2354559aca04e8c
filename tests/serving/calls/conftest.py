"""One running app over the served home, shared by the tests of calls; each test has customers and calls of its own."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.api import make_app
from serving.scoring.recommender import Recommender
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.homes import home_of_its_own

numbers = count(1)


@pytest.fixture(scope="package")
def opened(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> ReopeningRecommender:
    """A recommender with a ledger of its own: what is declined here is declined for nobody else."""
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("calls") / "home"))
    return ReopeningRecommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="package")
def client(opened: ReopeningRecommender) -> Iterator[TestClient]:
    with TestClient(make_app(opened, "en")) as client:
        yield client


@pytest.fixture(scope="package")
def desk(opened: ReopeningRecommender) -> Recommender:
    return opened()


@pytest.fixture(scope="package")
def sold_to(desk: Recommender) -> Iterator[str]:
    """Customers to whom an offer, a raise or a plan is proposed on the phone; each `next` is another one."""
    ids = desk.customer_ids()[:900]
    decisions = desk.decide(ids, desk.context("voice"))
    is_sale = [desk.policy.catalogue.offer(one).kind == "promotional" for one in decisions.offers.offer_id]
    has_offer = (decisions.offers.rank[:, is_sale] >= 0).any(axis=1) & decisions.plans.is_shown.any(axis=1)
    return iter([one for one, has in zip(ids, has_offer, strict=True) if has])


class Line:
    """One call as telephony and its agent tell of it."""

    def __init__(self, client: TestClient, customer_id: str, **more: Any) -> None:
        self.client, self.call_id = client, f"call-{next(numbers)}"
        body = {"call_id": self.call_id, "customer_id": customer_id, "is_identity_verified": True}
        self.rung = client.post("/v1/calls", json=body | more)

    def send(self, kind: str, event_id: str = "", **more: Any) -> Any:
        """The answer to one event, from the agent unless telephony is named."""
        body = {"event_id": event_id or f"e{next(numbers)}", "kind": kind, "source": "agent", "agent_id": "anna"}
        return self.client.post(f"/v1/calls/{self.call_id}/events", json=body | more)

    def told(self, kind: str, **more: Any) -> dict[str, Any]:
        """The call after an event that is taken."""
        answer = self.send(kind, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()["call"]

    def read(self) -> dict[str, Any]:
        answer = self.client.get(f"/v1/calls/{self.call_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def in_talk(self) -> "Line":
        """The call answered and its service done, so that suggestions may surface."""
        self.told("answered")
        self.told("need_resolved")
        return self


@pytest.fixture
def line(client: TestClient, sold_to: Iterator[str]) -> Line:
    """A call of a customer to whom something is proposed; it rings."""
    return Line(client, next(sold_to))
