"""The small served bank as its judge sees it, decided once for all tests."""

import pytest

from benchmarks.judging.people import People, people_of
from benchmarks.judging.proposals import Proposals, proposed_to_all
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.simulation.labels import world_in
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_decider


@pytest.fixture(scope="session")
def recommender(served_home: Home) -> Decider:
    return open_decider(load_settings(home=served_home.root))


@pytest.fixture(scope="session")
def today(recommender: Decider) -> Proposals:
    return proposed_to_all(recommender)


@pytest.fixture(scope="session")
def people(served_home: Home, today: Proposals) -> People:
    return people_of(world_in(served_home), today.customer_id)
