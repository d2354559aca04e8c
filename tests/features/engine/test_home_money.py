"""Amounts of every table count in the bank's currency, by the rate that was known when a row was recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from features.engine.home_money import has_money, money_at_home
from linewise.bank.rates import rates_of
from tests.linewise.bank.builders import a_row, an_account, an_exchange_rate, rows_of

KNOWN = datetime(2026, 1, 1, tzinfo=UTC)
RATES = rates_of(rows_of("bank_facts", an_exchange_rate("usd", 7.1)))


def account(currency: str, recorded_at: datetime) -> dict[str, Any]:
    return an_account(currency=currency, recorded_at=recorded_at, opened_at=recorded_at, permanent_limit_amt=1_000)


@pytest.mark.parametrize(
    ("currency", "days", "limit_amt"),
    [
        ("CNY", 1, 1_000),
        ("USD", 1, 7_100),
        ("USD", -400, 7_100),  # opened before any rate was known
        ("EUR", 1, None),  # of which none ever is
    ],
)
def test_a_line_counts_by_the_first_rate_that_is_known(currency: str, days: int, limit_amt: int | None) -> None:
    recorded_at = KNOWN + timedelta(days=days)
    rows = rows_of("accounts", account("CNY", recorded_at), account(currency, recorded_at))
    made = money_at_home("accounts", rows, "CNY", RATES)
    assert made["permanent_limit_amt"].to_pylist() == [1_000, limit_amt]
    assert made["recorded_at"].equals(rows["recorded_at"])
    assert made["currency"].to_pylist() == ["CNY", "CNY"]


def test_an_event_counts_by_the_rate_of_its_own_moment() -> None:
    moment = KNOWN + timedelta(days=3)
    payment = a_row(
        "payments",
        customer_id="c1",
        account_id="a1",
        paid_at=moment,
        recorded_at=moment,
        payment_amt=100,
        currency="USD",
    )
    made = money_at_home("payments", rows_of("payments", payment), "CNY", RATES)
    assert made["payment_amt"].to_pylist() == [710]


def test_only_tables_that_name_a_currency_hold_money() -> None:
    assert [name for name in ("customers", "calls", "transactions", "statements") if has_money(name)] == [
        "transactions",
        "statements",
    ]
