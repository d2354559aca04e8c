"""Income, essentials, obligations and what is left."""

import pytest

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_income_of_six_full_months(features_of: FeaturesOf) -> None:
    salaries = [txn(30 * month + 10, 10_000_00, "transfer_in") for month in range(6)]
    row = features_of(*salaries, txn(400, 1))
    assert row["income_mean_amt_6m"] == 10_000_00
    assert row["income_p25_amt_6m"] == 10_000_00
    assert row["income_spread_ratio_6m"] == 0
    assert row["income_months_count_6m"] == 6
    assert row["income_amt_12m"] == 120_000_00


def test_months_before_the_first_transaction_do_not_count(features_of: FeaturesOf) -> None:
    row = features_of(txn(5, 900, "transfer_in"), txn(45, 300, "cash_deposit"))
    assert row["income_mean_amt_6m"] == 600
    assert row["income_p25_amt_6m"] == 450
    assert row["income_months_count_6m"] == 2
    assert row["income_amt_12m"] == 7_200


def test_a_month_without_income_after_the_first_transaction_counts_as_empty(features_of: FeaturesOf) -> None:
    row = features_of(txn(5, 900, "transfer_in"), txn(65, 50, "purchase"))
    assert row["income_mean_amt_6m"] == 300
    assert row["income_months_count_6m"] == 1
    assert row["deficit_months_count_6m"] == 1


@pytest.mark.parametrize("kind", ["refund", "interest"])
def test_refunds_and_interest_are_no_income(features_of: FeaturesOf, kind: str) -> None:
    row = features_of(txn(5, 900, kind))
    assert row["income_mean_amt_6m"] == 0
    assert row["income_months_count_6m"] == 0
    assert row["net_flow_mean_amt_6m"] == 900


def test_a_loan_paid_out_is_no_income(features_of: FeaturesOf) -> None:
    row = features_of(txn(5, 900_000, "transfer_in", category="loan"), txn(5, 100, "transfer_in", category="salary"))
    assert row["income_mean_amt_6m"] == 100
    assert row["net_flow_mean_amt_6m"] == 900_100


def test_a_declined_transfer_is_no_income(features_of: FeaturesOf) -> None:
    row = features_of(txn(5, 900, "transfer_in", is_declined=True), txn(5, 100, "transfer_in"))
    assert row["income_mean_amt_6m"] == 100


@pytest.mark.parametrize(
    ("category", "essential_amt", "obligation_amt"),
    [
        ("household", 600, 0),
        ("insurance", 600, 0),
        ("loan", 0, 600),
        ("leasing", 0, 600),
        ("pension", 0, 0),
        (None, 0, 0),
    ],
)
def test_essentials_and_obligations_follow_the_purpose(
    features_of: FeaturesOf, category: str | None, essential_amt: int, obligation_amt: int
) -> None:
    row = features_of(txn(5, 600, "transfer_out", category=category), txn(6, 40, "transfer_in", category=category))
    assert row["essential_mean_amt_6m"] == essential_amt
    assert row["obligation_mean_amt_6m"] == obligation_amt


def test_the_lean_month_of_six(features_of: FeaturesOf) -> None:
    incomes = (100, 200, 300, 400, 500, 600)
    row = features_of(*(txn(30 * month + 3, amt, "transfer_in") for month, amt in enumerate(incomes)))
    assert row["income_p25_amt_6m"] == 225
    assert row["income_mean_amt_6m"] == 350
    assert row["income_spread_ratio_6m"] == pytest.approx(1 - 225 / 350, abs=1e-15)


def test_what_is_left_of_a_month(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(3, 1_000, "transfer_in"),
        txn(4, 1_500, "purchase"),
        txn(33, 1_000, "transfer_in"),
        txn(34, 400, "purchase"),
    )
    assert row["net_flow_mean_amt_6m"] == 50
    assert row["net_flow_p25_amt_6m"] == -225
    assert row["deficit_months_count_6m"] == 1


def test_the_share_of_income_paid_in_as_cash(features_of: FeaturesOf) -> None:
    row = features_of(txn(3, 250, "cash_deposit"), txn(3, 750, "transfer_in"), txn(180, 9_999, "cash_deposit"))
    assert row["income_cash_share_ratio_180d"] == 0.25
