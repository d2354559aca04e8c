import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.bank.checking import CheckReport, check_bank
from linewise.bank.tables import Bank
from linewise.core.errors import BankMissing
from linewise.core.home import Home
from tests.linewise.bank.builders import a_transaction, small_tables, write_small

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


def test_a_row_changed_behind_the_import_is_found_with_its_key_and_value(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    rows = bank.read("transactions").to_pylist()
    rows[0]["billing_amt"], rows[1]["customer_id"] = -7, "c9"
    pq.write_table(pa.Table.from_pylist(rows, schema=bank.read("transactions").schema), bank.path("transactions"))
    report = check_bank(home)
    assert not report.is_clean
    found = {rule.rule_id: (rule.bad_rows, rule.first_rows) for rule in report.findings()}
    assert found == {
        "transactions.billing_amt.minimum": (1, [{"transaction_id": "t00001", "billing_amt": -7}]),
        "transactions.customer_id.reference": (1, [{"transaction_id": "t00002", "customer_id": "c9"}]),
        "transactions.bytes": (199, []),
    }


def test_a_table_that_is_gone_is_found_and_the_rest_is_still_checked(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    bank.path("customers").unlink()
    bank.path("calls").write_bytes(b"")
    report = check_bank(home)
    assert [rule.rule_id for rule in report.findings()] == ["customers.file", "calls.file"]
    assert report.tables["transactions"].is_clean


def test_a_table_of_other_columns_is_found(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    pq.write_table(bank.read("transactions").drop_columns(["kind"]), bank.path("transactions"))
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
