"""The signs that the field experiment found: a lower rate or a smaller debt helps, a mere stretch does not."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from linewise.decisioning.hardship import HardshipPolicy, breaking_ratio
from linewise.decisioning.plans import annuity_factor, schedule_of
from linewise.decisioning.plans.outstanding import mean_owed_share
from tests.builders import TODAY, a_policy

POLICY: HardshipPolicy = a_policy().decision.hardship
BEARS = np.array([100_000])


def breaks(owed: float, rate: float, term: int, pd_12m: float = 0.3) -> float:
    found = breaking_ratio(
        np.array([owed], dtype=np.int64), np.array([rate]), np.array([term]), BEARS, np.array([pd_12m]), POLICY
    )
    return float(found[0])


def burden(owed: float, rate: float, term: int) -> float:
    return float(owed * annuity_factor(rate, np.array([term]))[0] / BEARS[0])


OWED, RATE, TERM, PD = st.integers(10_000, 10**7), st.floats(0.0, 0.25), st.integers(1, 60), st.floats(0.001, 0.9)


@given(owed=OWED, rate=RATE, cut=st.floats(0.001, 0.25), term=TERM, pd_12m=PD)
@example(owed=10_000, rate=1e-6, cut=0.25, term=1, pd_12m=0.5)
def test_a_lower_rate_always_lowers_the_risk(owed: int, rate: float, cut: float, term: int, pd_12m: float):
    before, after = breaks(owed, rate, term, pd_12m), breaks(owed, max(rate - cut, 0.0), term, pd_12m)
    assert after <= before
    if term > 1 and rate >= 0.01 and cut >= 0.01 and before < 0.999:
        assert after < before


@given(owed=OWED, rate=RATE, term=TERM, more=st.integers(1, 59), pd_12m=PD)
def test_a_mere_stretch_never_helps_who_could_bear_the_payment(owed: int, rate: float, term: int, more: int, pd_12m):
    assume(term + more <= 60 and burden(owed, rate, term) <= 1.0)
    assert breaks(owed, rate, term + more, pd_12m) >= breaks(owed, rate, term, pd_12m)


@given(owed=OWED, rate=RATE, term=TERM, written_down=st.floats(0.0, 1.0), pd_12m=PD)
def test_a_smaller_debt_never_raises_the_risk(owed: int, rate: float, term: int, written_down: float, pd_12m: float):
    assert breaks(owed * written_down, rate, term, pd_12m) <= breaks(owed, rate, term, pd_12m)


@given(owed=OWED, rate=RATE, term=TERM, pd_12m=PD, more=st.floats(0.0, 0.09))
def test_a_riskier_customer_breaks_more_often(owed: int, rate: float, term: int, pd_12m: float, more: float):
    assert 0.0 <= breaks(owed, rate, term, pd_12m) <= breaks(owed, rate, term, pd_12m + more) <= 1.0


def test_a_payment_that_no_month_bears_is_broken_and_a_bearable_stretch_of_it_is_not():
    assert burden(4_000_000, 0.06, 24) > 1.5
    assert burden(4_000_000, 0.06, 60) < 1.0
    assert breaks(4_000_000, 0.06, 24) > 0.99
    assert breaks(4_000_000, 0.06, 60) < breaks(4_000_000, 0.06, 24)


def test_of_two_ways_to_the_same_payment_the_lower_rate_is_the_safer_one():
    # About 88,000 a month: 44 months at 12%, or 36 at nearly nothing.
    assert burden(3_100_000, 0.12, 44) == pytest.approx(burden(3_100_000, 0.0151, 36), rel=0.01)
    assert breaks(3_100_000, 0.0151, 36) < breaks(3_100_000, 0.12, 44)


@pytest.mark.parametrize(("rate", "term"), [(0.0, 12), (0.0, 60), (0.06, 36), (0.2, 60)])
def test_the_mean_debt_of_a_plan_is_that_of_its_schedule(rate: float, term: int):
    owed = 10_000_000
    payment = int(np.ceil(owed * annuity_factor(rate, np.array([term]))[0]))
    lines = schedule_of(owed, payment, rate, term, TODAY)
    mean = (owed + sum(line.remaining_amt for line in lines[:-1])) / term / owed
    assert mean_owed_share(np.array([rate]), np.array([term]))[0] == pytest.approx(mean, abs=1e-4)
