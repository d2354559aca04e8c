"""Over how many merchants spending spreads."""

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_merchants_kinds_and_countries_count_once(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(1, mcc="5411", merchant_id="m1", country="CN"),
        txn(2, mcc="5411", merchant_id="m1", country="CN"),
        txn(3, mcc="5411", merchant_id="m2", country="JP"),
        txn(4, mcc="5812", merchant_id="m3", country="CN", is_declined=True),
        txn(90, mcc="5812", merchant_id="m4", country="US"),
        txn(5, kind="cash_withdrawal", country="FR"),
    )
    assert (row["merchant_count_90d"], row["mcc_count_90d"], row["country_count_365d"]) == (2, 1, 3)


def test_the_weight_of_the_largest_part_and_of_the_largest_purchase(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(1, 200, mcc="5411"), txn(2, 300, mcc="5411"), txn(3, 400, mcc="5812"), txn(4, 100), txn(90, 9_999)
    )
    assert row["top_group_share_ratio_90d"] == 0.5
    assert row["purchase_max_share_ratio_90d"] == 0.4
