"""Income by proof, credit elsewhere, plans here, and repayments."""

from datetime import timedelta

import pytest

from tests.features.builders import NOW, event, events
from tests.features.conftest import FeaturesOf


def test_the_latest_income_and_the_latest_one_that_is_proved(features_of: FeaturesOf) -> None:
    row = features_of(
        incomes=[
            event("incomes", 400, number=1, income_amt=700, evidence_class="A"),
            event("incomes", 200.5, number=2, income_amt=800, evidence_class="B"),
            event("incomes", 10, number=3, income_amt=950, evidence_class="D"),
        ]
    )
    assert (row["income_evidenced_amt"], row["income_verified_amt"]) == (950, 800)
    assert row["income_verified_recency_days"] == 200


def test_credit_elsewhere_is_that_of_the_latest_authorised_report(features_of: FeaturesOf) -> None:
    old = event("obligations", 100, number=1, lender="x", balance_amt=9_999, limit_amt=9_999, payment_amt=9)
    unauthorised = event("obligations", 1, number=2, lender="z", balance_amt=5_555, is_authorised=False)
    latest = [
        event("obligations", 30.5, number=3, lender="x", balance_amt=400, limit_amt=1_000, payment_amt=40),
        event("obligations", 30.5, number=4, lender="y", kind="loan", balance_amt=6_000, payment_amt=200),
        event("obligations", 30.5, number=5, kind="other", balance_amt=0, limit_amt=0, payment_amt=0),
    ]
    row = features_of(obligations=[old, unauthorised, *latest])
    assert (row["other_credit_count"], row["other_lender_count"]) == (2, 2)
    assert (row["other_balance_amt"], row["other_payment_amt"]) == (6_400, 240)
    assert row["other_utilisation_ratio"] == 0.4
    assert (row["enquiry_count_365d"], row["enquiry_recency_days"]) == (2, 30)


@pytest.mark.parametrize(
    ("days_ago", "status", "status_days_ago", "remaining_amt", "left_amt"),
    [
        (1, "running", -1, None, 1_200),
        (31, "running", -1, 5, 1_100),  # what will be observed tomorrow is not known today
        (31, "running", 0, 1_090, 1_090),
        (31, "settled", -1, 0, 1_100),
        (31, "settled", 0, 0, None),
        (340, "running", -1, None, 100),
        (366, "running", -1, None, None),
        (0, "running", -1, None, None),  # begins at the very moment
    ],
)
def test_a_plan_runs_as_agreed_until_it_is_observed(
    features_of: FeaturesOf,
    days_ago: float,
    status: str,
    status_days_ago: float,
    remaining_amt: int | None,
    left_amt: int | None,
) -> None:
    observed = {"status": status, "status_at": NOW - timedelta(days=status_days_ago), "remaining_amt": remaining_amt}
    row = features_of(instalments=[event("instalments", days_ago, **observed)])
    expected = (0, 0, 0) if left_amt is None else (1, 110, left_amt)
    assert (row["instalment_count"], row["instalment_payment_amt"], row["instalment_left_amt"]) == expected


def test_a_plan_agreed_in_difficulty_is_one_of_hardship(features_of: FeaturesOf) -> None:
    row = features_of(instalments=[event("instalments", 5, kind="art70"), event("instalments", 5, number=1)])
    assert (row["instalment_count"], row["hardship_plan_count"]) == (2, 1)


def test_repayments_and_who_made_them(features_of: FeaturesOf) -> None:
    payments = [
        *events("payments", 10.5, 90),
        event("payments", 200, number=2, payment_amt=300, source="third_party"),
        event("payments", 365, number=3, payment_amt=999),
    ]
    row = features_of(payments=payments)
    assert (row["card_payment_count_90d"], row["card_payment_sum_amt_90d"]) == (1, 100)
    assert row["third_party_payment_share_ratio_365d"] == 0.6
    assert row["card_payment_recency_days"] == 10
