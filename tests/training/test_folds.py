import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.folds import LABELLED_LEAST, customer_folds, lasting_folds, repeated_folds

LABELLED = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1)), min_size=20, max_size=120)


@settings(max_examples=60, deadline=None)
@given(rows=LABELLED, fold_count=st.integers(2, 6), seed=st.integers(0, 1000))
def test_no_customer_lies_in_two_folds_and_the_label_is_spread_evenly(
    rows: list[tuple[int, int]], fold_count: int, seed: int
):
    groups, y = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    fold_of = customer_folds(y, groups, fold_count, seed)
    customers = np.unique(groups)
    folds = [set(fold_of[groups == customer]) for customer in customers]
    assert all(len(fold) == 1 for fold in folds)
    has_label = np.array([y[groups == customer].any() for customer in customers])
    home = np.array([min(fold) for fold in folds])
    for kind in (True, False):
        sizes = np.bincount(home[has_label == kind], minlength=fold_count)
        assert sizes.max() - sizes.min() <= 1


def test_the_same_seed_deals_the_same_folds_and_another_seed_others():
    y, groups = np.tile([0, 0, 0, 1], 25), np.arange(100)
    first = customer_folds(y, groups, 5, 7)
    assert np.array_equal(first, customer_folds(y, groups, 5, 7))
    assert not np.array_equal(first, customer_folds(y, groups, 5, 8))


def test_each_repeat_tests_every_row_once():
    y, groups = np.tile([0, 0, 0, 1], 25), np.arange(100)
    splits = list(repeated_folds(y, groups, 5, 3, 0))
    assert len(splits) == 15
    for repeat in range(3):
        tested = np.concatenate([test for number, _, _, test in splits if number == repeat])
        assert np.array_equal(np.sort(tested), np.arange(100))
    assert all(set(train).isdisjoint(test) for _, _, train, test in splits)


@pytest.mark.parametrize("fold_count", [2, 3, 5])
def test_who_is_added_moves_nobody_into_another_fold(fold_count: int):
    draw = np.random.default_rng(fold_count)
    customers = draw.choice(10**9, 12_000, replace=False)
    y = (draw.random(12_000) < 0.1).astype(np.int64)
    whole = lasting_folds(y, customers, fold_count, "trees")
    rest = draw.permutation(12_000)[:11_000]
    np.testing.assert_array_equal(lasting_folds(y[rest], customers[rest], fold_count, "trees"), whole[rest])
    sizes = np.bincount(whole, minlength=fold_count) * fold_count / 12_000
    assert np.abs(sizes - 1.0).max() < 0.1


def test_another_purpose_deals_other_folds_that_tell_nothing_of_the_first():
    customers, y = np.arange(20_000), np.arange(20_000) % 2
    one, other = (lasting_folds(y, customers, 2, purpose) for purpose in ("trees", "correction"))
    assert (one == other).mean() == pytest.approx(0.5, abs=0.02)


@settings(max_examples=60, deadline=None)
@given(rows=LABELLED, fold_count=st.integers(2, 6))
def test_of_few_customers_the_label_is_spread_evenly_by_whoever_they_are(rows: list[tuple[int, int]], fold_count: int):
    groups, y = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    fold_of = lasting_folds(y, groups, fold_count, "trees")
    homes = {customer: set(fold_of[groups == customer].tolist()) for customer in groups.tolist()}
    assert all(len(home) == 1 for home in homes.values())
    with_it = np.bincount([min(homes[one]) for one in set(groups[y == 1].tolist())] or [0], minlength=fold_count)
    assert with_it.max() - with_it.min() <= 1
    assert len(homes) < LABELLED_LEAST


def test_a_fold_with_too_few_of_the_label_is_never_left_to_chance():
    customers, y = np.arange(10_000), (np.arange(10_000) < 30).astype(np.int64)
    with_it = np.bincount(lasting_folds(y, customers, 3, "trees")[y == 1])
    assert with_it.tolist() == [10, 10, 10]
