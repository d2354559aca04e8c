import numpy as np
import pytest

from training.report.stability import correlation_of_ranks, first_tenth_moved


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
