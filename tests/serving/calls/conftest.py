"""One running app over the served home, shared by the tests of calls; each test has customers and calls of its own."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.recommender import Recommender
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.calls.lines import Line
from tests.serving.doors import opened_doors
from tests.serving.homes import home_of_its_own


@pytest.fixture(scope="package")
def opened(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> ReopeningRecommender:
    """A recommender with a ledger of its own: what is declined here is declined for nobody else."""
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("calls") / "home"))
    return ReopeningRecommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="package")
def client(opened: ReopeningRecommender) -> Iterator[TestClient]:
    # Machines of tests are busy: only who tests that it is late waits no longer than people do.
    doors = opened_doors(opened().settings, opened, language="en")
    with pytest.MonkeyPatch.context() as patient, doors as client:
        patient.setattr("serving.calls.desk.DECIDED_WITHIN_SECONDS", 30.0)
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


@pytest.fixture
def line(client: TestClient, sold_to: Iterator[str]) -> Line:
    """A call of a customer to whom something is proposed; it rings."""
    return Line(client, next(sold_to))
