"""Curves over a limit in closed form: they keep their shapes, and their cautious ends lie on the careful side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.scorers import AmountCoefficients, DefaultCoefficients, Dose

DOSES = st.builds(
    lambda anchor, scale, bend: Dose(np.array([anchor]), np.array([scale]), bend),
    st.integers(0, 10**8),
    st.floats(1.0, 1e8),
    st.sampled_from([1.0, 0.25, 0.1]),
)
LIMITS = st.lists(st.integers(0, 10**9), min_size=3, max_size=12).map(lambda found: np.array([sorted(found)]))


def a_default(offset: float, slope: float, dose: Dose, error: float = 0.0, horizon: float = 12.0):
    return DefaultCoefficients(np.array([offset]), np.array([slope]), np.array([error]), dose, horizon)


def an_amount(base: float, slope: float, dose: Dose, error: float = 0.0):
    return AmountCoefficients(np.array([base]), np.array([slope]), np.array([error]), dose)


@pytest.mark.parametrize(
    ("limit_amt", "anchor_amt", "scale_amt", "expected"),
    [
        (0, 0, 100.0, 0.0),
        (100, 0, 100.0, np.log(2)),
        (100, 100, 100.0, 0.0),
        (200, 100, 100.0, np.log(2)),
        (50, 100, 100.0, 0.0),  # below the line in force nothing is claimed
        (10**12, 0, 1.0, np.log1p(1e12)),
    ],
)
def test_the_dose_is_zero_up_to_the_anchor_and_grows_by_the_logarithm(limit_amt, anchor_amt, scale_amt, expected):
    dose = Dose(np.array([anchor_amt]), np.array([scale_amt]))
    assert dose.of(np.array([[limit_amt]]))[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("bend", [1.0, 0.5, 0.1])
def test_a_bent_dose_is_the_same_at_twice_the_line_and_larger_before_it(bend):
    dose, plain = (Dose(np.array([100]), np.array([100.0]), one) for one in (bend, 1.0))
    assert dose.of(np.array([[200]]))[0, 0] == pytest.approx(np.log(2))
    assert dose.of(np.array([[110]]))[0, 0] >= plain.of(np.array([[110]]))[0, 0]
    first = Dose(np.array([0]), np.array([1e9]), bend).of(np.array([[1]]))[0, 0]
    assert first == pytest.approx(dose.steepness * 1e-9)


def test_twelve_months_follow_from_the_horizon_by_a_constant_hazard():
    flat = a_default(0.0, 0.0, Dose(np.array([0]), np.array([1.0])), horizon=24.0)
    assert flat.pd_12m(np.array([[10]]))[0, 0] == pytest.approx(1 - 0.5**0.5)


@given(dose=DOSES, limits=LIMITS, offset=st.floats(-12, 3), slope=st.floats(0, 5), error=st.floats(0, 3))
def test_default_never_falls_with_the_limit_and_the_cautious_curve_is_nowhere_lower(dose, limits, offset, slope, error):
    curve = a_default(offset, slope, dose, error)
    pd_12m = curve.pd_12m(limits)
    assert (np.diff(pd_12m) >= 0).all()
    assert ((pd_12m >= 0) & (pd_12m <= 1)).all()
    assert (curve.cautious(1.645).pd_12m(limits) >= pd_12m).all()


@given(dose=DOSES, limits=LIMITS, base=st.floats(0, 1e8), slope=st.floats(0, 1e8), errors=st.floats(0, 5))
def test_amounts_rise_ever_more_slowly_with_the_limit_and_the_cautious_ones_less(dose, limits, base, slope, errors):
    curve = an_amount(base, slope, dose, error=slope / 2)
    at = np.maximum(limits, dose.anchor_amt[:, None])
    amount = curve.amount(at)
    steps = np.diff(at)[0]
    gradient = np.diff(amount)[0][steps > 0] / steps[steps > 0]
    tolerance = 1e-6 * max(1.0, base + slope)
    assert (np.diff(amount) >= 0).all()
    assert (np.diff(gradient) <= tolerance).all()
    lower = curve.cautious(errors)
    assert (lower.amount(at) <= amount + tolerance).all()
    assert lower.amount(dose.anchor_amt[:, None])[0, 0] == curve.amount(dose.anchor_amt[:, None])[0, 0] == base
    assert lower.slope_amt[0] >= 0


def test_a_customers_curve_does_not_depend_on_who_is_beside():
    several = Dose(np.array([0, 500, 70_000]), np.array([10.0, 500.0, 3e4]))
    limits = np.array([[0, 900, 1_800]] * 3)
    alone = Dose(several.anchor_amt[1:2], several.scale_amt[1:2])
    assert (several.of(limits)[1] == alone.of(limits[1:2])[0]).all()
