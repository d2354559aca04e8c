"""What a home knows when it is opened: read from what was kept, and gone through anew where nothing was."""

from typing import Any

import pytest

from features.card_use.summing import summed_card_use
from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.opening import open_decider
from serving.scoring.readiness import examine


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many customers postings are gone through, at each time."""
    counted: list[int] = []

    def counting(*given: Any) -> Any:
        counted.append(len(given[1]))
        return summed_card_use(*given)

    monkeypatch.setattr("features.card_use.reading.summed_card_use", counting)
    return counted


def test_a_filled_home_is_opened_whole_and_in_frames_without_a_walk_over_its_postings(
    served_home: Home, walks: list[int]
):
    desk = open_decider(load_settings(home=served_home.root))
    ids = desk.customer_ids()
    desk.among(ids[10], ids[20])
    assert walks == []


def test_where_nothing_was_kept_the_postings_are_gone_through(home: Home, served_home: Home, walks: list[int]):
    home.data_dir.mkdir(parents=True)
    for part in ("bank", "releases", "feast"):
        (home.data_dir / part).symlink_to(served_home.data_dir / part)
    desk = open_decider(load_settings(home=home.root))
    ids = desk.customer_ids()
    assert walks == [len(ids)]
    desk.among(ids[10], ids[20])
    assert walks == [len(ids), 11]


def looked_at(home: Home) -> tuple[str, str]:
    (found,) = (one for one in examine(load_settings(home=home.root)) if one.part == "online features")
    return found.state, found.detail


def test_the_doctor_tells_of_when_card_postings_are_summed_and_where_none_are(home: Home, served_home: Home):
    state, told = looked_at(served_home)
    moment = open_bank(served_home).manifest.horizon
    assert (state, f"card postings summed as of {moment:%Y-%m-%d %H:%M}" in told) == ("ok", True)
    home.data_dir.mkdir(parents=True)
    for part in ("bank", "features", "feast"):
        (home.data_dir / part).symlink_to(served_home.data_dir / part)
    state, told = looked_at(home)
    assert (state, "for none are kept" in told) == ("ok", True)
