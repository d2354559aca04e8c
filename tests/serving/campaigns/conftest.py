"""A small bank's home in which campaigns are planned, and an open ledger of a test alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.ledger.store import Ledger, open_ledger
from serving.campaigns.planning.together import plan_campaigns
from serving.campaigns.planning.writing import Planned
from tests.serving.homes import home_of_its_own


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def planning(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a home with a bank, features and models."""
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("planning") / "home"))
    return load_settings(home=home.root, language="en")


@pytest.fixture
def plan(planning: Settings) -> Callable[..., list[Planned]]:
    """Plan the campaigns of some files."""

    def planned(*paths: Path, **options: object) -> list[Planned]:
        return plan_campaigns(planning, paths, "mei", **options)  # type: ignore[arg-type]

    return planned
