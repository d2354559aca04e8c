"""The weightiest codes: summed by code, turned by the row's sign, of two alike the first."""

import numpy as np

from linewise.decisioning.weighing import heaviest


def test_inputs_of_one_code_are_summed_before_codes_are_ranked():
    values = np.array([[0.3, 0.2, 0.4]])
    codes, weights = heaviest(values, np.array([0, 1, 2]), np.array([1, 1, 0]), np.ones(1), 2, 2)
    assert codes.tolist() == [[1, 0]]
    assert weights.tolist() == [[0.5, 0.4]]


def test_a_row_that_asks_what_lowered_the_score_turns_the_signs():
    values = np.array([[0.3, -0.2], [0.3, -0.2]])
    codes, _ = heaviest(values, np.array([0, 1]), np.array([0, 1]), np.array([1.0, -1.0]), 2, 1)
    assert codes.tolist() == [[0], [1]]


def test_of_two_codes_that_weigh_alike_the_first_is_told_first():
    codes, _ = heaviest(np.array([[0.1, 0.1]]), np.array([0, 1]), np.array([1, 0]), np.ones(1), 2, 2)
    assert codes.tolist() == [[0, 1]]


def test_there_are_no_more_codes_than_there_are():
    codes, weights = heaviest(np.array([[0.1]]), np.array([0]), np.array([0]), np.ones(1), 1, 4)
    assert codes.shape == weights.shape == (1, 1)
