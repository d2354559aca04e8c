from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linewise.bank.checking import check_bank
from linewise.bank.oddities import Oddity
from linewise.bank.writing import bank_in_parts
from linewise.core.home import Home
from tests.linewise.bank.builders import (
    END,
    a_customer,
    a_transaction,
    an_account,
    an_exchange_rate,
    rows_of,
    small_tables,
    write_small,
)

BACK = datetime(2025, 11, 2, 6, tzinfo=UTC)
"""When the clocks of New York go back."""


def counted(home: Home) -> dict[str, Oddity]:
    return {one.oddity_id: one for one in check_bank(home).oddities}


def test_an_ordinary_bank_has_no_oddities_but_its_busiest_day(home: Home) -> None:
    write_small(home, small_tables(a_transaction(1, "c1", category="salary", mcc="5411"), a_transaction(2, "c2")))
    assert {name: one.rows for name, one in counted(home).items()} == {
        "accounts.currency.foreign": 0,
        "transactions.currency.foreign": 0,
        "transactions.category.unknown": 0,
        "transactions.mcc.unknown": 0,
        "transactions.posted_at.twice": 0,
        "transactions.posted_at.busiest": 1,
        "customers.customer_id.silent": 0,
    }


@pytest.mark.parametrize(
    ("given", "oddity_id", "most"),
    [
        ({"category": "loyalty"}, "transactions.category.unknown", {"category": "loyalty", "rows": 1}),
        ({"mcc": "0000"}, "transactions.mcc.unknown", {"mcc": "0000", "rows": 1}),
        ({"mcc": "0741"}, "transactions.mcc.unknown", {"mcc": "0741", "rows": 1}),
        ({"mcc": "9951"}, "transactions.mcc.unknown", {"mcc": "9951", "rows": 1}),
        ({"currency": "USD"}, "transactions.currency.foreign", {"currency": "USD", "rows": 1}),
    ],
)
def test_an_odd_posting_is_kept_and_counted(
    home: Home, given: dict[str, Any], oddity_id: str, most: dict[str, Any]
) -> None:
    facts = {"bank_facts": rows_of("bank_facts", an_exchange_rate("usd"))}
    bank = write_small(home, small_tables(a_transaction(1, **given), a_transaction(2)) | facts)
    assert bank.manifest.tables["transactions"].quarantined_rows == 0
    assert (counted(home)[oddity_id].rows, counted(home)[oddity_id].most) == (1, [most])


@pytest.mark.parametrize("mcc", ["0742", "3999", "5999", "9950", None])
def test_a_code_within_the_blocks_is_known(home: Home, mcc: str | None) -> None:
    write_small(home, small_tables(a_transaction(1, mcc=mcc)))
    assert counted(home)["transactions.mcc.unknown"].rows == 0


@pytest.mark.parametrize(
    ("minutes", "rows"),
    [(-61, 0), (-60, 1), (0, 1), (59, 1), (60, 0)],
    ids=["before", "first", "middle", "last", "after"],
)
def test_the_hour_that_occurs_twice_is_counted_both_times(home: Home, minutes: int, rows: int) -> None:
    moment = BACK + timedelta(minutes=minutes)
    odd = a_transaction(1, posted_at=moment, recorded_at=moment)
    early = a_transaction(2, posted_at=BACK - timedelta(days=9), recorded_at=moment)
    write_small(home, small_tables(odd, early, a_transaction(3)), time_zone="America/New_York")
    assert counted(home)["transactions.posted_at.twice"].rows == rows


def test_the_busiest_day_is_one_of_the_banks_own_zone(home: Home) -> None:
    # 17:00 UTC on the first of January is the second in Shanghai.
    write_small(home, small_tables(*(a_transaction(number) for number in range(16, 26))), time_zone="Asia/Shanghai")
    assert counted(home)["transactions.posted_at.busiest"].most == [
        {"customer_id": "c1", "day": "2026-01-02", "rows": 10}
    ]


def test_oddities_of_all_parts_are_counted_together(home: Home) -> None:
    said: dict[str, Any] = {"clock": "data_end", "currency": "CNY", "data_until": END, "imported_at": END}
    with bank_in_parts(home, "parts", **said) as draft:
        for number in range(3):
            names = [f"c{number}{one}" for one in range(2)]
            postings = [a_transaction(100 * number + one, names[0], mcc="0000") for one in range(number)]
            tables = {
                "customers": rows_of("customers", *map(a_customer, names)),
                "accounts": rows_of("accounts", *(an_account(one.replace("c", "a"), one) for one in names)),
                "transactions": rows_of("transactions", *postings),
            }
            draft.write_part(number, tables)
    found = counted(home)
    assert found["transactions.mcc.unknown"].rows == 3
    assert found["transactions.posted_at.busiest"].most[0] == {"customer_id": "c20", "day": "2026-01-09", "rows": 2}
    silent = found["customers.customer_id.silent"]
    assert (silent.rows, silent.most) == (4, [{"customer_id": one} for one in ("c00", "c01", "c11")])


def test_a_bank_without_postings_is_not_asked_for_them(home: Home) -> None:
    tables = small_tables()
    write_small(home, {name: tables[name] for name in ("customers", "accounts")})
    assert list(counted(home)) == ["accounts.currency.foreign"]


def test_files_that_cannot_be_read_are_left_out(home: Home) -> None:
    bank = write_small(home, small_tables(a_transaction(1)))
    bank.files("customers")[0].unlink()
    assert "customers.customer_id.silent" not in counted(home)
    bank.files("transactions")[0].write_bytes(b"")
    assert list(counted(home)) == ["accounts.currency.foreign"]
