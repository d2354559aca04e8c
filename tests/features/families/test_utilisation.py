"""How much of the line is drawn, and how it is paid back."""

from datetime import timedelta
from typing import Any

import pytest

from tests.features.builders import NOW, event
from tests.features.conftest import FeaturesOf
from tests.linewise.bank.builders import an_account

ACCOUNT = an_account(permanent_limit_amt=1_000)


def statement(days_ago: float, balance_amt: int, paid_amt: int = 0, **given: Any) -> dict[str, Any]:
    number = int(days_ago * 10)
    return event("statements", days_ago, number=number, balance_amt=balance_amt, paid_amt=paid_amt, **given)


def test_utilisation_of_the_last_statement_its_mean_peak_and_change(features_of: FeaturesOf) -> None:
    statements = [statement(20, 500), statement(50, 300), statement(110, 200), statement(300, 900), statement(365, 999)]
    row = features_of(statements=statements, accounts=[ACCOUNT])
    assert row["utilisation_ratio"] == 0.5
    assert row["utilisation_mean_ratio_180d"] == pytest.approx(1_000 / 3_000, abs=1e-15)
    assert row["utilisation_peak_ratio_365d"] == 0.9
    assert row["utilisation_change_ratio_180d"] == pytest.approx(0.4 - 0.2, abs=1e-15)
    assert (row["statement_balance_amt"], row["statement_count_365d"]) == (500, 4)


def test_every_account_counts_with_its_own_last_statement(features_of: FeaturesOf) -> None:
    accounts = [ACCOUNT, an_account("a2", permanent_limit_amt=3_000)]
    statements = [statement(20, 500), statement(40, 100, account_id="a2"), statement(70, 999, account_id="a2")]
    row = features_of(statements=statements, accounts=accounts)
    assert row["utilisation_ratio"] == 600 / 4_000
    assert row["statement_balance_amt"] == 600


def test_a_statement_is_held_against_the_limit_of_its_own_day(features_of: FeaturesOf) -> None:
    changes = [
        event("limit_changes", 100, old_limit_amt=500, new_limit_amt=1_000),
        event("limit_changes", 30, number=1, old_limit_amt=1_000, new_limit_amt=2_000),
    ]
    accounts = [an_account(permanent_limit_amt=2_000)]

    def utilisation(days_ago: float) -> float | None:
        return features_of(statements=[statement(days_ago, 400)], accounts=accounts, limit_changes=changes)[
            "utilisation_ratio"
        ]

    assert [utilisation(days) for days in (120, 60, 30, 10)] == [0.8, 0.4, 0.2, 0.2]


def test_a_statement_without_a_line_or_in_credit_uses_nothing(features_of: FeaturesOf) -> None:
    assert features_of(statements=[statement(5, 400)], accounts=[an_account()])["utilisation_ratio"] == 0
    in_credit = features_of(statements=[statement(5, -400)], accounts=[ACCOUNT])
    assert (in_credit["utilisation_ratio"], in_credit["statement_balance_amt"]) == (0, -400)


def test_what_lies_above_ten_lines_reads_ten(features_of: FeaturesOf) -> None:
    row = features_of(statements=[statement(5, 90_000)], accounts=[ACCOUNT])
    assert (row["utilisation_ratio"], row["utilisation_peak_ratio_365d"]) == (10, 10)


def test_full_minimum_and_short_payments(features_of: FeaturesOf) -> None:
    due = {"minimum_due_amt": 100}
    row = features_of(
        statements=[
            statement(20, 1_000, 1_000, **due),
            statement(50, 1_000, 100, **due),
            statement(80, 1_000, 110, **due),
            statement(110, 1_000, 111, **due),
            statement(140, 1_000, 99, **due),
            statement(170, 0),
            statement(200, 1_000, 0, **due),
            statement(365, 1_000, 0, **due),
        ],
        accounts=[ACCOUNT],
    )
    assert row["full_payment_count_365d"] == 1
    assert row["minimum_payment_count_365d"] == 2
    assert row["short_payment_count_365d"] == 2
    assert row["payment_ratio_180d"] == 1_420 / 5_000


def test_a_statement_counts_from_the_day_on_which_it_is_recorded(features_of: FeaturesOf) -> None:
    late = statement(20, 700, recorded_at=NOW + timedelta(microseconds=1))
    assert features_of(statements=[late, statement(50, 300)], accounts=[ACCOUNT])["statement_balance_amt"] == 300
