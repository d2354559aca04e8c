"""How often money moves."""

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_counts_stop_at_the_edge_of_their_window(features_of: FeaturesOf) -> None:
    edges = (0, 29.999, 30, 89.999, 90, 364.999, 365)
    row = features_of(*(txn(days_ago) for days_ago in edges))
    assert row["txn_count_30d"] == 2
    assert row["txn_count_90d"] == 4
    assert row["txn_count_365d"] == 6


def test_counts_by_direction_and_kind(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(1, kind="transfer_in"),
        txn(2, kind="cash_deposit"),
        txn(3, kind="cash_withdrawal"),
        txn(3, kind="cash_withdrawal"),
        txn(4, kind="purchase"),
        txn(4, kind="purchase", is_declined=True),
        txn(91, kind="purchase"),
    )
    assert (row["credit_count_90d"], row["debit_count_90d"]) == (2, 3)
    assert (row["cash_withdrawal_count_90d"], row["cash_deposit_count_90d"]) == (2, 1)
    assert row["purchase_count_90d"] == 1


def test_a_day_with_many_transactions_is_one_active_day(features_of: FeaturesOf) -> None:
    row = features_of(txn(1.1), txn(1.9), txn(2), txn(2.5, is_declined=True), txn(89.9), txn(90))
    assert row["active_days_90d"] == 3


def test_a_counterparty_counts_once(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(1, kind="transfer_out", counterparty_id="x"),
        txn(2, kind="transfer_in", counterparty_id="x"),
        txn(3, kind="transfer_out", counterparty_id="y"),
        txn(180, kind="transfer_out", counterparty_id="z"),
        txn(4),
    )
    assert row["counterparty_count_180d"] == 2
