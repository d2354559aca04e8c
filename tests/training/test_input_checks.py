from dataclasses import replace

import numpy as np
import pytest

from linewise.core.errors import DataCheckFailed
from tests.training.builders import a_dataset, a_spec, an_amount_dataset, an_amount_spec
from tests.training.report.builders import a_history, a_risk_spec
from training.dataset import Dataset
from training.input_checks import check_inputs

DATA = a_history(500)


def with_column(data: Dataset, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Dataset:
    x = data.x.copy()
    x[:, 2] = values
    return replace(data, x=x)


LEAKS = {
    "the label itself": lambda y, draw: y.astype(float),
    "the label upside down": lambda y, draw: 1.0 - y,
    "the label with a little noise": lambda y, draw: y + 0.1 * draw.normal(size=len(y)),
    "filled in only for those with it": lambda y, draw: np.where(y == 1, 3.0, np.nan),
    "two-sided: far from the middle on either side": lambda y, draw: y * draw.choice([-1.0, 1.0], len(y)),
}


@pytest.mark.parametrize("how", LEAKS)
def test_a_column_that_knows_the_label_is_found_and_named(how: str):
    leaking = with_column(DATA, LEAKS[how](DATA.y, np.random.default_rng(1)))
    with pytest.raises(DataCheckFailed) as caught:
        check_inputs(a_risk_spec(), leaking)
    assert "x2 (" in str(caught.value)
    assert "x0" not in str(caught.value)
    assert "stays as it is" in str(caught.value)
    assert "-S alone_most=1" in str(caught.value)


def test_whoever_knows_better_may_let_it_through():
    leaking = with_column(DATA, DATA.y.astype(float))
    found = check_inputs(a_risk_spec(alone_most=1.0), leaking)
    assert next(iter(found.alone)) == "x2"
    assert found.alone["x2"] == pytest.approx(1.0)


def test_a_strong_honest_column_is_no_leak():
    found = check_inputs(a_spec(), a_dataset(2_000))
    assert next(iter(found.alone)) == "x0"
    assert 0.7 < found.alone["x0"] < 0.97
    assert found.alone["x1"] == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("value", [np.nan, 0.0, 7.5])
def test_a_constant_or_missing_column_is_told_and_does_not_stop_a_training(value: float):
    found = check_inputs(a_risk_spec(), with_column(DATA, np.full(len(DATA.y), value)))
    assert found.idle == ("x2",)
    assert "x2" not in found.alone


def test_a_column_that_is_one_value_or_missing_varies():
    values = np.where(np.arange(len(DATA.y)) % 2 == 0, 1.0, np.nan)
    assert check_inputs(a_risk_spec(), with_column(DATA, values)).idle == ()


def test_where_no_column_varies_nothing_is_trained():
    with pytest.raises(DataCheckFailed, match="every input is constant or missing"):
        check_inputs(a_risk_spec(), replace(DATA, x=np.full_like(DATA.x, np.nan)))


def test_an_amount_under_another_name_is_a_leak_too():
    data = an_amount_dataset()
    leaking = with_column(data, data.amount_amt / data.scale_amt)
    with pytest.raises(DataCheckFailed, match="share of the variance"):
        check_inputs(an_amount_spec(), leaking)
    assert check_inputs(an_amount_spec(), data).alone["x0"] < 0.97
