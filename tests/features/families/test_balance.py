"""What stands on the accounts."""

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_the_lowest_balance_of_the_last_day_stands_for_transactions_without_an_order(
    features_of: FeaturesOf,
) -> None:
    row = features_of(
        txn(1.5, balance_amt=700), txn(1.5, balance_amt=300), txn(1.6, balance_amt=500), txn(2, balance_amt=-9)
    )
    assert row["balance_amt"] == 300


def test_balances_of_several_accounts_add_up_each_at_its_own_last_day(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(10, account_id="a1", balance_amt=1_000),
        txn(1, account_id="a2", balance_amt=-200),
        txn(20, account_id="a1", balance_amt=9_999),
    )
    assert row["balance_amt"] == 800
    assert row["balance_low_amt_90d"] == -200


def test_lows_means_and_their_change(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(10, balance_amt=400),
        txn(89, balance_amt=200),
        txn(90, balance_amt=100),
        txn(179, balance_amt=-100),
        txn(364, balance_amt=-500),
        txn(365, balance_amt=-900),
        txn(1, balance_amt=5, is_declined=True),
        txn(1, balance_amt=None),
    )
    assert row["balance_amt"] == 400
    assert row["balance_low_amt_90d"] == 200
    assert row["balance_low_amt_365d"] == -500
    assert row["balance_mean_amt_90d"] == 300
    assert row["balance_mean_amt_365d"] == 20
    assert row["balance_change_amt_180d"] == 300 - 0


def test_a_day_below_zero_counts_once_over_all_accounts(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(5.1, balance_amt=-1),
        txn(5.2, balance_amt=-2),
        txn(5.3, balance_amt=50),
        txn(5.4, account_id="a2", balance_amt=-3),
        txn(6, balance_amt=0),
        txn(179.9, balance_amt=-1),
        txn(180, balance_amt=-1),
        txn(365, balance_amt=-1),
    )
    assert row["negative_balance_days_180d"] == 2
    assert row["negative_balance_days_365d"] == 3


def test_no_change_is_claimed_where_an_earlier_balance_is_not_known(features_of: FeaturesOf) -> None:
    assert features_of(txn(1, balance_amt=500))["balance_change_amt_180d"] == 0
