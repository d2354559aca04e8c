"""The walk over candidates says what the coefficients say, as expected and at their cautious end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.limits.ladder import ladder
from linewise.decisioning.limits.use import answers_of
from linewise.decisioning.scorers import AmountCoefficients, DefaultCoefficients, Dose, LimitResponse
from tests.builders import a_policy

POLICY = a_policy().decision.limit
numbers = st.floats(0.0, 3.0)


@given(
    offset=st.floats(-9.0, 1.0),
    slopes=st.tuples(numbers, numbers, numbers),
    errors=st.tuples(numbers, numbers, numbers),
    bend_ratio=st.sampled_from([1.0, 0.2]),
    caution=numbers,
)
def test_both_ends_are_those_of_the_coefficients(offset, slopes, errors, bend_ratio, caution):
    line = np.array([1_000_000, 3_000_000])
    one, other = Dose(line, line.astype(float)), Dose(line, line.astype(float), bend_ratio)
    each = [np.full(2, value) for value in (*slopes, *errors)]
    default = DefaultCoefficients(np.full(2, offset), each[0], each[3], other, 18.0)
    balance = AmountCoefficients(0.3 * line, each[1] * line, each[4] * line, one)
    spend = AmountCoefficients(2.0 * line, each[2] * line, each[5] * line, other)
    response = LimitResponse(default, balance, spend, np.zeros(2, dtype=bool), {})
    candidates = ladder(line, POLICY)
    found, dose = answers_of(response, candidates, caution)
    assert found.pd_12m[0] == pytest.approx(default.pd_12m(candidates))
    assert found.pd_12m[1] == pytest.approx(default.cautious(caution).pd_12m(candidates))
    assert found.owed_amt == pytest.approx(balance.amount(candidates))
    assert found.earning_amt[1] == pytest.approx(balance.cautious(caution).amount(candidates))
    assert found.spend_amt[1] == pytest.approx(spend.cautious(caution).amount(candidates))
    assert dose == pytest.approx(one.of(candidates))
