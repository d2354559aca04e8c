"""When and where money is spent. NOW is Tuesday, 30 June 2026, 00:00."""

import pytest

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_a_weekend_is_saturday_and_sunday(features_of: FeaturesOf) -> None:
    monday, sunday, saturday, friday = (txn(days, 100) for days in (0.5, 1.5, 2.5, 3.5))
    assert features_of(monday, sunday, saturday, friday)["weekend_share_ratio_90d"] == 0.5
    assert features_of(monday, friday)["weekend_share_ratio_90d"] == 0


@pytest.mark.parametrize(("hour", "share"), [(0, 0.0), (0.01, 1.0), (5.99, 1.0), (6, 0.0), (23, 0.0)])
def test_the_night_ends_at_six_and_midnight_itself_tells_no_hour(
    features_of: FeaturesOf, hour: float, share: float
) -> None:
    assert features_of(txn(10 - hour / 24))["night_share_ratio_90d"] == share


@pytest.mark.parametrize(
    ("days_ago", "start", "end"),
    [(29, 1, 0), (20, 1, 0), (19.9, 1, 0), (19, 0, 0), (10, 0, 0), (9, 0, 1), (0.1, 0, 1), (30, 0, 1)],
)
def test_thirds_of_a_month_end_on_the_tenth_and_the_twentieth(
    features_of: FeaturesOf, days_ago: float, start: float, end: float
) -> None:
    row = features_of(txn(days_ago))
    assert (row["month_start_share_ratio_180d"], row["month_end_share_ratio_180d"]) == (start, end)


def test_shares_online_and_in_other_currencies(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(1, 100, channel="online"),
        txn(2, 200, channel="pos", original_currency="JPY"),
        txn(3, 100, original_currency="CNY"),
        txn(100, 400),
    )
    assert row["online_share_ratio_90d"] == 0.25
    assert row["foreign_share_ratio_365d"] == 0.25


def test_refunds_and_cash_on_credit(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(179, 50, "refund"),
        txn(180, 50, "refund"),
        txn(60.5, 700, "cash_advance"),
        txn(120, 300, "cash_advance"),
        txn(5, 9, "cash_advance", is_declined=True),
        txn(4, 9, "cash_withdrawal"),
    )
    assert row["refund_count_180d"] == 1
    assert (row["cash_advance_count_90d"], row["cash_advance_sum_amt_180d"]) == (1, 1_000)
    assert row["cash_advance_recency_days"] == 60


@pytest.mark.parametrize(("category", "days"), [("salary", 12), ("pension", 12), ("benefit", 12), (None, 365)])
def test_the_last_salary_is_one_that_names_itself(features_of: FeaturesOf, category: str | None, days: int) -> None:
    row = features_of(txn(12, 900, "transfer_in", category=category), txn(180, 900, "transfer_in", category=category))
    assert row["salary_recency_days"] == min(days, 365)
    assert row["salary_count_180d"] == (0 if category is None else 1)


def test_short_windows_of_money_and_transactions(features_of: FeaturesOf) -> None:
    row = features_of(txn(6, 10), txn(7, 20), txn(29, 40), txn(30, 80), txn(8, 5, "transfer_in"))
    assert (row["txn_count_7d"], row["debit_sum_amt_7d"]) == (1, 10)
    assert (row["debit_sum_amt_30d"], row["credit_sum_amt_30d"]) == (70, 5)
