"""Whose purchases are declined leaves: by the register, by models, and by both in the measure of what they know."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.limits.leaving import Leaving, leaving_ratio
from linewise.decisioning.scorers import Dose, Doses, FallingCoefficients
from linewise.decisioning.types import Floats
from tests.builders import FixedScorers, a_policy, some_customers

ECONOMICS = replace(a_policy().decision.economics, decline_attrition_ratio=0.4, decline_attrition_error_ratio=0.2)
LINE = 1_000_000
LIMIT_AMT = np.array([[LINE, 3 * LINE // 2, 2 * LINE, 3 * LINE]])
DEMAND = CycleDemand(np.array([1.2e6]), np.array([6e5]))
DOSE = Dose(np.array([LINE]), np.array([float(LINE)]))


def falling(base: float, slope: float, error: float = 0.0) -> FallingCoefficients:
    return FallingCoefficients(*(np.array([one]) for one in (base, slope, error)), DOSE)


def left(
    declined: FallingCoefficients | None = None, attrition: FallingCoefficients | None = None, caution: float = 0.0
) -> Floats:
    """The probability of leaving at the candidates of one customer who buys for a million a year."""
    response = FixedScorers(spend_amt=1e6).limit_response(some_customers())
    learnt = Leaving.learnt(replace(response, declined=declined, attrition=attrition), Doses(LIMIT_AMT), caution)
    return leaving_ratio(LIMIT_AMT, DEMAND, learnt, ECONOMICS)


def test_without_a_model_the_register_speaks_of_the_demand_of_a_cycle():
    np.testing.assert_array_equal(left(), 0.4 * DEMAND.declined_ratio(LIMIT_AMT))


def test_what_a_model_has_learnt_of_declined_purchases_stands_in_the_place_of_the_demand():
    found = left(falling(2.5e5, 1e5, 2e4), caution=1.0)
    wanted = 1.25e6
    expected, cautious = (
        0.4 * np.maximum(2.5e5 - slope * np.log1p([0.0, 0.5, 1.0, 2.0]), 0.0) / wanted for slope in (1e5, 8e4)
    )
    np.testing.assert_allclose(found[0, 0], expected)
    np.testing.assert_allclose(found[1, 0], cautious)


@pytest.mark.parametrize(("error", "kept_ratio"), [(1e-9, 0.03), (1e9, None)])
def test_leaving_goes_by_what_was_seen_of_it_where_that_is_known_and_by_the_register_where_not(error, kept_ratio):
    declined = falling(2.5e5, 1e5)
    found, assumed = left(declined, falling(0.1, 0.03, error)), left(declined)
    kept = found[0, 0, 0] - found[0, 0]
    expected = assumed[0, 0, 0] - assumed[0, 0] if kept_ratio is None else kept_ratio * np.log1p([0.0, 0.5, 1.0, 2.0])
    np.testing.assert_allclose(kept, expected, atol=1e-8)


@pytest.mark.parametrize(
    ("base", "kept_ratio"),
    [(0.5, 0.03 * np.log(2.0)), (0.01, 0.01), (0.0, 0.0)],  # who would not have left cannot be kept
)
def test_equally_uncertain_both_count_for_half(base: float, kept_ratio: float):
    declined = falling(2.5e5, 1e5)
    # At a doubled line the register is as unsure as the model: 0.2 of the share that is no longer declined.
    error = 0.2 * 1e5 / 1.25e6
    found, assumed = left(declined, falling(base, 0.03, error))[0, 0], left(declined)[0, 0]
    assert found[0] - found[2] == pytest.approx(0.5 * (assumed[0] - assumed[2]) + 0.5 * kept_ratio)


def test_who_has_no_line_is_told_by_the_register_alone():
    response = FixedScorers(spend_amt=1e6).limit_response(some_customers())
    lineless = np.array([[0, LINE, 2 * LINE]])
    told = replace(response, declined=falling(2.5e5, 1e5), attrition=falling(0.2, 0.1))
    found = leaving_ratio(lineless, DEMAND, Leaving.learnt(told, Doses(lineless), 0.0), ECONOMICS)
    np.testing.assert_array_equal(found[0], 0.4 * DEMAND.declined_ratio(lineless))


@given(
    numbers=st.tuples(*[st.floats(0, 2e6)] * 2, *[st.floats(0, 1)] * 3),
    caution=st.floats(0, 3),
    which=st.sampled_from([(True, True), (True, False), (False, True)]),
)
def test_a_higher_limit_never_drives_more_away(numbers, caution: float, which: tuple[bool, bool]):
    base, slope, level, keeps, error = numbers
    found = left(
        falling(base, slope) if which[0] else None, falling(level, keeps, error) if which[1] else None, caution
    )
    assert (np.diff(found, axis=-1) <= 1e-12).all()
    assert (found >= 0).all()
