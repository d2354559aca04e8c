"""What the balance costs without a plan: as month by month, and as the customer really pays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.affordability import MinimumPayment
from linewise.decisioning.plans.balance import interest_until_repaid
from linewise.decisioning.plans.doing_nothing import costs_without_plan, own_share_ratio
from tests.builders import some_customers

CARD = 0.1825


def month_by_month(owed: float, share: float, floor: float, rate: float = CARD) -> float:
    interest, balance = 0.0, owed
    for _ in range(5_000):
        due = balance * (1 + rate / 12)
        interest += due - balance
        balance = due - min(max(share * due, floor), due)
        if balance <= 0.5:
            return interest
    return float("inf")


def of(owed: int, share: float, floor: int, rate: float = CARD) -> float:
    owing, unknown, shares, floors = (np.array([one]) for one in (owed, np.nan, share, floor))
    by_minimum, _ = interest_until_repaid(owing, rate / 12.0, unknown, shares, floors)
    return float(by_minimum[0])


@given(owed=st.integers(10_000, 10**8), share=st.floats(0.03, 1.0), floor=st.integers(2_000, 50_000))
def test_the_interest_is_that_of_paying_month_by_month(owed: int, share: float, floor: int):
    assert of(owed, share, floor) == pytest.approx(month_by_month(owed, share, floor), rel=0.01, abs=owed * 0.001 + 5)


@pytest.mark.parametrize(("share", "interest"), [(0.10, 0.168), (0.05, 0.38)])
def test_a_tenth_of_each_bill_costs_a_sixth_in_interest_and_a_twentieth_more_than_a_third(share, interest):
    # The published ones are of ten thousand yuan with a floor of some hundred.
    assert of(1_000_000, share, 10_000) / 1_000_000 == pytest.approx(interest, abs=0.02)


@pytest.mark.parametrize(
    ("share", "floor", "rate", "interest"),
    [
        (0.01, 0, CARD, np.inf),
        (0.0, 1_000, CARD, np.inf),
        (0.0, 100_000, 0.0, 0.0),
        (0.0, 0, CARD, np.inf),
        (1.0, 0, 0.12, 10_000.0),
    ],
)
def test_who_pays_less_than_the_interest_pays_for_ever(share: float, floor: int, rate: float, interest: float):
    assert of(1_000_000, share, floor, rate) == pytest.approx(interest)


@given(owed=st.integers(10_000, 10**8), rate=st.floats(0.0, 0.3), more=st.floats(0.0, 0.1))
def test_a_dearer_card_never_costs_less(owed: int, rate: float, more: float):
    assert of(owed, 0.1, 5_000, rate + more) >= of(owed, 0.1, 5_000, rate) - 1e-6


MINIMUM = MinimumPayment(np.array([0.05]), np.array([5_000]))


@pytest.mark.parametrize(
    ("paid", "statements", "share"),
    [(1.0, 12, 1.0), (0.4, 12, 0.4), (0.01, 12, 0.05), (0.4, 2, None), (np.nan, 12, None)],
)
def test_the_own_way_is_that_of_the_last_half_year_and_never_less_than_the_minimum(paid, statements, share):
    customers = some_customers({"payment_ratio_180d": paid, "statement_count_365d": statements})
    owed = np.array([1_000_000])
    minimum, own = costs_without_plan(owed, CARD, own_share_ratio(customers, MINIMUM), MINIMUM)
    found = float(own[0])
    if share is None:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(0.0 if share == 1.0 else of(1_000_000, share, 5_000))
    assert found <= float(minimum[0]) or np.isnan(found)
