import math

import numpy as np
import pytest
from scipy.special import ndtri

from linewise.simulation.lives.dice import (
    COUNT_MAXIMUM,
    happens,
    happens_by_logit,
    key_of,
    mixed,
    normal,
    poisson,
    uniform,
)

KEYS = [key_of(np.uint64(7), customer) for customer in range(4000)]


def test_a_throw_depends_on_key_purpose_and_index_alone() -> None:
    assert uniform(KEYS[0], 3, 5) == uniform(KEYS[0], 3, 5)
    throws = {uniform(key, purpose, index) for key in KEYS[:50] for purpose in range(6) for index in range(6)}
    assert len(throws) == 50 * 36


def test_throws_are_uniform_and_neither_end_is_met() -> None:
    draws = np.sort([uniform(key, 1, 0) for key in KEYS])
    assert draws[0] > 0.0
    assert draws[-1] < 1.0
    # Kolmogorov and Smirnov's distance: beyond 1.95 / sqrt(n) by luck once in a thousand.
    ranks = np.arange(len(draws)) / len(draws)
    assert np.abs(draws - ranks).max() < 1.95 / math.sqrt(len(draws))


@pytest.mark.parametrize("other", [(1, 1), (2, 0)], ids=["the next index", "the next purpose"])
def test_throws_for_other_purposes_are_unrelated(other: tuple[int, int]) -> None:
    one = [uniform(key, 1, 0) for key in KEYS]
    two = [uniform(key, *other) for key in KEYS]
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / math.sqrt(len(KEYS))


def test_normal_throws_have_their_mean_and_spread() -> None:
    draws = np.array([normal(key, 4, 2) for key in KEYS])
    assert abs(draws.mean()) < 4 / math.sqrt(len(draws))
    assert draws.std() == pytest.approx(1.0, abs=4 / math.sqrt(2 * len(draws)))


def test_a_normal_throw_is_the_quantile_of_a_uniform_one() -> None:
    throws = np.array([(uniform(key, 4, index), normal(key, 4, index)) for key in KEYS for index in range(25)])
    draws, normals = throws.T
    # Scipy's own is right to a few units of the last place; the tails beyond 4 are met some ten times.
    assert np.abs(normals - ndtri(draws)).max() < 5e-15
    assert np.abs(normals).max() > 3.9


@pytest.mark.parametrize("logit", [-9.0, -5.0, -2.0, -1.9, 0.0, 3.0])
def test_what_happens_by_a_logit_happens_with_its_probability(logit: float) -> None:
    chance = 1.0 / (1.0 + math.exp(-logit))
    happened = [happens_by_logit(logit, key, 7, 0) for key in KEYS]
    assert happened == [uniform(key, 7, 0) < chance for key in KEYS]


@pytest.mark.parametrize("mean", [0.01, 0.4, 2.0])
def test_a_count_is_none_as_often_as_the_exponential_says(mean: float) -> None:
    assert [poisson(mean, key, 5, 0) == 0 for key in KEYS] == [uniform(key, 5, 0) <= math.exp(-mean) for key in KEYS]


@pytest.mark.parametrize("mean", [0.05, 1.0, 12.0])
def test_counts_have_the_mean_and_variance_of_poisson(mean: float) -> None:
    draws = np.array([poisson(mean, key, 5, 0) for key in KEYS])
    assert draws.mean() == pytest.approx(mean, abs=4 * math.sqrt(mean / len(draws)))
    assert draws.var() == pytest.approx(mean, abs=4 * math.sqrt((mean + 2 * mean**2) / len(draws)))


def test_a_count_grows_with_its_mean_by_the_same_throw() -> None:
    means = [0.1, 0.5, 1.0, 2.0, 6.0, 500.0]
    for key in KEYS[:50]:
        counts = [poisson(mean, key, 5, 0) for mean in means]
        assert counts == sorted(counts)
        assert counts[-1] <= COUNT_MAXIMUM


def test_what_is_certain_happens_and_what_is_impossible_does_not() -> None:
    assert all(happens(1.0, key, 6, 0) for key in KEYS[:100])
    assert not any(happens(0.0, key, 6, 0) for key in KEYS[:100])


def test_every_bit_moves_about_half_of_the_bits() -> None:
    flips = [int(mixed(np.uint64(99)) ^ mixed(np.uint64(99 ^ (1 << bit)))).bit_count() for bit in range(64)]
    assert min(flips) > 16
    assert max(flips) < 48
