"""What the champions foretold, held against outcomes that have matured since they learnt."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.core.settings import load_settings
from training.drift.champions import Loaded, champions_of
from training.drift.looking import look_for_drift
from training.drift.outcomes import outcomes_moved
from training.drift.report import Moved
from training.drift.thresholds import load_drift_thresholds
from training.tracking import Registry

pytestmark = pytest.mark.slow

ASKED = load_drift_thresholds(None)
NAME = "card_default"


@pytest.fixture(scope="module")
def champion(served_home: Home) -> Loaded:
    return next(one for one in champions_of(Registry(served_home)) if one.name == NAME)


def found(served_home: Home, champion: Loaded, monkeypatch: pytest.MonkeyPatch) -> dict[str, Moved]:
    """As if the champion had learnt from nothing later than the middle of the bank's history."""
    monkeypatch.setattr("training.drift.outcomes.learnt_until", lambda *_: datetime(2025, 3, 1, tzinfo=UTC))
    settings = load_settings(home=served_home.root)
    moved, notes = outcomes_moved(settings, open_bank(served_home), Registry(served_home), [champion], ASKED)
    assert notes == []
    return {one.part: one for one in moved}


def with_odds(champion: Loaded, shift: float) -> Loaded:
    spec = deepcopy(dict(champion.spec))
    spec["calibration"]["intercept"] += shift
    return replace(champion, spec=spec)


def test_a_champion_that_foretells_what_came_raises_no_alarm(
    served_home: Home, champion: Loaded, monkeypatch: pytest.MonkeyPatch
):
    moved = found(served_home, champion, monkeypatch)
    assert set(moved) == {"calibration", "value"}
    assert not any(one.is_alarm for one in moved.values())


@pytest.mark.parametrize("shift", [-2.0, 2.0])
def test_a_champion_that_is_far_off_raises_one(
    served_home: Home, champion: Loaded, monkeypatch: pytest.MonkeyPatch, shift: float
):
    calibration = found(served_home, with_odds(champion, shift), monkeypatch)["calibration"]
    assert calibration.is_alarm
    assert (calibration.figure > 1) is (shift < 0)


def test_what_a_champion_has_learnt_from_says_nothing_of_it(served_home: Home):
    report = look_for_drift(load_settings(home=served_home.root), ASKED, ["calibration", "score"])
    assert not [one for one in report.moved if one.part == "calibration"]
    assert any(note.startswith(NAME) and "too few outcomes have matured" in note for note in report.notes)
    assert {one.what for one in report.moved} >= {f"{NAME} 1", "card_balance 1"}
