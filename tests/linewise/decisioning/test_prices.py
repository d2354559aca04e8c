"""Prices of scarce things: never below zero, charged for the whole use, alike alone and in a chunk."""

import numpy as np
import pytest

from linewise.core.errors import UsageError
from linewise.decisioning.prices import NO_PRICES, PRICE_OF, Prices
from tests.builders import decided, some_customers


@pytest.mark.parametrize("price", [-1e-12, float("nan"), float("inf")])
@pytest.mark.parametrize("name", PRICE_OF.values())
def test_a_price_that_is_negative_or_no_number_is_refused_by_name(name: str, price: float):
    with pytest.raises(UsageError, match=name):
        Prices(**{name: price})


def test_every_scarce_thing_has_one_price():
    prices = Prices(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert [prices.of(scarce) for scarce in PRICE_OF] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def test_the_charge_is_the_sum_of_price_times_use():
    prices = Prices(0.5, 200.0, 0.01, 1.5, 0.1, 3.0)
    charge = prices.charge_amt(
        money_amt=np.array([1_000.0, 0.0]), contacts=1.0, exposure_amt=50_000.0, loss_amt=400.0,
        capital_amt=4_000.0, seconds=20.0,
    )  # fmt: skip
    assert charge.tolist() == [500.0 + 200.0 + 500.0 + 600.0 + 400.0 + 60.0, 200.0 + 500.0 + 600.0 + 400.0 + 60.0]


def test_nothing_scarce_charges_nothing():
    assert NO_PRICES.charge_amt(money_amt=1e12, exposure_amt=np.array([1e15])).tolist() == [0.0]


def test_prices_that_are_written_as_whole_numbers_are_the_same_prices():
    assert Prices(contact_amt=7) == Prices(contact_amt=7.0)
    assert repr(Prices(contact_amt=7)) == repr(Prices(contact_amt=7.0))


def test_a_dearer_contact_lowers_the_priority_of_every_offer_by_its_price():

    from linewise.decisioning.decide import decide
    from tests.builders import FixedScorers, a_context, a_policy, a_state

    customers, policy = some_customers({}, {"debit_sum_amt_90d": 9e6}), a_policy().decision
    free = decided(customers)
    state = a_state(customers, policy.offers)
    priced = decide(customers, state, a_context(), policy, FixedScorers(), Prices(contact_amt=300), 1)
    is_open = free.offers.propensity > 0
    assert is_open.any()
    # Each priority is rounded to a whole minor unit on its own; what is not open is not priced.
    assert np.abs(free.offers.priority - priced.offers.priority - 300)[is_open].max() <= 1
    assert (priced.offers.priority[~is_open] == 0).all()
    assert priced.limit.suggested_amt.tolist() == free.limit.suggested_amt.tolist()
