from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.bank.rates import RATES_SCHEMA, converted_amt, in_home_currency, known_rates, rates_of
from linewise.core.errors import DataCheckFailed
from linewise.core.money import minor_units
from tests.linewise.bank.builders import a_transaction, rows_of

DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAY_0 + timedelta(days=number)


def a_rate(currency: str, rate: float, as_of: float = 0, recorded_at: float | None = None) -> dict[str, Any]:
    """A fact of the bank; days since DAY_0, recorded on the day for which it holds where not said otherwise."""
    recorded = day(as_of if recorded_at is None else recorded_at)
    return {"fact": f"exchange_rate_{currency}", "value": rate, "as_of": day(as_of), "recorded_at": recorded}


def rates(*facts: dict[str, Any]) -> pa.Table:
    return rates_of(rows_of("bank_facts", *facts))


def converted(amount: int | None, currency: str, table: pa.Table, moment: float = 0, home: str = "CNY") -> int | None:
    moments = pa.array([day(moment)], pa.timestamp("us", tz="UTC"))
    made = converted_amt(pa.array([amount], pa.int64()), pa.array([currency]), moments, table, home)
    assert made.type == pa.int64()
    return made.to_pylist()[0]  # type: ignore[no-any-return]


def test_rates_are_the_facts_of_that_name_by_currency_and_time() -> None:
    other = {"fact": "dormant_card_ratio", "value": 0.1, "as_of": DAY_0, "recorded_at": DAY_0}
    table = rates(a_rate("usd", 7.2, 1), other, a_rate("usd", 7.1), a_rate("eur", 8))
    assert table.schema == RATES_SCHEMA
    assert table["currency"].to_pylist() == ["EUR", "USD", "USD"]
    assert table["rate"].to_pylist() == [8.0, 7.1, 7.2]
    assert rates(other).num_rows == 0


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "home", "expected"),
    [
        (100, "USD", 7.1234, "CNY", 712),
        (100, "JPY", 0.0505, "CNY", 505),
        (1_000, "KWD", 23.4, "CNY", 2_340),
        (1_000, "CNY", 21.5, "JPY", 215),
        (1_000, "CNY", 0.0431, "KWD", 431),
        (0, "USD", 7.1, "CNY", 0),
        (None, "USD", 7.1, "CNY", None),
    ],
)
def test_each_currency_has_its_own_decimals(
    amount: int | None, currency: str, rate: float, home: str, expected: int | None
) -> None:
    assert converted(amount, currency, rates(a_rate(currency.lower(), rate)), home=home) == expected


@pytest.mark.parametrize(("amount", "expected"), [(1, 2), (3, 5), (5, 8), (-1, -2), (-3, -5), (2, 3), (-2, -3)])
def test_halves_are_rounded_away_from_zero(amount: int, expected: int) -> None:
    assert converted(amount, "USD", rates(a_rate("usd", 1.5))) == expected


def test_a_rate_is_the_decimal_number_in_which_it_is_written() -> None:
    # As a binary fraction 1.005 lies below a half of the last place.
    assert converted(100, "USD", rates(a_rate("usd", 1.005))) == 101


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (1, 100),  # the very moment at which the first rate is known
        (1.9, 100),
        (2, 200),
        (4.9, 200),  # the rate of the third day is recorded late
        (5, 300),
        (6, 300),  # a correction of the second day does not outdo the rate of the third
        (7, 310),  # a correction of the third day does
        (99, 310),
    ],
)
def test_the_latest_rate_that_was_known_when_the_row_was_recorded_counts(moment: float, expected: int) -> None:
    table = rates(
        a_rate("usd", 3.1, 3, recorded_at=7),
        a_rate("usd", 1, 1),
        a_rate("usd", 3, 3, recorded_at=5),
        a_rate("usd", 2, 2),
        a_rate("usd", 2.5, 2, recorded_at=6),
        a_rate("eur", 9, 0),
    )
    assert converted(100, "USD", table, moment) == expected


def test_a_rate_told_ahead_counts_from_its_day_on() -> None:
    table = rates(a_rate("usd", 1, 0), a_rate("usd", 2, 5, recorded_at=1))
    assert [converted(100, "USD", table, moment) for moment in (1, 4.9, 5)] == [100, 100, 200]


def test_from_when_on_a_currency_could_be_converted() -> None:
    table = rates(a_rate("usd", 1, 1, recorded_at=4), a_rate("usd", 1, 2), a_rate("eur", 1, 9, recorded_at=0))
    known = known_rates(table, "CNY")
    assert known.home_currency == "CNY"
    assert known.since == {"USD": day(2), "EUR": day(9)}


@pytest.mark.parametrize(("currency", "moment"), [("USD", 0.9), ("GBP", 9)])
def test_a_row_without_a_known_rate_is_refused(currency: str, moment: float) -> None:
    with pytest.raises(DataCheckFailed, match=f"1 rows are in {currency} .* exchange_rate_{currency.lower()}"):
        converted(1, currency, rates(a_rate("usd", 7, 1)), moment)


def test_an_amount_that_no_book_holds_is_refused() -> None:
    with pytest.raises(DataCheckFailed, match="too large for the bank's books"):
        converted(2**62, "USD", rates(a_rate("usd", 7.1)))
    assert converted(-(2**62), "USD", rates(a_rate("usd", 0.5))) == -(2**61)


@given(
    amount=st.integers(-(10**15), 10**15),
    rate=st.floats(1e-4, 1e4),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_money_is_exact_to_the_last_unit(amount: int, rate: float, currency: str) -> None:
    shift = minor_units("CNY") - minor_units(currency)
    exact = (amount * Decimal(repr(rate)).scaleb(shift)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    known = rates(a_rate(currency.lower(), rate))
    if abs(exact) >= 2**63:
        with pytest.raises(DataCheckFailed, match="too large"):
            converted(amount, currency, known)
    else:
        assert converted(amount, currency, known) == int(exact)


def mixed(is_encoded: bool) -> pa.Table:
    given = [("CNY", 100, None), ("USD", 200, -50), ("CNY", 300, 7), ("JPY", 400, None)]
    rows = rows_of(
        "transactions",
        *(
            a_transaction(number, currency=currency, billing_amt=amount, balance_amt=balance)
            for number, (currency, amount, balance) in enumerate(given)
        ),
    )
    if is_encoded:
        at = rows.column_names.index("currency")
        words = rows["currency"].combine_chunks().dictionary_encode().cast(pa.dictionary(pa.int16(), pa.string()))
        rows = rows.set_column(at, "currency", words)
    return pa.concat_tables([rows.slice(0, 1), rows.slice(1)])


@pytest.mark.parametrize("is_encoded", [False, True])
def test_rows_of_several_currencies_become_rows_of_the_banks_own(is_encoded: bool) -> None:
    rows = mixed(is_encoded)
    made = in_home_currency(rows, rates(a_rate("usd", 7.1), a_rate("jpy", 0.05)), "CNY")
    assert made["billing_amt"].to_pylist() == [100, 1_420, 300, 2_000]
    assert made["balance_amt"].to_pylist() == [None, -355, 7, None]
    assert made["currency"].to_pylist() == ["CNY"] * 4
    assert made.schema == rows.schema
    others = ["billing_amt", "balance_amt", "currency"]
    assert made.drop_columns(others).equals(rows.drop_columns(others))


@pytest.mark.parametrize("is_encoded", [False, True])
def test_where_nothing_is_foreign_the_very_table_comes_back(is_encoded: bool) -> None:
    # Its dictionary may still hold a word that no row has.
    rows = mixed(is_encoded).filter(pa.array([True, False, True, False]))
    assert in_home_currency(rows, rates(), "CNY") is rows
    amounts = rows["billing_amt"]
    assert converted_amt(amounts, rows["currency"], rows["recorded_at"], rates(), "CNY") is amounts
    nothing = rows.slice(0, 0)
    assert in_home_currency(nothing, rates(), "CNY") is nothing


def test_many_rows_are_converted_as_each_one_alone() -> None:
    dice = np.random.default_rng(1)
    currencies = dice.choice(["CNY", "USD", "JPY"], 2_000, p=[0.9, 0.05, 0.05])
    moments = [day(float(at)) for at in dice.uniform(1, 30, 2_000)]
    amounts = dice.integers(-(10**7), 10**7, 2_000)
    table = rates(*(a_rate("usd", float(7 + dice.uniform()), number) for number in range(30)), a_rate("jpy", 0.0482371))
    at_once = converted_amt(
        pa.array(amounts), pa.array(currencies), pa.array(moments, pa.timestamp("us", tz="UTC")), table, "CNY"
    )
    alone = [
        converted(int(amount), str(currency), table, (moment - DAY_0) / timedelta(days=1))
        for amount, currency, moment in zip(amounts, currencies, moments, strict=True)
    ]
    assert at_once.to_pylist() == alone
