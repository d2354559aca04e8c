import pytest

from linewise.core.errors import UsageError
from linewise.simulation.lives.parameters import PLAN_TERMS, equations_of, plan_rate
from linewise.simulation.profile import profile_of
from linewise.simulation.world import World


@pytest.mark.parametrize(("term", "fee_ratio"), [(3, 0.006), (12, 0.006), (24, 0.0075), (60, 0.003)])
def test_the_annualised_rate_discounts_the_payments_to_the_principal(term: int, fee_ratio: float) -> None:
    monthly = plan_rate(term, fee_ratio) / 12
    worth = sum((1 / term + fee_ratio) / (1 + monthly) ** month for month in range(1, term + 1))
    assert worth == pytest.approx(1.0, abs=1e-9)


def test_a_flat_fee_costs_nearly_twice_its_name() -> None:
    # 0.6% a month on all of the principal for a year is 13.03% a year on what is still owed.
    assert plan_rate(12, 0.006) == pytest.approx(0.1303, abs=0.0002)


def test_a_plan_without_a_fee_costs_nothing() -> None:
    assert plan_rate(12, 0.0) == 0.0


@pytest.mark.parametrize("country", ["cn", "us"])
def test_the_terms_of_plans_carry_the_rates_of_their_fees(country: str) -> None:
    equations = World(country=country).equations[0]
    assert equations["plan_fee_ratios"][1] == equations["plan_fee_ratios"][0] / 2
    for scheme, terms in enumerate(PLAN_TERMS):
        fee_ratio = equations["plan_fee_ratios"][scheme]
        assert equations["plan_rates"][scheme].tolist() == [plan_rate(term, fee_ratio) for term in terms]


def test_equations_that_are_missing_or_unknown_are_refused_by_name() -> None:
    numbers = dict(profile_of("cn").equations)
    numbers["misses_intercept"] = numbers.pop("miss_intercept")
    with pytest.raises(UsageError, match="miss_intercept, misses_intercept"):
        equations_of(numbers)
