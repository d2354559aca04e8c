"""Whether activity grows, and how even it is."""

import pytest

from tests.features.builders import txn
from tests.features.conftest import FeaturesOf


def monthly(amounts: tuple[int, ...], kind: str) -> list[dict[str, object]]:
    """One transaction in the middle of each 30-day month, the latest month first."""
    return [txn(30 * month + 15, amt, kind) for month, amt in enumerate(amounts) if amt]


@pytest.mark.parametrize(
    ("amounts", "ratio"),
    [
        ((100,) * 12, 1.0),
        ((200,) * 3 + (100,) * 9, 200 / 125),
        ((0,) * 3 + (100,) * 9, 0.0),
        ((100,) * 3 + (0,) * 8 + (100,), 100 / (400 / 12)),
        ((300, 300), 1.0),  # two months known: both are recent, both are all
    ],
)
def test_the_trend_compares_known_months_only(features_of: FeaturesOf, amounts: tuple[int, ...], ratio: float) -> None:
    assert features_of(*monthly(amounts, "transfer_in"))["credit_trend_ratio_12m"] == pytest.approx(ratio, abs=1e-15)
    assert features_of(*monthly(amounts, "purchase"))["debit_trend_ratio_12m"] == pytest.approx(ratio, abs=1e-15)


def test_the_trend_of_transactions_counts_them(features_of: FeaturesOf) -> None:
    row = features_of(txn(1), txn(2), txn(3), txn(100), txn(119))
    assert row["txn_trend_ratio_12m"] == (3 / 3) / (5 / 4)


@pytest.mark.parametrize(
    ("amounts", "gap"),
    [
        ((100,) * 6, 0.0),
        ((100, 100, 100, 100, 100, 0, 100), 0.0),  # the quartile passes over one empty month
        ((100, 0, 100, 0, 100, 100, 1), 1 - 25 / (400 / 6)),
        ((0, 0, 0, 0, 0, 100), 1.0),
        ((100, 200, 300, 400), 1 - 175 / 250),
    ],
)
def test_the_spread_is_how_far_a_lean_month_falls_short(
    features_of: FeaturesOf, amounts: tuple[int, ...], gap: float
) -> None:
    row = features_of(*monthly(amounts, "transfer_in"))
    assert row["credit_spread_ratio_6m"] == pytest.approx(gap, abs=1e-15)
    assert row["income_spread_ratio_6m"] == row["credit_spread_ratio_6m"]
    assert features_of(*monthly(amounts, "purchase"))["debit_spread_ratio_6m"] == pytest.approx(gap, abs=1e-15)
