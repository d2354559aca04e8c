import numpy as np
import pytest

from linewise.core.errors import DataCheckFailed
from training.dataset import CASES_MINIMUM, enforce_learnable


def customers(count: int) -> list[str]:
    return [f"c{number}" for number in range(count)]


@pytest.mark.parametrize(
    ("with_it", "without"), [(0, 50), (50, 0), (CASES_MINIMUM - 1, 50), (50, CASES_MINIMUM - 1), (0, 0)]
)
def test_a_label_of_one_class_or_of_too_few_cases_is_refused(with_it: int, without: int):
    y = np.array([1] * with_it + [0] * without)
    with pytest.raises(DataCheckFailed) as caught:
        enforce_learnable("default", y, customers(with_it + without))
    assert f"{with_it} customers have the label, {without} do not" in str(caught.value)
    assert "stays as it is" in str(caught.value)


def test_enough_of_either_class_is_learnable():
    enforce_learnable("default", np.repeat([0, 1], CASES_MINIMUM), customers(2 * CASES_MINIMUM))


def test_many_rows_of_few_customers_are_few_cases():
    with pytest.raises(DataCheckFailed):
        enforce_learnable("card_take_up", np.tile([0, 1], 500), ["c1", "c2"] * 500)
