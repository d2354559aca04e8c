"""Drift alarms within a month of a change of behaviour, and is quiet where nothing changed."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from linewise.core.errors import DriftAlarm, ModelMissing, SettingsInvalid
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import world_of
from training.drift.inputs import Snapshot, inputs_moved, window_days
from training.drift.looking import alarm_of, look_for_drift
from training.drift.thresholds import STANDARD, load_drift_thresholds

ASKED = load_drift_thresholds(None)
MONTHS = 28
CHANGED_AFTER_MONTHS = MONTHS // 2


def at_months_before_the_end(home: Home, until: datetime, months: int) -> Settings:
    return load_settings(home=home.root, now=until - timedelta(days=30.44 * months))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Home, datetime]]:
    """The same customers in two worlds: one in which shopping moves to the telephone half-way, and one in which not."""
    made = {}
    for name in ("base", "drift"):
        home = Home(tmp_path_factory.mktemp(name))
        bank = simulate_bank(home, world_of(customer_count=700, month_count=MONTHS, seed=4, name=name))
        assert bank.manifest.data_until is not None
        made[name] = (home, bank.manifest.data_until)
    return made


def test_a_change_of_behaviour_is_told_within_a_month(worlds: dict[str, tuple[Home, datetime]]):
    home, until = worlds["drift"]
    settings = at_months_before_the_end(home, until, MONTHS - CHANGED_AFTER_MONTHS - 1)
    report = look_for_drift(settings, ASKED, ["mix"])
    assert [one.what for one in report.alarms] == ["transactions.channel of purchase"]
    assert "pos" in report.alarms[0].says
    error = alarm_of(report)
    assert (DriftAlarm.exit_code, "transactions.channel" in str(error)) == (5, True)


def test_where_nothing_changed_twelve_months_raise_no_alarm(worlds: dict[str, tuple[Home, datetime]]):
    home, until = worlds["base"]
    for months in range(12):
        report = look_for_drift(at_months_before_the_end(home, until, months), ASKED, ["mix", "vintage"])
        assert report.alarms == ()
        assert len(report.moved) >= 4


def test_without_a_champion_there_is_no_score_to_look_at(worlds: dict[str, tuple[Home, datetime]]):
    home, until = worlds["base"]
    with pytest.raises(ModelMissing):
        look_for_drift(at_months_before_the_end(home, until, 0), ASKED, ["score"])


def a_snapshot(shift: float = 0.0) -> Snapshot:
    draw = np.random.default_rng(1)
    values = draw.normal(1000, 300, 2000)
    return Snapshot(
        datetime(2026, 1, 1),  # noqa: DTZ001  only carried
        {
            "purchase_sum_amt_90d": values + shift,
            "purchase_sum_amt_365d": values + shift,
            "tenure_days": values + shift,
        },
    )


@pytest.mark.parametrize(
    ("shift", "history_days", "compared", "alarms"),
    [
        (0.0, 400, {"purchase_sum_amt_90d", "purchase_sum_amt_365d", "tenure_days"}, set()),
        (300.0, 400, {"purchase_sum_amt_90d", "purchase_sum_amt_365d", "tenure_days"},
         {"purchase_sum_amt_90d", "purchase_sum_amt_365d"}),
        # What looks further back than there were data a year ago was not whole then.
        (300.0, 364, {"purchase_sum_amt_90d", "tenure_days"}, {"purchase_sum_amt_90d"}),
        (300.0, 89, {"tenure_days"}, set()),
    ],
)  # fmt: skip
def test_an_input_alarms_where_it_moved_and_not_where_it_only_grows(
    shift: float, history_days: int, compared: set[str], alarms: set[str]
):
    now, before = a_snapshot(shift), a_snapshot()
    found = inputs_moved(now, before, list(now.values), history_days, ASKED)
    assert {one.what for one in found} == compared
    assert {one.what for one in found if one.is_alarm} == alarms


@pytest.mark.parametrize(
    ("name", "days"),
    [("txn_count_7d", 7), ("income_mean_amt_6m", 186), ("card_payment_recency_days", 365), ("credit_limit_amt", 0)],
)
def test_how_far_back_a_feature_looks_is_in_its_name(name: str, days: int):
    assert window_days(name) == days


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mix_psi_most: 0.10", "mix_psi_most: 0", "mix_psi_most"),
        ("column: channel, kind: purchase", "column: \"channel; drop\"", "column"),
        ("table: calls", "table: people", "table"),
        ("sample_count: 4000\n", "", "sample_count"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: str):
    text = STANDARD.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "drift.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=words):
        load_drift_thresholds(path)
    with pytest.raises(SettingsInvalid, match="is not there"):
        load_drift_thresholds(tmp_path / "none.yaml")
