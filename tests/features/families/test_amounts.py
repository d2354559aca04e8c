"""How much money moves."""

import pytest

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_sums_and_largest_amounts(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(1, 5_000_00, "transfer_in"),
        txn(5, 1_000_00, "cash_deposit"),
        txn(10, 300_00, "cash_withdrawal"),
        txn(20, 200_00, "transfer_out"),
        txn(30, 99_99, "purchase"),
        txn(40, 7_777_77, "purchase", is_declined=True),
        txn(100, 9_000_00, "purchase"),
        txn(366, 50_000_00, "purchase"),
    )
    assert row["credit_sum_amt_90d"] == 6_000_00
    assert row["debit_sum_amt_90d"] == 599_99
    assert row["credit_max_amt_365d"] == 5_000_00
    assert row["debit_max_amt_365d"] == 9_000_00
    assert row["cash_withdrawal_sum_amt_90d"] == 300_00
    assert row["cash_deposit_sum_amt_90d"] == 1_000_00
    assert row["transfer_out_sum_amt_90d"] == 200_00
    assert row["purchase_sum_amt_90d"] == 99_99
    assert row["cash_withdrawal_share_ratio_180d"] == 300_00 / (300_00 + 200_00 + 99_99 + 9_000_00)


@pytest.mark.parametrize(("amounts", "mean_amt"), [((100, 101), 101), ((100, 100, 101), 100), ((7,), 7), ((), 0)])
def test_a_mean_is_whole_minor_units_halves_away_from_zero(
    features_of: FeaturesOf, amounts: tuple[int, ...], mean_amt: int
) -> None:
    assert features_of(*(txn(1, amt) for amt in amounts))["debit_mean_amt_90d"] == mean_amt


def test_large_amounts_are_summed_to_the_last_unit(features_of: FeaturesOf) -> None:
    row = features_of(*(txn(1, 4 * 10**14 + odd) for odd in range(9)))
    assert row["debit_sum_amt_90d"] == 9 * 4 * 10**14 + 36
