"""One customer's features, as a person reads them."""

from datetime import timedelta

import pytest

from features.building import build_features, observation_pairs
from features.catalogue import FEATURE_NAMES
from features.materialising import materialise
from features.showing import show_customer
from linewise.core.errors import FeaturesMissing, UnknownCustomer
from linewise.core.home import Home
from tests.features.builders import NOW, bank_of, pairs_of, txn
from tests.linewise.bank.builders import a_customer


def test_values_come_with_units_and_meanings_and_their_age(home: Home) -> None:
    customers = [a_customer("c1", birth_date=None), a_customer("c2")]
    bank = bank_of(home, [txn(5, balance_amt=-250), txn(5, 300, "cash_withdrawal")], customers)
    build_features(home, observation_pairs(bank, NOW - timedelta(days=2)))
    materialise(home, NOW)
    shown = show_customer(home, "c1", NOW)
    by_name = {one.name: one for one in shown.features}
    assert tuple(by_name) == FEATURE_NAMES
    assert (shown.as_of, shown.age_days) == (NOW - timedelta(days=2), 2)
    assert (by_name["balance_amt"].value, by_name["balance_amt"].unit) == (-250, "minor units")
    assert by_name["cash_withdrawal_share_ratio_180d"].value == 0.75
    assert by_name["age_years"].value is None
    assert by_name["income_mean_amt_6m"].meaning.startswith("Income a month")


def test_a_stranger_and_a_customer_not_yet_built_are_told_apart(home: Home) -> None:
    bank_of(home, [txn(5), txn(5, customer_id="c2")])
    build_features(home, pairs_of(("c1", NOW)))
    materialise(home, NOW)
    with pytest.raises(UnknownCustomer):
        show_customer(home, "nobody", NOW)
    with pytest.raises(FeaturesMissing, match="no row of customer 'c2'"):
        show_customer(home, "c2", NOW)
