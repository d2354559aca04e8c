import shutil
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.bank.checking import CheckReport, check_bank
from linewise.bank.tables import Bank, open_bank
from linewise.bank.writing import bank_in_parts
from linewise.core.errors import BankMissing
from linewise.core.home import Home
from tests.linewise.bank.builders import END, a_customer, a_transaction, an_account, rows_of, small_tables, write_small

GOOD = [a_transaction(number) for number in range(1, 200)]


def test_a_bank_as_it_was_written_is_clean_and_every_rule_was_asked(home: Home) -> None:
    write_small(home, small_tables(*GOOD))
    report = check_bank(home)
    assert report.is_clean
    assert report.findings() == []
    asked = {rule.rule_id for rule in report.tables["transactions"].rules}
    assert {"transactions.billing_amt.minimum", "transactions.customer_id.reference"} <= asked
    assert "calls" in report.absent


def test_rows_put_aside_are_counted_and_do_not_make_a_bank_unclean(home: Home) -> None:
    write_small(home, small_tables(*GOOD, a_transaction(0, billing_amt=-1)))
    report = check_bank(home)
    assert report.is_clean
    assert report.tables["transactions"].quarantine_reasons == {"billing_amt is below 0": 1}


@pytest.mark.parametrize("is_gone", [True, False])
def test_rows_put_aside_that_are_lost_since_are_found(home: Home, is_gone: bool) -> None:
    bank = write_small(home, small_tables(*GOOD, a_transaction(0, billing_amt=-1)))
    (path,) = bank.quarantine_files("transactions")
    if is_gone:
        path.unlink()
    else:
        path.write_bytes(b"")
    (found,) = check_bank(home).findings()
    assert (found.rule_id, found.bad_rows) == ("transactions.quarantine", 1)
    assert found.says == "1 rows were put aside at the import, and 0 can be read"


def test_a_row_changed_behind_the_import_is_found_with_its_key_and_value(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    rows = bank.read("transactions").to_pylist()
    rows[0]["billing_amt"], rows[1]["customer_id"] = -7, "c9"
    pq.write_table(pa.Table.from_pylist(rows, schema=bank.read("transactions").schema), *bank.files("transactions"))
    report = check_bank(home)
    assert not report.is_clean
    found = {rule.rule_id: (rule.bad_rows, rule.first_rows) for rule in report.findings()}
    assert found == {
        "transactions.billing_amt.minimum": (1, [{"transaction_id": "t00001", "billing_amt": -7}]),
        "transactions.customer_id.reference": (1, [{"transaction_id": "t00002", "customer_id": "c9"}]),
        "transactions.bytes": (199, [{"file": "part-00000.parquet"}]),
    }


def test_a_table_that_is_gone_is_found_and_the_rest_is_still_checked(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    bank.files("customers")[0].unlink()
    bank.files("calls")[0].write_bytes(b"")
    report = check_bank(home)
    assert [rule.rule_id for rule in report.findings()] == ["customers.file", "calls.file"]
    assert report.tables["transactions"].is_clean


@pytest.fixture
def bank_of_parts(home: Home) -> Bank:
    """Customers c1 and c2 in part 0, c3 and c4 in part 1, with an account and 99 postings each."""
    said: dict[str, Any] = {"clock": "data_end", "currency": "CNY", "data_until": END, "imported_at": END}
    with bank_in_parts(home, "parts", **said) as draft:
        for number, customers in enumerate((("c1", "c2"), ("c3", "c4"))):
            tables = {
                "customers": rows_of("customers", *map(a_customer, customers)),
                "accounts": rows_of("accounts", *(an_account(one.replace("c", "a"), one) for one in customers)),
                "transactions": rows_of(
                    "transactions",
                    *(a_transaction(int(one[1]) * 100 + count, one) for one in customers for count in range(99)),
                ),
            }
            draft.write_part(number, tables)
    return open_bank(home)


def test_every_part_is_asked_every_rule_and_what_they_show_is_summed(bank_of_parts: Bank) -> None:
    for path in bank_of_parts.files("transactions"):
        rows = pq.ParquetFile(path).read().to_pylist()
        rows[0]["billing_amt"], rows[1]["customer_id"] = -7, "c9"
        pq.write_table(rows_of("transactions", *rows), path)
    found = {rule.rule_id: rule for rule in check_bank(bank_of_parts.home).findings()}
    assert {name: rule.bad_rows for name, rule in found.items()} == {
        "transactions.billing_amt.minimum": 2,
        "transactions.customer_id.reference": 2,
        "transactions.bytes": 396,
    }
    below = found["transactions.billing_amt.minimum"].first_rows
    assert [row["transaction_id"] for row in below] == ["t00100", "t00300"]


def test_a_part_that_is_gone_is_found_and_so_are_the_events_of_its_customers(bank_of_parts: Bank) -> None:
    bank_of_parts.files("accounts")[1].unlink()
    report = check_bank(bank_of_parts.home)
    assert [(rule.rule_id, rule.first_rows) for rule in report.findings()] == [
        ("accounts.file", [{"file": "part-00001.parquet"}])
    ]
    assert report.tables["transactions"].rows == 4 * 99


def test_a_file_that_is_no_part_of_the_bank_is_found_and_not_read(bank_of_parts: Bank) -> None:
    first, _ = bank_of_parts.files("transactions")
    shutil.copy(first, first.with_name("part-00002.parquet"))
    (found,) = check_bank(bank_of_parts.home).findings()
    assert (found.rule_id, found.first_rows) == ("transactions.extra", [{"file": "part-00002.parquet"}])
    assert bank_of_parts.read("transactions").num_rows == 4 * 99


def test_a_part_with_spoilt_bytes_within_is_found_and_the_rest_is_still_checked(bank_of_parts: Bank) -> None:
    path = bank_of_parts.files("transactions")[1]
    spoilt = bytearray(path.read_bytes())
    spoilt[40 : len(spoilt) // 2] = bytes(len(spoilt) // 2 - 40)
    path.write_bytes(spoilt)
    report = check_bank(bank_of_parts.home)
    (found,) = report.findings()
    assert (found.rule_id, found.bad_rows) == ("transactions.file", 198)
    assert "transactions.billing_amt.minimum" in {rule.rule_id for rule in report.tables["transactions"].rules}


def test_parts_that_changed_places_are_found(bank_of_parts: Bank) -> None:
    first, second = bank_of_parts.files("transactions")
    first.rename(first.with_name("kept"))
    second.rename(first)
    first.with_name("kept").rename(second)
    found = {rule.rule_id for rule in check_bank(bank_of_parts.home).findings()}
    assert found == {"transactions.customer_id.reference", "transactions.account_id.reference", "transactions.bytes"}


def test_a_key_that_stands_in_two_parts_is_found(bank_of_parts: Bank) -> None:
    first, second = bank_of_parts.files("transactions")
    rows = pq.ParquetFile(second).read().to_pylist()
    rows[0]["transaction_id"] = pq.ParquetFile(first).read()["transaction_id"][0].as_py()
    pq.write_table(rows_of("transactions", *rows), second)
    found = {rule.rule_id: rule for rule in check_bank(bank_of_parts.home).findings()}
    twins = found["transactions.transaction_id.duplicate"]
    assert (twins.bad_rows, twins.first_rows) == (1, [{"transaction_id": "t00100"}])


def test_a_table_of_other_columns_is_found(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    pq.write_table(bank.read("transactions").drop_columns(["kind"]), *bank.files("transactions"))
    assert "transactions.kind.type" in [rule.rule_id for rule in check_bank(home).findings()]


def test_the_report_is_json_and_back(home: Home) -> None:
    write_small(home, small_tables(*GOOD))
    report = check_bank(home)
    assert CheckReport.model_validate_json(report.model_dump_json()) == report


def test_a_home_without_a_bank_says_so(home: Home) -> None:
    with pytest.raises(BankMissing):
        check_bank(home)


def test_berka_is_clean(berka_bank: Bank) -> None:
    report = check_bank(berka_bank.home)
    assert report.findings() == []
    assert report.tables["transactions"].rows == 54_694
