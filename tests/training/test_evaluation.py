from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tests.training.builders import a_dataset, a_spec, an_offer_dataset
from training.evaluation import CrossValidation, cross_validate
from training.fitting import fit_model
from training.folds import repeated_folds
from training.logistic import fit_logistic


@pytest.fixture(scope="module")
def checked() -> CrossValidation:
    return cross_validate(a_spec(), a_dataset(), 5)


def test_each_figure_is_the_mean_over_the_very_same_folds(checked: CrossValidation):
    spec, data = a_spec(), a_dataset()
    ours, rivals = [], []
    for _, _, train, test in repeated_folds(data.y, data.groups, spec.fold_count, spec.repeat_count, 5):
        seen, unseen = data.rows(train), data.rows(test)
        ours.append(roc_auc_score(unseen.y, fit_model(spec, seen, 5).probability(unseen)))
        rivals.append(roc_auc_score(unseen.y, fit_logistic(spec, seen, 5).probability(unseen)))
    auc = checked.evaluation.auc
    assert list(checked.evaluation.fold_auc) == ours
    assert auc.model.value == pytest.approx(np.mean(ours))
    assert auc.logistic.value == pytest.approx(np.mean(rivals))
    assert auc.difference.value == pytest.approx(np.mean(ours) - np.mean(rivals))


def test_every_interval_holds_its_figure(checked: CrossValidation):
    evaluation = checked.evaluation
    for comparison in (evaluation.auc, evaluation.brier, evaluation.log_loss):
        for measured in (comparison.model, comparison.logistic, comparison.difference):
            assert measured.low <= measured.value <= measured.high


def test_fifths_cover_every_row_and_carry_observed_to_expected(checked: CrossValidation):
    bands = checked.evaluation.bands
    assert sum(band.row_count for band in bands) == checked.evaluation.row_count == 300
    assert sum(band.positive_count for band in bands) == checked.evaluation.positive_count
    assert [band.expected for band in bands] == sorted(band.expected for band in bands)
    for band in bands:
        ratio = band.observed_to_expected
        assert ratio.value == pytest.approx(band.positive_count / band.row_count / band.expected)
        assert ratio.low <= ratio.value <= ratio.high


def test_a_label_of_pure_chance_is_not_found_predictable():
    data = a_dataset(400)
    shuffled = replace(data, y=np.random.default_rng(9).permutation(data.y))
    auc = cross_validate(a_spec(), shuffled, 5).evaluation.auc
    assert auc.model.low < 0.5 < auc.model.high


def test_progress_is_told_of_every_fold():
    steps: list[int] = []
    cross_validate(a_spec(), a_dataset(120), 5, steps.append)
    assert sum(steps) == 6


def test_threads_do_not_change_a_figure(checked: CrossValidation):
    again = cross_validate(a_spec(), a_dataset(), 5)
    assert again.evaluation == checked.evaluation
    assert np.array_equal(again.probability, checked.probability)


def test_knowing_which_offer_sells_does_not_help_to_know_who_buys():
    evaluation = cross_validate(a_spec("card_take_up"), an_offer_dataset(), 5).evaluation
    assert evaluation.case_auc is not None
    assert evaluation.case_auc.model.value < evaluation.auc.model.value
    assert evaluation.customer_count == 150


def test_one_row_a_case_needs_no_figure_by_case(checked: CrossValidation):
    assert checked.evaluation.case_auc is None


@given(st.integers(0, 10_000))
def test_rows_of_a_dataset_keep_their_columns_together(seed: int):
    data = a_dataset(30)
    index = np.random.default_rng(seed).permutation(30)[:10]
    part = data.rows(index)
    assert np.array_equal(part.x, data.x[index])
    assert part.principal_amt is not None
    assert data.principal_amt is not None
    assert np.array_equal(part.principal_amt, data.principal_amt[index])
    assert part.inputs == data.inputs
