"""Drift is quiet for a year where nothing changes, champions and all, and loud within a month where something does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import WorldName, world_of
from training.drift.looking import look_for_drift
from training.drift.thresholds import load_drift_thresholds
from training.retraining import train

pytestmark = pytest.mark.soak

ASKED = load_drift_thresholds(None)
CUSTOMERS, MONTHS, WATCHED = 3_000, 46, 12
CHANGED_AFTER = MONTHS // 2
QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2")


def at(home: Home, until: datetime, months_before: int) -> Settings:
    return load_settings(home=home.root, now=until - timedelta(days=30.44 * months_before))


def lived(folder: Path, name: WorldName) -> tuple[Home, datetime]:
    home = Home(folder)
    bank = simulate_bank(home, world_of(name=name, customer_count=CUSTOMERS, month_count=MONTHS, seed=6))
    assert bank.manifest.data_until is not None
    return home, bank.manifest.data_until


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, datetime]]:
    """A bank of the world `base` whose champions learnt from everything before the year that is watched."""
    home, until = lived(tmp_path_factory.mktemp("base"), "base")
    then = at(home, until, WATCHED)
    train(then, overrides=QUICK)
    yield home, until


def test_a_year_of_a_bank_in_which_nothing_changes_raises_no_alarm(quiet: tuple[Home, datetime]) -> None:
    home, until = quiet
    told = set()
    for months in reversed(range(WATCHED)):
        report = look_for_drift(at(home, until, months), ASKED)
        assert [f"{one.part} {one.what} {one.figure:.3f}: {one.says}" for one in report.alarms] == []
        told |= {one.part for one in report.moved}
    # Pitching is known at once: of the other labels none of a year can have ripened that the champions had not learnt.
    assert told >= {"mix", "input", "score", "vintage", "calibration"}


def test_a_change_of_behaviour_is_told_within_a_month_and_not_before(tmp_path: Path) -> None:
    home, until = lived(tmp_path, "drift")
    before, after = (at(home, until, MONTHS - CHANGED_AFTER + months) for months in (0, -1))
    assert look_for_drift(before, ASKED, ["mix", "vintage"]).alarms == ()
    alarms = look_for_drift(after, ASKED, ["mix", "vintage"]).alarms
    assert [one.what for one in alarms] == ["transactions.channel of purchase"]
