"""What trees expect of rows that they did not see, and the straight line they begin at."""

from dataclasses import replace

import numpy as np

from tests.training.builders import an_amount_dataset, an_amount_spec
from training.standardised import FARTHEST, Standard
from training.unseen import Unseen


def test_a_column_that_never_moves_or_is_missing_says_nothing():
    x = np.array([[1.0, np.nan, 4.0], [1.0, np.nan, 6.0], [1.0, np.nan, np.nan]])
    columns = Standard.of(x).columns(x)
    np.testing.assert_array_equal(columns[:, 0], 1.0)
    np.testing.assert_array_equal(columns[:, 1:3], 0.0)
    np.testing.assert_allclose(columns[:, 3], [-1.0, 1.0, 0.0])


def test_who_lies_beyond_all_others_is_not_drawn_further():
    x = np.random.default_rng(1).normal(size=(1_000, 1))
    assert Standard.of(x).columns(np.array([[1e9], [-1e9]]))[:, 1].tolist() == [FARTHEST, -FARTHEST]


def test_a_straight_line_is_foretold_to_its_ends_of_unseen_rows():
    data = an_amount_dataset(3_000)
    line = 3.0 * data.x[:, 0] + np.random.default_rng(2).normal(0, 0.1, 3_000)
    unseen = Unseen.of(an_amount_spec(), data, 5)
    straight = unseen.of_amount(line)
    assert np.corrcoef(straight, line)[0, 1] > 0.998
    highest = np.argsort(line)[-30:]
    assert abs((line - straight)[highest].mean()) < 0.15
    assert (line - unseen.expected(line, 30))[highest].mean() > 0.3


def test_a_row_is_never_foretold_from_itself_or_from_its_customer():
    data = an_amount_dataset(900)
    label = np.repeat(np.random.default_rng(3).normal(size=300), 3)
    unseen = Unseen.of(an_amount_spec(), replace(data, x=np.random.default_rng(4).normal(size=(900, 3))), 5)
    assert (np.diff(unseen.fold_of.reshape(-1, 3), axis=1) == 0).all()
    assert abs(np.corrcoef(unseen.of_amount(label), label)[0, 1]) < 0.15


def test_a_score_beside_the_rows_is_not_learnt_and_leaves_no_trace():
    data = an_amount_dataset(1_500)
    label, beside = data.x[:, 0] + 7.0, np.full(1_500, 7.0)
    unseen = Unseen.of(an_amount_spec(tree_count=60), data, 5)
    before = unseen.expected(label, 60)
    assert abs(unseen.expected(label, 60, beside=beside).mean()) < 0.5
    np.testing.assert_array_equal(unseen.expected(label, 60), before)
