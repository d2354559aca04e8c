import numpy as np
import pytest

from training.report.stability import correlation_of_ranks, first_tenth_moved, score_psi


def test_the_same_distribution_has_not_moved_and_another_has():
    draw = np.random.default_rng(0)
    before, same, moved = draw.normal(size=5_000), draw.normal(size=5_000), draw.normal(0.8, 1, 5_000)
    assert score_psi(before, same) < 0.01
    assert score_psi(before, moved) > 0.25


def test_a_score_that_left_every_bin_is_far_and_finite():
    assert 5 < score_psi(np.arange(100.0), np.full(100, 1e9)) < 20


@pytest.mark.parametrize(
    ("one", "other", "correlation"),
    [([1, 2, 3], [10, 20, 21], 1), ([1, 2, 3], [3, 2, 1], -1), ([1, 1, 1], [2, 2, 2], 1), ([1, 1, 1], [1, 2, 3], 0)],
)
def test_ranks_and_not_values_are_compared(one: list[float], other: list[float], correlation: float):
    assert correlation_of_ranks(np.array(one, float), np.array(other, float)) == pytest.approx(correlation)


def test_who_is_no_longer_among_the_first_tenth_is_counted():
    score = np.arange(100.0)
    swapped = score.copy()
    swapped[[99, 0]] = swapped[[0, 99]]
    assert first_tenth_moved(score, score) == 0
    assert first_tenth_moved(score, swapped) == pytest.approx(0.1)
