from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.builders import a_dataset
from tests.training.report.builders import a_history
from training.splits import split_by_time

HISTORY = a_history()


def test_every_fitted_label_was_known_before_the_first_judged_row():
    split = split_by_time(HISTORY)
    assert HISTORY.ripe_at is not None
    assert HISTORY.as_of is not None
    assert split.begins_at is not None
    assert HISTORY.ripe_at[split.fit].max() <= split.begins_at <= HISTORY.as_of[split.test].min()


def test_rows_whose_label_was_not_known_yet_are_left_out_and_none_is_lost():
    split = split_by_time(HISTORY)
    every = np.concatenate([split.fit, split.test, split.left_out])
    assert np.array_equal(np.sort(every), np.arange(len(HISTORY.y)))
    assert len(split.left_out) > 0


@settings(max_examples=20)
@given(st.integers(0, 1_000), st.integers(2, 5))
def test_no_customer_is_judged_by_a_fit_that_has_seen_him_and_every_judged_row_is_judged_once(seed: int, folds: int):
    split = split_by_time(HISTORY)
    parts = list(split.parts(HISTORY, folds, seed))
    for part in parts:
        assert not set(HISTORY.groups[part.fit]) & set(HISTORY.groups[part.test])
        assert set(part.fit) <= set(split.fit)
    assert np.array_equal(np.sort(np.concatenate([part.test for part in parts])), split.test)


@pytest.mark.parametrize("months", [1, 12])
def test_a_history_too_short_for_a_label_to_ripen_is_judged_out_of_fold_and_says_why(months: int):
    split = split_by_time(a_history(300, months=months))
    assert split.begins_at is None
    assert "ripens in 365" in split.reason
    assert len(split.fit) == len(split.test) == 1200


def test_rows_without_time_are_judged_out_of_fold():
    split = split_by_time(a_dataset())
    assert split.begins_at is None
    assert split.reason == "the rows carry no time"


def test_a_label_known_at_once_needs_no_gap():
    split = split_by_time(replace(HISTORY, ripe_at=HISTORY.as_of))
    assert split.begins_at is not None
    assert len(split.left_out) == 0
