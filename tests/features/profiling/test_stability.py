"""The stability index: its worked numbers, its bands at their edges, its bins where values are heavy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.profiling.distributions import Distribution
from features.profiling.stability import (
    SHARE_FLOOR,
    band_of,
    bin_shares,
    bin_starts,
    chance_index,
    index_by_tenths,
    stability_index,
)
from tests.features.profiling.builders import spread

NAN = math.nan


def index_of(reference: Distribution, current: Distribution) -> float:
    starts = bin_starts(reference)
    return stability_index(bin_shares(reference, starts), bin_shares(current, starts))


@pytest.mark.parametrize(
    ("reference", "current", "index"),
    [
        ((0.5, 0.5), (0.5, 0.5), 0.0),
        ((0.5, 0.5), (0.6, 0.4), 0.1 * math.log(1.2) - 0.1 * math.log(0.8)),
        ((0.5, 0.5), (0.7, 0.3), 0.16946),
        ((0.5, 0.5), (0.8, 0.2), 0.41589),
        ((1.0, 0.0), (0.99, 0.01), -0.01 * math.log(0.99) + (0.01 - SHARE_FLOOR) * math.log(0.01 / SHARE_FLOOR)),
        ((1.0, 0.0), (0.95, 0.05), 0.31267),
        ((1.0, 0.0), (0.0, 1.0), 2 * (1 - SHARE_FLOOR) * math.log(1 / SHARE_FLOOR)),
        ((1.0, 0.0, 0.0), (1.0, 0.0, 0.0), 0.0),
    ],
)
def test_the_index_of_worked_shares(reference: tuple[float, ...], current: tuple[float, ...], index: float) -> None:
    assert stability_index(np.array(reference), np.array(current)) == pytest.approx(index, abs=5e-6)
    assert stability_index(np.array(current), np.array(reference)) == pytest.approx(index, abs=5e-6)


@pytest.mark.parametrize(
    ("index", "band"),
    [(0.0, "stable"), (0.09999, "stable"), (0.1, "watch"), (0.25, "watch"), (0.25001, "shifted"), (9.0, "shifted")],
)
def test_a_band_holds_its_own_edge(index: float, band: str) -> None:
    assert band_of(index) == band


def test_bins_of_different_values_are_the_deciles() -> None:
    reference = spread(range(1, 1001))
    starts = bin_starts(reference)
    assert bin_shares(reference, starts).tolist() == [0.1] * 10 + [0.0]
    assert bin_shares(spread([0, 100, 101, 1001, 5000]), starts).tolist() == [0.4, 0.2, *[0] * 7, 0.4, 0.0]


def test_a_heavy_zero_is_a_bin_by_itself_and_both_its_sides_are_told_apart() -> None:
    reference = spread([0.0] * 80 + [*range(1, 21)])
    starts = bin_starts(reference)
    shares = bin_shares(reference, starts)
    assert shares[:2].tolist() == [0.0, 0.8]
    assert bin_shares(spread([-5.0, 0.0, 0.0, 1.0]), starts)[:3].tolist() == [0.25, 0.5, 0.25]


def test_customers_leaving_a_heavy_zero_are_noticed_and_one_of_them_more_is_not() -> None:
    reference = spread([0.0] * 800 + [1.0] * 200)
    assert index_of(reference, spread([0.0] * 801 + [1.0] * 199)) < 0.001
    assert index_of(reference, spread([0.0] * 600 + [1.0] * 400)) == pytest.approx(
        -0.2 * math.log(0.6 / 0.8) + 0.2 * math.log(2), abs=1e-9
    )


def test_a_constant_that_changes_has_shifted_and_one_that_stays_has_not() -> None:
    assert index_of(spread([5.0] * 50), spread([5.0] * 70)) == 0.0
    assert band_of(index_of(spread([5.0] * 50), spread([6.0] * 50))) == "shifted"
    assert band_of(index_of(spread([5.0] * 50), spread([4.0] * 50))) == "shifted"


def test_missing_values_are_a_bin() -> None:
    nothing, values = spread([NAN] * 10), spread([*range(10)])
    assert index_of(nothing, nothing) == 0.0
    assert band_of(index_of(nothing, values)) == "shifted"
    assert band_of(index_of(values, nothing)) == "shifted"
    half = spread([NAN] * 5 + [1.0] * 5)
    assert index_of(half, spread([NAN] * 4 + [1.0] * 6)) == pytest.approx(0.0405, abs=5e-5)


@given(st.lists(st.floats(-1e9, 1e9) | st.just(0.0) | st.just(NAN), min_size=1, max_size=200))
def test_a_date_compared_with_itself_has_not_moved(values: list[float]) -> None:
    one = spread(values)
    shares = bin_shares(one, bin_starts(one))
    assert index_of(one, one) == 0.0
    assert shares.sum() == pytest.approx(1.0)


def test_two_samples_of_one_population_differ_by_what_chance_foretells() -> None:
    rng = np.random.default_rng(5)
    found = [index_of(spread(rng.normal(size=2000)), spread(rng.normal(size=2000))) for _ in range(60)]
    assert np.mean(found) == pytest.approx(chance_index(10, 2000, 2000), rel=0.25)


def test_the_same_distribution_has_not_moved_and_another_has():
    draw = np.random.default_rng(0)
    before, same, moved = draw.normal(size=5_000), draw.normal(size=5_000), draw.normal(0.8, 1, 5_000)
    assert index_by_tenths(before, same) < 0.01
    assert index_by_tenths(before, moved) > 0.25


def test_a_score_that_left_every_bin_is_far_and_finite():
    assert 5 < index_by_tenths(np.arange(100.0), np.full(100, 1e9)) < 20
