"""How long ago things last happened."""

import pytest

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_each_recency_counts_from_the_latest_of_its_kind(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(200.5, kind="purchase"),
        txn(40, kind="cash_withdrawal"),
        txn(60, kind="cash_withdrawal"),
        txn(30, kind="penalty_interest"),
        txn(12.25, kind="transfer_in"),
        txn(3, kind="interest"),
        txn(1, is_declined=True),
    )
    assert row["txn_recency_days"] == 3
    assert row["income_recency_days"] == 12
    assert row["debit_recency_days"] == 30
    assert row["cash_withdrawal_recency_days"] == 40
    assert row["penalty_interest_recency_days"] == 30
    assert row["history_days"] == 200


@pytest.mark.parametrize(("days_ago", "recency_days"), [(0, 0), (364.99, 364), (365, 365), (900, 365)])
def test_a_recency_of_more_than_a_year_reads_365(features_of: FeaturesOf, days_ago: float, recency_days: int) -> None:
    row = features_of(txn(days_ago))
    assert row["txn_recency_days"] == recency_days
    assert row["history_days"] == int(days_ago)
    assert row["income_recency_days"] == 365
