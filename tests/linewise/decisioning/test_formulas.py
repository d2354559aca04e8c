"""Formulas of one number: bands as numpy has them, and what is known of two."""

import numpy as np
import pytest

from linewise.decisioning.formulas import higher, unpaid, whole
from linewise.decisioning.valuing import between


@pytest.mark.parametrize("at", [-1.0, 0.0, 0.05, 0.1, 0.5, 0.73, 1.0, 2.0, np.nan])
def test_a_share_between_bands_is_that_of_numpy(at: float):
    used, share = np.array([0.0, 0.1, 0.5, 1.0]), np.array([0.4, 0.5, 0.8, 1.05])
    assert between(at, used, share) == pytest.approx(np.interp(at, used, share), abs=0.0, nan_ok=True)


@pytest.mark.parametrize(
    ("one", "other", "known"), [(0.2, 0.3, 0.3), (np.nan, 0.3, 0.3), (0.2, np.nan, 0.2), (np.nan, np.nan, 0.0)]
)
def test_of_two_numbers_the_higher_one_that_is_known(one: float, other: float, known: float):
    assert higher(one, other) == known


@pytest.mark.parametrize(
    ("statements", "paid", "share"),
    [(3.0, 0.1, 0.9), (3.0, 1.4, 0.0), (0.0, 0.1, 0.5), (3.0, np.nan, 0.5), (np.nan, 0.1, 0.5)],
)
def test_who_has_no_statement_revolves_as_the_average(statements: float, paid: float, share: float):
    assert unpaid(statements, paid, 0.5) == pytest.approx(share)


def test_the_half_goes_to_the_even_one():
    assert whole(np.array([0.5, 1.5, -0.5, 2.4])).tolist() == [0, 2, 0, 2]
