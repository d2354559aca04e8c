"""Rows of one agent or customer tell of the same person."""

import numpy as np
import pytest

from training.off_policy import Clusters


def test_without_clusters_the_error_is_that_of_a_mean():
    rows = np.random.default_rng(0).normal(size=1_000)
    assert Clusters((), 1_000).standard_error(rows) == pytest.approx(rows.std(ddof=1) / np.sqrt(1_000), rel=1e-3)


def test_rows_that_repeat_themselves_count_once():
    once = np.random.default_rng(0).normal(size=200)
    agents = np.repeat(np.arange(200), 5)
    assert Clusters((agents,), 1_000).standard_error(np.repeat(once, 5)) == pytest.approx(
        once.std(ddof=1) / np.sqrt(200), rel=1e-2
    )


def test_two_ways_that_cross_add_up():
    draw = np.random.default_rng(1)
    agent, customer = draw.integers(0, 40, 4_000), draw.integers(0, 60, 4_000)
    rows = draw.normal(size=40)[agent] + draw.normal(size=60)[customer] + draw.normal(size=4_000)
    both = Clusters((agent, customer), 4_000)
    assert both.standard_error(rows) > max(Clusters((one,), 4_000).standard_error(rows) for one in (agent, customer))
    assert both.standard_error(rows) == pytest.approx(np.sqrt(1 / 40 + 1 / 60 + 1 / 4_000), rel=0.35)
    assert both.least_count == 40


def test_the_error_is_never_below_that_of_one_way():
    agent = np.repeat(np.arange(50), 20)
    rows = np.random.default_rng(2).normal(size=1_000)
    alone = Clusters((agent,), 1_000).standard_error(rows)
    assert Clusters((agent, np.arange(1_000)), 1_000).standard_error(rows) >= alone
