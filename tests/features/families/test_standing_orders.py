"""Standing orders, as the transactions show them."""

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_transfers_that_name_their_purpose_are_standing_orders(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(10, 3_000, "transfer_out", category="household"),
        txn(40, 3_000, "transfer_out", category="household"),
        txn(50, 500, "transfer_out", category="insurance"),
        txn(120, 4_000, "transfer_out", category="household"),
        txn(12, 999, "transfer_out"),
        txn(13, 2_001, "cash_withdrawal", category="household"),
        txn(14, 77, "transfer_in", category="salary"),
    )
    assert row["standing_order_count_90d"] == 3
    assert row["standing_order_sum_amt_90d"] == 6_500
    assert row["standing_order_max_amt_180d"] == 4_000
    assert row["standing_order_purposes_count_180d"] == 2
    assert row["standing_order_share_ratio_180d"] == 10_500 / (10_500 + 999 + 2_001)


def test_household_and_insurance_a_month_include_cash_paid_for_them(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(10, 3_000, "transfer_out", category="household"),
        txn(40, 1_000, "cash_withdrawal", category="household"),
        txn(45, 500, "transfer_out", category="insurance"),
    )
    assert row["household_mean_amt_6m"] == 2_000
    assert row["insurance_mean_amt_6m"] == 250
    assert row["essential_mean_amt_6m"] == 2_250
