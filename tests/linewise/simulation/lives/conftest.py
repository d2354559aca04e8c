"""The lives of some thousands, lived once for all tests of this room."""

import pytest

from linewise.simulation.world import World
from tests.linewise.simulation.lives.builders import COUNTRIES, Lived, lived_in


@pytest.fixture(scope="session", params=COUNTRIES)
def lived(request: pytest.FixtureRequest) -> Lived:
    """Four thousand customers of each country over fourteen months."""
    return lived_in(World(country=request.param, month_count=14, seed=1), 4000)


@pytest.fixture(scope="session")
def crowd() -> Lived:
    """Twenty thousand customers over fourteen months, a fifth of them in the randomised slice; no postings."""
    return lived_in(World(month_count=14, seed=2, exploration_ratio=0.2), 20_000, with_postings=False)
