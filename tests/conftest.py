"""Fixtures that every room shares: an empty home, and the real public data where they are at hand."""

from pathlib import Path

import pytest

from linewise.core.home import Home

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of this test alone."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def berka_dir() -> Path:
    """The folder of the public Berka data; its tests skip where it is absent."""
    folder = SHARED_DATA / "berka"
    if not folder.is_dir():
        pytest.skip("the public Berka data (../shared/data/berka) are not on this machine")
    return folder
