import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.folds import customer_folds, repeated_folds

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
