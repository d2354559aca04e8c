"""What the account cost, and what was declined."""

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_fees_and_penalty_interest_by_window(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(179, 30, "fee"),
        txn(180, 30, "fee"),
        txn(10, 12, "penalty_interest"),
        txn(200, 8, "penalty_interest"),
        txn(365, 99, "penalty_interest"),
    )
    assert (row["fee_count_180d"], row["fee_sum_amt_180d"]) == (1, 30)
    assert (row["penalty_interest_count_180d"], row["penalty_interest_count_365d"]) == (1, 2)
    assert row["penalty_interest_sum_amt_365d"] == 20


def test_interest_received_and_interest_charged_are_kept_apart(features_of: FeaturesOf) -> None:
    row = features_of(txn(10, 55, "interest"), txn(20, 70, "interest", direction="debit"))
    assert row["interest_received_sum_amt_365d"] == 55
    assert row["interest_charged_sum_amt_365d"] == 70


def test_a_declined_transaction_counts_for_its_own_features_alone(features_of: FeaturesOf) -> None:
    row = features_of(txn(1, 500, is_declined=True), txn(90, 500, is_declined=True))
    nothing = features_of()
    assert (row["declined_count_90d"], row["declined_sum_amt_90d"]) == (1, 500)
    own = {"declined_count_90d", "declined_sum_amt_90d"}
    assert {name: value for name, value in row.items() if name not in own} == {
        name: value for name, value in nothing.items() if name not in own
    }
