"""Inputs that moved while the rows were gathered are named, and no others."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.builders import a_dataset
from training.dataset import Dataset
from training.steadiness import moved_inputs

ROWS = 3_000
DRAW = np.random.default_rng(4)
STEADY = DRAW.normal(size=ROWS)
LATER = np.arange(ROWS) >= 2_000


def told(column: np.ndarray) -> Dataset:
    as_of = np.datetime64("2026-01-01T00:00:00", "us") + np.arange(ROWS) * np.timedelta64(1, "h")
    return replace(
        a_dataset(ROWS),
        feature_names=("steady", "asked"),
        offer_attributes=(),
        x=np.column_stack([STEADY, column]),
        as_of=as_of,
    )


@pytest.mark.parametrize(
    ("column", "moved"),
    [
        (DRAW.normal(size=ROWS), False),
        (STEADY + LATER, True),
        (np.where(LATER, 1.0, 0.0), True),
        (DRAW.integers(0, 2, ROWS).astype(float), False),
        (np.where(LATER & (STEADY > 0), np.nan, STEADY), True),
        (np.full(ROWS, np.nan), False),
        (np.ones(ROWS), False),
    ],
    ids=["the same draw", "shifted", "another value", "a coin", "no longer noted", "never noted", "constant"],
)
def test_what_moved_between_the_older_rows_and_the_later_ones_is_named(column: np.ndarray, moved: bool):
    data = told(column)
    assert set(moved_inputs(data)) == ({"asked"} if moved else set())
    shuffled = np.random.default_rng(1).permutation(ROWS)
    assert moved_inputs(data.rows(shuffled)) == moved_inputs(data)


def test_rows_without_a_moment_name_nothing():
    assert moved_inputs(replace(told(STEADY + LATER), as_of=None)) == {}
