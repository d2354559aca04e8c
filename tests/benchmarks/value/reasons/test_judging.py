"""Which share of the reasons said are the true ones, and that contributions are whole."""

import lightgbm as lgb
import numpy as np
import pytest

from benchmarks.value.reasons.judging import added_by_booster, judged, matched
from linewise.simulation.logged import FEATURE_NAMES

A, B, C = ("A", 3.0), ("B", 2.0), ("C", 1.0)


@pytest.mark.parametrize(
    ("said", "true", "share"),
    [
        ([(A, B)], [(B, A)], 1.0),
        ([(A, B)], [(A, C)], 0.5),
        ([(A,)], [(B,)], 0.0),
        ([(A, B), ()], [(A, B), (C,)], 1.0),
        ([(A, B), (C, A)], [(A, B), (B,)], 0.5),
    ],
)
def test_a_reason_matches_where_it_is_among_the_drivers_of_the_same_customer(said, true, share: float) -> None:
    assert matched(said, true) == share


def test_contributions_and_their_base_add_up_to_the_score() -> None:
    draw = np.random.default_rng(3)
    x = draw.normal(size=(400, len(FEATURE_NAMES)))
    parameters = {"objective": "binary", "verbosity": -1, "num_threads": 1, "seed": 1}
    booster = lgb.train(parameters, lgb.Dataset(x, label=x[:, 0] > 0, params=parameters), 20)
    contributions, whole = added_by_booster(booster, x, slope=0.8)
    assert contributions.values.shape == x.shape
    np.testing.assert_allclose(whole, 0.8 * np.asarray(booster.predict(x, raw_score=True)), atol=1e-9)


def test_a_small_world_is_judged_whole() -> None:
    figures = judged("thin-margin", 6_000, 2_000, 3_000, seed=3)
    assert figures["refused"] > 20
    assert figures["additivity"] < 1e-6
    assert figures["same_again"] == 1.0
    assert 0.0 <= figures["match"] <= 1.0
