from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from linewise.bank.database import utc_database
from linewise.bank.dictionary import Column, Table, arrow_schema, load_dictionary
from linewise.bank.rates import KnownRates
from linewise.bank.rules import rules_of
from linewise.bank.sieve import Sieve, problems_of, reason_counts
from tests.linewise.bank.builders import END, a_customer, a_row, a_transaction, an_account, an_exchange_rate, rows_of

AFTER_END = END + timedelta(microseconds=1)


def reasons_of(
    table: Table,
    rows: pa.Table,
    delivered: tuple[str, ...] = ("customers", "accounts"),
    columns: Any = None,
    rates: KnownRates | None = None,
) -> dict[str, int]:
    columns = columns or table.columns
    with utc_database() as database:
        database.register("customers", rows_of("customers", a_customer("c1")))
        database.register("accounts", rows_of("accounts", an_account("a1", "c1")))
        database.register("given", rows)
        rules = rules_of(table, columns, until=END, delivered=delivered, rates=rates)
        return reason_counts(Sieve(database, "given", table, columns, rules).bad())


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"transaction_id": None}, "transaction_id is missing"),
        ({"transaction_id": " "}, "transaction_id is blank"),
        ({"billing_amt": -1}, "billing_amt is below 0"),
        ({"billing_amt": None}, "billing_amt is missing"),
        ({"direction": "in"}, "direction is none of credit, debit"),
        ({"currency": "XXQ"}, "currency is not a currency of ISO 4217"),
        ({"currency": "cny"}, "currency is not a currency of ISO 4217"),
        ({"mcc": "541"}, "mcc is not four digits"),
        ({"country": "CHN"}, "country is not a country code of two capital letters"),
        ({"customer_id": "c9", "account_id": "a1"}, "customer_id is not in customers"),
        ({"account_id": "a9"}, "account_id is not in accounts"),
        ({"recorded_at": datetime(2025, 12, 31, tzinfo=UTC)}, "recorded_at lies before posted_at"),
        ({"recorded_at": AFTER_END}, "recorded_at lies after the end of the data"),
        ({"is_declined": None}, "is_declined is missing"),
    ],
)
def test_a_bad_posting_is_found_with_its_reason(given: dict[str, Any], reason: str) -> None:
    table = load_dictionary()["transactions"]
    assert reasons_of(table, rows_of("transactions", a_transaction(**given))) == {reason: 1}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"billing_amt": 0, "balance_amt": -1},
        {"posted_at": END, "recorded_at": END},
        {"mcc": "0742", "country": "CN", "category": "household"},
        {"currency": "KWD", "original_amt": 2**62, "original_currency": "JPY"},
    ],
)
def test_a_posting_at_the_edge_of_what_is_allowed_is_good(given: dict[str, Any]) -> None:
    assert reasons_of(load_dictionary()["transactions"], rows_of("transactions", a_transaction(**given))) == {}


def test_a_posting_in_the_future_of_the_data_breaks_both_its_times() -> None:
    row = a_transaction(posted_at=AFTER_END, recorded_at=AFTER_END)
    assert reasons_of(load_dictionary()["transactions"], rows_of("transactions", row)) == {
        "posted_at lies after the end of the data": 1,
        "recorded_at lies after the end of the data": 1,
    }


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"birth_date": date(2026, 6, 30)}, {}),
        ({"birth_date": date(2026, 7, 1)}, {"birth_date lies after the end of the data": 1}),
        ({"time_zone": "Asia/Shanghai", "language": "zh-CN"}, {}),
        ({"time_zone": "Peking"}, {"time_zone is not a time zone of the IANA list": 1}),
        ({"language": "Chinese (simplified)"}, {"language is not a language tag": 1}),
        ({"vulnerable_until": datetime(2030, 1, 1, tzinfo=UTC)}, {}),
    ],
)
def test_customers_are_judged_by_what_the_dictionary_says_of_them(
    given: dict[str, Any], reasons: dict[str, int]
) -> None:
    assert reasons_of(load_dictionary()["customers"], rows_of("customers", a_customer(**given))) == reasons


@pytest.mark.parametrize(
    ("pscore", "reasons"),
    [
        (0.0, {}),
        (1.0, {}),
        (None, {}),
        (1.0000001, {"pscore is above 1": 1}),
        (-0.1, {"pscore is below 0": 1}),
        (float("nan"), {"pscore is not a number": 1}),
        (float("inf"), {"pscore is not a number": 1}),
    ],
)
def test_a_ratio_runs_from_nought_to_one(pscore: float | None, reasons: dict[str, int]) -> None:
    shown = datetime(2026, 5, 1, tzinfo=UTC)
    row = a_row(
        "exposures",
        exposure_id="e",
        customer_id="c1",
        offer_id="o",
        shown_at=shown,
        recorded_at=shown,
        channel="call",
        pscore=pscore,
    )
    assert reasons_of(load_dictionary()["exposures"], rows_of("exposures", row)) == reasons


NO_RATE = "currency has no exchange rate that was known when the row was recorded"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"currency": "CNY"}, {}),
        ({"currency": "USD"}, {}),
        ({"currency": "USD", "posted_at": NEW_YEAR - timedelta(days=1)}, {}),
        ({"currency": "EUR"}, {NO_RATE: 1}),
        ({"currency": "GBP"}, {NO_RATE: 1}),
        ({"currency": "RMB"}, {"currency is not a currency of ISO 4217": 1}),
        ({"currency": None}, {"currency is missing": 1}),
        ({"currency": "USD", "recorded_at": None}, {"recorded_at is missing": 1}),
        ({"original_currency": "GBP", "original_amt": 7}, {}),
    ],
)
def test_money_in_another_currency_needs_a_rate_that_was_known_when_it_was_recorded(
    given: dict[str, Any], reasons: dict[str, int]
) -> None:
    since = {"USD": NEW_YEAR, "EUR": NEW_YEAR + timedelta(microseconds=1)}
    table, row = load_dictionary()["transactions"], a_transaction(**given)
    assert reasons_of(table, rows_of("transactions", row), rates=KnownRates("CNY", since)) == reasons


def test_in_a_bank_without_rates_all_money_is_in_its_own_currency() -> None:
    rows = rows_of("transactions", a_transaction(1), a_transaction(2, currency="USD"))
    assert reasons_of(load_dictionary()["transactions"], rows, rates=KnownRates("CNY")) == {NO_RATE: 1}


def test_every_table_of_events_with_a_currency_asks_for_its_rate() -> None:
    asking = [
        name
        for name, table in load_dictionary().items()
        for rule in rules_of(table, table.columns, until=END, delivered=(), rates=KnownRates("CNY"))
        if rule.rule_id.endswith(".currency.rate")
    ]
    assert asking == [
        "transactions",
        "payments",
        "statements",
        "instalments",
        "incomes",
        "obligations",
        "limit_requests",
        "limit_changes",
    ]


@pytest.mark.parametrize(
    ("fact", "value", "reason"),
    [
        ("exchange_rate_rmb", 1.0, "fact ends in no currency of ISO 4217 in lower-case letters"),
        ("exchange_rate_USD", 7.1, "fact ends in no currency of ISO 4217 in lower-case letters"),
        ("Exchange_Rate_usd", 7.1, "fact ends in no currency of ISO 4217 in lower-case letters"),
        ("exchange_rate_", 7.1, "fact ends in no currency of ISO 4217 in lower-case letters"),
        ("exchange_rate_cny", 1.0, "fact is the rate of the bank's own currency"),
        ("exchange_rate_usd", 0.0, "value is an exchange rate and not above 0"),
        ("exchange_rate_usd", -7.1, "value is an exchange rate and not above 0"),
        ("exchange_rate_usd", float("inf"), "value is an exchange rate and not above 0"),
        ("exchange_rate_usd", float("nan"), "value is an exchange rate and not above 0"),
        ("exchange_rate_usd", 7.1, None),
        ("dormant_card_ratio", -1.0, None),
    ],
)
def test_a_fact_that_cannot_be_an_exchange_rate_refuses_the_bank(fact: str, value: float, reason: str | None) -> None:
    table = load_dictionary()["bank_facts"]
    rules = rules_of(table, table.columns, until=END, delivered=(), rates=KnownRates("CNY"))
    rows = rows_of("bank_facts", an_exchange_rate(fact=fact, value=value))
    with utc_database() as database:
        database.register("given", rows)
        bad = Sieve(database, "given", table, table.columns, rules).bad()
    refusing = [rule.reason for rule, problem in problems_of(bad, table, rules) if problem.count and rule.refuses]
    assert refusing == ([reason] if reason else [])


def test_a_limit_change_may_be_recorded_ahead_of_taking_effect() -> None:
    row = a_row(
        "limit_changes",
        change_id="l",
        customer_id="c1",
        account_id="a1",
        changed_at=END + timedelta(days=30),
        recorded_at=END,
        old_limit_amt=0,
        new_limit_amt=1,
        initiated_by="bank",
        currency="CNY",
    )
    assert reasons_of(load_dictionary()["limit_changes"], rows_of("limit_changes", row)) == {}


def test_a_reference_into_a_table_that_the_bank_has_not_is_not_followed() -> None:
    row = a_transaction(account_id="elsewhere")
    table = load_dictionary()["transactions"]
    assert reasons_of(table, rows_of("transactions", row), delivered=("customers",)) == {}


def test_the_first_recorded_of_two_equal_keys_is_kept() -> None:
    table, later = load_dictionary()["transactions"], datetime(2026, 2, 1, tzinfo=UTC)
    rows = rows_of("transactions", a_transaction(recorded_at=later, billing_amt=1), a_transaction(billing_amt=2))
    with utc_database() as database:
        database.register("given", rows)
        sieve = Sieve(database, "given", table, table.columns, rules_of(table, table.columns, until=END, delivered=()))
        assert sieve.good()["billing_amt"].to_pylist() == [2]
        found = [problem for _, problem in problems_of(sieve.bad(), table, sieve.rules) if problem.count]
    assert [str(problem) for problem in found] == [
        "transactions.transaction_id: transaction_id occurs more than once; 1 rows; first: transaction_id='t00000'"
    ]


def test_a_key_of_several_columns_is_one_key() -> None:
    table, moment = load_dictionary()["bank_facts"], datetime(2026, 1, 1, tzinfo=UTC)
    fact = {"value": 0.2, "as_of": moment, "recorded_at": moment}
    same = [a_row("bank_facts", fact=name, **fact) for name in ("dormant_share", "dormant_share", "card_count")]
    assert reasons_of(table, rows_of("bank_facts", *same)) == {
        "fact and as_of and recorded_at occurs more than once": 1
    }


def test_columns_that_a_mapping_adds_are_judged_too() -> None:
    table = load_dictionary()["customers"]
    added = Column.model_validate(
        {
            "name": "x_tier",
            "type": "string",
            "values": ["gold"],
            "meaning": "The tier of the customer.",
            "sensitivity": "none",
            "allowed_for": ["service"],
        }
    )
    columns = (*table.columns, added)
    rows = pa.Table.from_pylist([a_customer() | {"x_tier": "tin"}], schema=arrow_schema(columns))
    assert reasons_of(table, rows, columns=columns) == {"x_tier is none of gold": 1}


def test_reasons_of_one_table_are_told_apart() -> None:
    for table in load_dictionary().values():
        rules = rules_of(table, table.columns, until=END, delivered=tuple(load_dictionary()), rates=KnownRates("CNY"))
        assert len({rule.reason for rule in rules}) == len({rule.rule_id for rule in rules}) == len(rules)
        assert not any("; " in rule.reason for rule in rules)
