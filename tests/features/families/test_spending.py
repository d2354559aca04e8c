"""What is bought, by group of merchants and by window."""

import pytest

from features.families.spending import BUDGET
from features.merchant_groups import SENSITIVE_GROUPS
from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def test_spending_by_window_and_its_trend(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(6.9, 100), txn(7, 200), txn(30, 300), txn(90, 400), txn(180, 500), txn(365, 600), txn(1, 9, "refund")
    )
    assert [row[f"purchase_sum_amt_{days}d"] for days in (7, 30, 90, 180, 365)] == [100, 300, 600, 1_000, 1_500]
    assert [row[f"purchase_count_{days}d"] for days in (7, 90, 365)] == [1, 3, 5]
    assert row["purchase_trend_ratio_90d"] == 300 * 3 / 600


@pytest.mark.parametrize(
    ("mcc", "part"),
    [
        ("5411", "groceries"),
        ("5812", "dining"),
        ("5541", "transport"),
        ("4111", "transport"),
        ("4511", "travel"),
        ("5311", "retail"),
        ("5999", "retail"),
        ("5944", "retail"),
        ("5712", "home"),
        ("4814", "utilities"),
        ("7832", "leisure"),
        ("6051", "cash_like"),
        ("8062", None),
        (None, None),
    ],
)
def test_a_purchase_counts_in_its_part_of_the_budget_alone(
    features_of: FeaturesOf, mcc: str | None, part: str | None
) -> None:
    row = features_of(
        txn(89, 700, mcc=mcc), txn(90, 50, mcc=mcc), txn(3, 20, "refund", mcc=mcc), txn(3, 8, mcc=mcc, is_declined=True)
    )
    assert {name: row[f"{name}_sum_amt_90d"] for name in BUDGET} == {
        name: 700 if name == part else 0 for name in BUDGET
    }


def test_travel_and_what_is_as_good_as_cash_are_looked_at_over_a_year(features_of: FeaturesOf) -> None:
    row = features_of(txn(364, 700, mcc="7011"), txn(365, 50, mcc="7011"), txn(200, 40, mcc="6051"))
    assert (row["travel_sum_amt_90d"], row["travel_sum_amt_365d"]) == (0, 700)
    assert (row["cash_like_sum_amt_90d"], row["cash_like_sum_amt_365d"]) == (0, 40)


def test_sensitive_spending_has_figures_of_its_own_and_counts_in_totals(features_of: FeaturesOf) -> None:
    row = features_of(
        txn(29, 100, mcc="7995"), txn(30, 200, mcc="7995"), txn(179, 30, mcc="5912"), txn(364, 4, mcc="5933")
    )
    assert (row["gambling_sum_amt_90d"], row["gambling_count_30d"]) == (300, 1)
    assert row["health_sum_amt_180d"] == 30
    assert row["pawn_count_365d"] == 1
    assert row["purchase_sum_amt_365d"] == 334


def test_no_part_of_the_budget_holds_a_sensitive_group() -> None:
    assert {group for groups, _ in BUDGET.values() for group in groups}.isdisjoint(SENSITIVE_GROUPS)
