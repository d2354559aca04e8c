import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.bank.tables import MANIFEST_NAME, open_bank
from linewise.core.errors import BankMissing, NotReady, UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings
from tests.linewise.bank.builders import END, a_transaction, small_tables, write_small


def test_a_home_without_a_bank_says_what_to_run(home: Home) -> None:
    with pytest.raises(BankMissing, match="linewise bank import") as caught:
        open_bank(home)
    assert caught.value.http_status == 503


@pytest.mark.parametrize("text", ["", "{}", "[1"])
def test_a_manifest_that_cannot_be_read_says_what_to_run(home: Home, text: str) -> None:
    write_small(home, small_tables())
    (home.bank_dir / MANIFEST_NAME).write_text(text)
    with pytest.raises(NotReady, match="linewise bank import"):
        open_bank(home)


def test_tables_of_another_contract_must_be_imported_again(home: Home) -> None:
    write_small(home, small_tables())
    path = home.bank_dir / MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {"contract_hash": "older"}))
    with pytest.raises(NotReady, match="other contract tables"):
        open_bank(home)


def test_a_range_of_customers_is_read_as_if_the_rest_were_not_there(served_home: Home) -> None:
    bank = open_bank(served_home)
    ids = sorted(bank.read("customers", ["customer_id"])["customer_id"].to_pylist())
    first, last = ids[700], ids[1_400]
    for table in ("customers", "accounts", "statements", "consents"):
        whole = bank.read(table, ["customer_id", "recorded_at"] if table != "customers" else ["customer_id"])
        kept = whole.filter([first <= one <= last for one in whole["customer_id"].to_pylist()])
        assert bank.read(table, whole.column_names, (first, last)).equals(kept)
    assert bank.read("accounts", ["customer_id"], ("", "")).num_rows == 0


def test_words_come_as_they_lie_in_the_file_and_mean_the_same(served_home: Home) -> None:
    bank, names = open_bank(served_home), ["customer_id", "purpose", "scope", "given_at"]
    among = tuple(sorted(bank.read("customers", ["customer_id"])["customer_id"].to_pylist())[700:1_401:700])
    words = bank.read("consents", names, among, coded=names[:3])
    assert all(pa.types.is_dictionary(words.schema.field(name).type) for name in names[:3])
    plain = bank.read("consents", names, among)
    assert words.cast(plain.schema).equals(plain)


def test_the_parts_of_a_bank_end_with_these_customers(served_home: Home) -> None:
    bank = open_bank(served_home)
    parts = [pq.read_table(path, columns=["customer_id"])["customer_id"] for path in bank.files("customers")]
    assert list(bank.last_ids()) == sorted(max(one.to_pylist()) for one in parts)


def test_a_delivered_table_may_be_empty_and_an_absent_one_is_told_apart(home: Home) -> None:
    bank = write_small(home, small_tables())
    assert bank.has("transactions")
    assert bank.read("transactions").num_rows == 0
    assert not bank.has("calls")


def test_columns_are_read_in_the_order_asked_for(home: Home) -> None:
    bank = write_small(home, small_tables(a_transaction()))
    assert bank.read("transactions", ["kind", "customer_id"]).to_pylist() == [{"kind": "purchase", "customer_id": "c1"}]


def test_a_table_that_the_contract_has_not_is_answered_with_those_it_has(home: Home) -> None:
    bank = write_small(home, small_tables())
    for ask in (bank.has, bank.read, bank.files, bank.columns, bank.quarantine_files):
        with pytest.raises(UsageError, match=r"no contract table 'customer'.*customers, accounts"):
            ask("customer")


def test_the_clock_of_a_historical_bank_stands_at_the_end_of_its_data(home: Home, tmp_path: Path) -> None:
    bank = write_small(home, small_tables())
    assert bank.clock(Settings(home=tmp_path)).now() == END
    fixed = datetime(2026, 1, 1, tzinfo=UTC)
    assert bank.clock(Settings(home=tmp_path, now=fixed)).now() == fixed


def test_the_clock_of_a_living_bank_is_the_wall_clock(home: Home, tmp_path: Path) -> None:
    bank = write_small(home, small_tables(), clock="wall", data_until=END)
    assert bank.clock(Settings(home=tmp_path)).fixed_at is None
