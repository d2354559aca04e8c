from dataclasses import replace

import numpy as np
import pytest

from tests.training.builders import a_dataset, a_spec
from training.dose import dose_of, dose_term, least_scale
from training.specs import DoseSpec


@pytest.mark.parametrize(
    ("principal_amt", "scale_amt", "minimum", "ratio"),
    [(100, 50, 25, 2), (100, 10, 25, 4), (100, 0, 25, 4), (100, np.nan, 25, 4), (0, 50, 25, 0)],
    ids=["income above the floor", "income below it", "no income", "income unknown", "nothing lent"],
)
def test_the_amount_is_measured_against_income_or_the_floor(
    principal_amt: float, scale_amt: float, minimum: float, ratio: float
):
    dose = dose_term(np.array([float(principal_amt)]), np.array([float(scale_amt)]), minimum)
    assert dose[0] == pytest.approx(np.log1p(ratio))


def test_the_floor_is_a_low_quantile_of_the_incomes_there_are():
    data = replace(a_dataset(5), scale_amt=np.array([0.0, np.nan, 100.0, 200.0, 300.0]))
    spec = a_spec(dose=DoseSpec(scale_feature="income_amt", floor_quantile=0.5))
    assert least_scale(spec, data) == 200.0
    assert least_scale(spec, replace(data, scale_amt=np.zeros(5))) == 1.0


def test_a_model_without_a_dose_has_no_dose_term():
    assert least_scale(a_spec("card_take_up"), a_dataset(5)) is None
    assert dose_of(a_dataset(5), None) is None
