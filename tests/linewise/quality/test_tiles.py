"""Deciles of a score: what each did, and the figures of uplift by the formulas that others publish."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.quality.ranked import Ranked
from linewise.quality.tiles import tile_table, tiles_by, uplift_at, uplift_of_tile


@pytest.mark.parametrize(
    ("treated", "hits", "control", "control_hits", "qini", "lift", "gain"),
    # TY1 - CY1·T/C; TY1/T - CY1/C; lift·(T + C): worked by hand.
    [(100, 20, 50, 5, 10.0, 0.1, 15.0), (10, 1, 30, 6, -1.0, -0.1, -4.0), (40, 8, 40, 8, 0.0, 0.0, 0.0)],
)
def test_the_figures_of_a_bin_are_those_of_the_formulas(treated, hits, control, control_hits, qini, lift, gain):
    found = uplift_of_tile(treated, hits, control, control_hits)
    assert found is not None
    assert (found.qini, found.lift, found.gain) == pytest.approx((qini, lift, gain))


def test_a_bin_without_one_of_the_arms_has_no_uplift():
    assert uplift_of_tile(10, 1, 0, 0) is None
    assert uplift_of_tile(0, 0, 10, 1) is None


def two_tiles() -> tuple[np.ndarray, ...]:
    """Tile 1: 4 treated (3 respond), 2 control (1); tile 2: 4 treated (1), 2 control (0)."""
    tile = np.repeat([1, 2], 6)
    treated = np.tile([True] * 4 + [False] * 2, 2)
    y = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0])
    return tile, y, treated, np.where(tile == 1, 0.5, 0.25)


def test_a_table_of_two_tiles_worked_by_hand():
    table = tile_table(*two_tiles())
    first, second = table.tiles
    assert (first.rate, first.expected_rate, first.control_rate) == (0.75, 0.5, 0.5)
    assert (first.cumulative_gain, first.cumulative_lift) == (0.75, 1.5)
    assert (second.cumulative_gain, second.cumulative_lift) == (1.0, 1.0)
    assert table.ks == pytest.approx(0.75 - 0.25)
    assert first.uplift is not None and second.reached is not None
    assert (first.uplift.qini, first.uplift.lift, first.uplift.gain) == pytest.approx((1.0, 0.25, 1.5))
    # Of both tiles together: 4 - 1·8/4 = 2, 0.5 - 0.25 = 0.25, 0.25·12 = 3.
    assert (second.reached.qini, second.reached.lift, second.reached.gain) == pytest.approx((2.0, 0.25, 3.0))
    assert table.gain_curve.x == (0.0, 0.5, 1.0)
    assert table.qini_curve is not None
    assert table.qini_curve.y == pytest.approx((0.0, 0.125, 0.25))


def test_without_a_control_there_is_a_table_and_no_qini():
    tile, y, _, expected = two_tiles()
    table = tile_table(tile, y, np.ones(len(tile), dtype=bool), expected)
    assert table.qini_curve is None
    assert all(one.uplift is None and one.control_rate is None for one in table.tiles)


def test_ks_of_fine_tiles_is_that_of_the_rows():
    draw = np.random.default_rng(2)
    score = draw.random(4_000)
    y = (draw.random(4_000) < score / 2).astype(np.int64)
    table = tile_table(tiles_by(score, 4_000), y, np.ones(4_000, dtype=bool), score / 2)
    assert table.ks == pytest.approx(Ranked.by(score, y).figures(np.ones(4_000))[2])


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200), st.integers(1, 20))
def test_tiles_are_even_and_go_by_the_score(scores: list[int], count: int):
    score = np.array(scores, dtype=float)
    tile = tiles_by(score, count)
    sizes = np.bincount(tile, minlength=count + 1)[1:]
    assert sizes.max() - sizes.min() <= 1
    assert all(score[tile == a].min() >= score[tile == b].max() for a in set(tile) for b in set(tile) if a < b)


@given(st.integers(0, 1_000))
def test_gains_reach_all_responses_and_the_last_lift_is_one(seed: int):
    draw = np.random.default_rng(seed)
    y, treated = draw.integers(0, 2, 300), draw.random(300) < 0.8
    if not y[treated].any():
        return
    table = tile_table(tiles_by(draw.random(300)), y, treated, np.full(300, 0.5))
    gains = [one.cumulative_gain for one in table.tiles]
    assert gains == sorted(gains)
    assert (gains[-1], table.tiles[-1].cumulative_lift) == pytest.approx((1.0, 1.0))
    whole = uplift_of_tile(int(treated.sum()), int(y[treated].sum()), int((~treated).sum()), int(y[~treated].sum()))
    assert table.tiles[-1].reached == whole


def test_uplift_at_a_share_is_the_difference_of_the_arms_among_the_first():
    score = np.arange(100.0)[::-1]
    treated = np.tile([True, False], 50)
    y = ((np.arange(100) < 20) & treated).astype(np.int64)
    assert uplift_at(0.2, score, y, treated) == pytest.approx(1.0)
    assert uplift_at(1.0, score, y, treated) == pytest.approx(0.2)
    assert uplift_at(0.2, score, y, np.ones(100, dtype=bool)) is None
