"""Real campaigns come in through their mappings, and the judge of slopes finds a slope that is known."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.value.real.campaigns import imported, lift_area
from benchmarks.value.real.slopes import slopes_by_band
from linewise.bank.dictionary import Column
from tests.conftest import SHARED_DATA
from training.dataset import Dataset


def folder(name: str) -> Path:
    if not (SHARED_DATA / name).is_dir():
        pytest.skip(f"the public data ../shared/data/{name} are not on this machine")
    return SHARED_DATA / name


def test_the_letters_of_the_experiment_are_all_there():
    data, columns = imported("karlan_zinman", folder("karlan_zinman_credit_offers"))
    assert (len(data.y), int(data.y.sum())) == (53_810, 3_887)
    assert {"x_monthly_rate_ratio", "x_risk_band"} <= set(data.inputs)
    assert not {"x_female", "x_married", "x_province"} & set(data.inputs)
    assert [column.name for column in columns] == list(data.inputs)
    rate = data.x[:, data.inputs.index("x_monthly_rate_ratio")]
    assert (rate.min(), rate.max()) == pytest.approx((0.0325, 0.1475))


def test_the_calls_of_the_portuguese_bank_lie_in_the_order_of_time_and_without_their_seconds():
    data, _ = imported("uci_bank_marketing", folder("uci_bank_marketing"))
    assert (len(data.y), int(data.y.sum())) == (41_188, 4_640)
    assert "duration" not in " ".join(data.inputs)
    assert data.as_of is not None
    months, counts = np.unique(data.as_of.astype("datetime64[M]"), return_counts=True)
    assert (str(months[0]), str(months[-1]), len(months)) == ("2008-05", "2010-11", 26)
    assert counts[:3].tolist() == [7_763, 4_374, 6_685]


def test_a_slope_within_bands_is_found_whatever_the_waves_levels_are():
    draw = np.random.default_rng(0)
    count = 30_000
    rate, band, wave = draw.uniform(0.03, 0.15, count), draw.integers(0, 3, count), draw.integers(1, 4, count)
    chance = 0.3 + 0.1 * wave - np.array([1.0, 2.0, 0.5])[band] * rate
    taken = (draw.uniform(size=count) < chance).astype(float)
    names = ("x_monthly_rate_ratio", "x_risk_band", "x_wave_number")
    data = Dataset(
        "x", names, (), np.column_stack([rate, band, wave]), taken.astype(int), np.arange(count), np.arange(count)
    )
    columns = [
        Column(
            name="x_risk_band", type="string", values=("LOW", "MEDIUM", "HIGH"), meaning="The band of risk.",
            sensitivity="personal", allowed_for=("take_up",),
        )
    ]  # fmt: skip
    for true, (slope, error) in zip((-0.01, -0.02, -0.005), slopes_by_band(data, columns, taken).values(), strict=True):
        assert abs(slope - true) < 3 * error < 0.02


def test_the_area_under_lift_is_half_for_chance_and_most_for_the_right_order():
    y = np.array([1, 0, 0, 0] * 250)
    assert lift_area(y, y.astype(float)) == pytest.approx(1 - 0.25 / 2, abs=0.001)
    assert lift_area(y, np.zeros(len(y))) == pytest.approx(0.5, abs=0.002)
