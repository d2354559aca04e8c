"""A distribution gathered in pieces is that of the whole, exact where it says so."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.profiling import distributions
from features.profiling.distributions import CELLS_A_DOUBLING, DISTINCT_LIMIT, Gathering, cell_of
from tests.features.profiling.builders import A_COUNT, A_RATIO, spread

NAN, INF = math.nan, math.inf
ANY_VALUE = st.floats(-1e12, 1e12) | st.sampled_from([0.0, -0.0, NAN, INF, -INF]) | st.integers(-50, 50).map(float)


@given(st.lists(st.lists(ANY_VALUE, max_size=30), max_size=8))
def test_gathered_in_pieces_is_gathered_at_once(pieces: list[list[float]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributions, "_PENDING_LIMIT", 20)
        in_pieces = spread(*pieces)
    at_once = spread([value for piece in pieces for value in piece])
    for name in ("rows", "missing", "zeros", "at_default", "beyond_range", "distinct", "minimum", "maximum", "known"):
        assert getattr(in_pieces, name) == getattr(at_once, name), name
    assert (in_pieces.mean is None) == (at_once.mean is None)
    assert (in_pieces.mean or 0.0) == pytest.approx(at_once.mean or 0.0, rel=1e-9, abs=1e-3)
    assert in_pieces.values.tolist() == at_once.values.tolist()
    assert in_pieces.counts.tolist() == at_once.counts.tolist()


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300), st.integers(0, 100))
def test_a_percentile_is_too_small_by_less_than_a_cell(values: list[float], percent: int) -> None:
    exact = np.percentile(values, percent, method="inverted_cdf")
    found = spread(values).percentile(percent)
    assert found in [value + 0.0 for value in values]
    assert found is not None
    assert found <= exact
    assert exact - found <= abs(exact) / CELLS_A_DOUBLING or exact - found <= abs(found) / CELLS_A_DOUBLING


@given(st.lists(st.floats(allow_nan=False), min_size=2))
def test_cells_stand_in_the_order_of_their_values(values: list[float]) -> None:
    cells = cell_of(np.sort(np.asarray(values)))
    assert (np.diff(cells) >= 0).all()


def test_whole_numbers_of_daily_size_have_a_cell_each() -> None:
    cells = cell_of(np.arange(-2 * CELLS_A_DOUBLING + 1, 2 * CELLS_A_DOUBLING, dtype=np.float64))
    assert np.unique(cells).size == cells.size


def test_figures_of_a_small_column_are_those_counted_by_hand() -> None:
    one = spread([0, 0, 3, NAN], [7, -1, INF])
    assert (one.rows, one.known, one.missing, one.zeros, one.at_default) == (7, 5, 1, 2, 2)
    assert (one.minimum, one.maximum, one.mean, one.distinct) == (-1, 7, 1.8, 4)
    assert [one.percentile(percent) for percent in (1, 20, 21, 60, 61, 100)] == [-1, -1, 0, 0, 3, 7]


def test_values_beyond_the_declared_range_are_counted_and_its_ends_are_within() -> None:
    assert A_RATIO.minimum == 0
    ratios = spread([-0.01, 0.0, A_RATIO.maximum, A_RATIO.maximum + 0.01, INF, NAN], feature=A_RATIO)
    assert ratios.beyond_range == 3
    assert spread([-1.0, 0.0, 5.0], feature=A_COUNT).beyond_range == 1


def test_a_column_without_a_value_has_no_figures_but_its_missing_ones() -> None:
    one = spread([NAN, NAN], [NAN])
    assert (one.rows, one.missing, one.known, one.distinct) == (3, 3, 0, 0)
    assert (one.minimum, one.maximum, one.mean, one.percentile(50)) == (None, None, None, None)


def test_a_constant_column_has_one_value() -> None:
    one = spread([0.1] * 4, [0.1] * 3)
    assert (one.distinct, one.percentile(1), one.percentile(99), one.minimum, one.mean) == (1, 0.1, 0.1, 0.1, 0.1)


def test_distinct_values_are_counted_up_to_a_limit_in_whatever_order_they_come() -> None:
    values = np.arange(DISTINCT_LIMIT + 1, dtype=np.float64)
    assert spread(values[:-1], values[:-1]).distinct == DISTINCT_LIMIT
    assert spread(values[:9], values).distinct is None
    assert spread(values, values[:9]).distinct is None


def test_memory_follows_the_spread_of_the_values_and_not_their_number() -> None:
    gathering = Gathering(A_COUNT)
    rng = np.random.default_rng(0)
    sizes = []
    for _ in range(30):
        gathering.add(np.floor(rng.lognormal(9, 2, 10_000)))
        sizes.append(gathering.distribution().values.size)
    assert sizes[-1] < 1.5 * sizes[9] < 25 * CELLS_A_DOUBLING
