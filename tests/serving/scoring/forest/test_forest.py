"""A forest by arrays answers as LightGBM does: margins to the bit, contributions but for the order of adding."""

from functools import cache
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from serving.scoring.forest import Forest
from serving.scoring.forest.planted import planted
from serving.scoring.forest.shares import MOST_INPUTS, tables_of

ROWS, INPUTS = 3_000, 12
PLAIN = {"objective": "binary", "num_leaves": 15, "max_depth": 5, "min_data_in_leaf": 20}

KINDS: dict[str, dict[str, Any]] = {
    "as a spec has it": PLAIN,
    "monotone": PLAIN | {"monotone_constraints": [1, -1, *[0] * (INPUTS - 2)]},
    "an amount": PLAIN | {"objective": "regression"},
    "stumps": PLAIN | {"num_leaves": 2},
    "no split worth it": PLAIN | {"min_data_in_leaf": ROWS},
    "deep and uneven": PLAIN | {"num_leaves": 31, "max_depth": -1, "min_data_in_leaf": 2},
    "an amount that is never below nothing": PLAIN | {"objective": "poisson"},
    "nothing counts as missing": PLAIN | {"use_missing": False},
    "zero counts as missing": PLAIN | {"zero_as_missing": True},
    "categories": PLAIN,
}


@cache
def known() -> tuple[np.ndarray, np.ndarray]:
    """Rows with missing values in some inputs, whole numbers and zeros in others, and a label."""
    draw = np.random.default_rng(5)
    x = draw.normal(size=(ROWS, INPUTS))
    x[:, 3] = draw.integers(0, 6, ROWS)
    x[:, 4] *= draw.random(ROWS) < 0.5
    for column in (0, 5, 6):
        x[draw.random(ROWS) < 0.2, column] = np.nan
    odds = np.nan_to_num(x[:, 0]) - x[:, 1] + (x[:, 3] == 2) + np.isnan(x[:, 5]) * np.nan_to_num(x[:, 6])
    return x, (draw.random(ROWS) < 1.0 / (1.0 + np.exp(-odds))).astype(np.float64)


@cache
def grown(kind: str) -> lgb.Booster:
    x, y = known()
    parameters = KINDS[kind] | {"seed": 1, "num_threads": 1, "verbosity": -1, "deterministic": True}
    categories = [3] if kind == "categories" else []
    trees = lgb.train(parameters, lgb.Dataset(x, label=y, params=parameters, categorical_feature=categories), 30)
    # As a release has it: read from the text that was saved.
    return lgb.Booster(model_str=trees.model_to_string())


def odd_rows() -> np.ndarray:
    """Rows of which some hold what was never seen: nothing at all, the infinite, the huge and the tiny."""
    x = known()[0][:400].copy()
    x[0], x[1], x[2], x[3] = np.nan, np.inf, -np.inf, 0.0
    x[4], x[5] = 1e300, -1e-300
    x[6:12, ::2] = np.nan
    return x


@pytest.mark.parametrize("kind", KINDS)
def test_the_sum_of_the_leaves_is_lightgbms_to_the_bit(kind: str):
    booster, rows = grown(kind), odd_rows()
    np.testing.assert_array_equal(Forest(booster).summed(rows), booster.predict(rows, raw_score=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_prediction_is_lightgbms_to_the_bit(kind: str):
    booster, rows = grown(kind), odd_rows()
    np.testing.assert_array_equal(Forest(booster).predicted(rows), booster.predict(rows))


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_are_lightgbms_and_add_up_to_the_sum(kind: str):
    booster, rows = grown(kind), odd_rows()
    added = Forest(booster).contributed(rows)
    np.testing.assert_allclose(added, booster.predict(rows, pred_contrib=True), rtol=0, atol=1e-12)
    np.testing.assert_allclose(added.sum(axis=1), booster.predict(rows, raw_score=True), rtol=0, atol=1e-11)


@pytest.mark.parametrize(
    ("kind", "has_arrays", "has_tables"),
    [
        ("as a spec has it", True, True),
        ("no split worth it", True, True),
        ("nothing counts as missing", True, True),
        ("deep and uneven", True, False),
        ("zero counts as missing", False, False),
        ("categories", False, False),
    ],
)
def test_what_the_arrays_do_not_hold_is_left_to_lightgbm(kind: str, has_arrays: bool, has_tables: bool):
    forest = planted(grown(kind))
    assert (forest is not None) == has_arrays
    if forest is not None:
        widest = max(len(leaf.cover_ratios) for tree in forest.leaves for leaf in tree)
        assert (widest <= MOST_INPUTS) == has_tables
        assert (tables_of(forest) is not None) == has_tables


@given(arrays(np.float64, (3, INPUTS), elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_no_row_whatever_goes_another_way(rows: np.ndarray):
    booster = grown("as a spec has it")
    forest = Forest(booster)
    np.testing.assert_array_equal(forest.summed(rows), booster.predict(rows, raw_score=True))
    np.testing.assert_allclose(forest.contributed(rows), booster.predict(rows, pred_contrib=True), rtol=0, atol=1e-12)


def test_a_row_is_answered_alike_alone_in_a_frame_and_on_several_threads():
    booster, rows = grown("as a spec has it"), np.tile(known()[0], (2, 1))
    whole = Forest(booster).summed(rows)
    np.testing.assert_array_equal(Forest(booster, threads=2).summed(rows), whole)
    np.testing.assert_array_equal(Forest(booster).summed(rows[7:8]), whole[7:8])
    added = Forest(booster).contributed(rows)
    np.testing.assert_array_equal(Forest(booster, threads=2).contributed(rows), added)
    np.testing.assert_array_equal(Forest(booster).contributed(rows[7:8]), added[7:8])


def test_columns_that_lie_apart_in_memory_are_read_all_the_same():
    booster, rows = grown("an amount"), odd_rows()
    apart = np.hstack([rows, rows[:, :1]])[:, :-1]
    assert not apart.flags.c_contiguous
    np.testing.assert_array_equal(Forest(booster).summed(apart), booster.predict(rows, raw_score=True))


@pytest.mark.parametrize("kind", ["as a spec has it", "categories"])
def test_what_a_forest_does_not_read_of_wider_rows_changes_nothing(kind: str):
    booster, rows = grown(kind), odd_rows()
    forest, wider = Forest(booster, unread=1), np.hstack([rows, np.full((len(rows), 1), 7.0)])
    np.testing.assert_array_equal(forest.summed(wider), Forest(booster).summed(rows))
    np.testing.assert_array_equal(forest.predicted(wider), Forest(booster).predicted(rows))
    np.testing.assert_array_equal(forest.contributed(wider), Forest(booster).contributed(rows))


def test_no_rows_give_no_answers():
    forest, nobody = Forest(grown("as a spec has it")), np.empty((0, INPUTS))
    assert forest.summed(nobody).shape == (0,)
    assert forest.contributed(nobody).shape == (0, INPUTS + 1)


@pytest.mark.parametrize("rows", [np.zeros((2, INPUTS - 1)), np.zeros((2, INPUTS + 1)), np.zeros(INPUTS)])
def test_rows_of_another_width_are_refused_and_not_read_past(rows: np.ndarray):
    forest = Forest(grown("as a spec has it"))
    with pytest.raises(ValueError, match=f"{INPUTS} inputs a row were expected"):
        forest.summed(rows)
    with pytest.raises(ValueError, match=f"{INPUTS} inputs a row were expected"):
        forest.contributed(rows)
