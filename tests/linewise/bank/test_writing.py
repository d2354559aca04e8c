import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.bank.dictionary import TABLE_NAMES, Column, load_dictionary
from linewise.bank.tables import Bank, open_bank
from linewise.bank.writing import bank_in_parts
from linewise.core.errors import DataCheckFailed, MappingInvalid, StorageFull
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from tests.linewise.bank.builders import (
    END,
    a_customer,
    a_transaction,
    an_account,
    bytes_below,
    rows_of,
    small_tables,
    write_small,
)

GOOD = [a_transaction(number, "c1" if number % 2 else "c2") for number in range(1, 200)]


def test_every_contract_table_is_there_and_an_absent_one_is_empty_with_its_types(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    for name in TABLE_NAMES:
        assert bank.read(name).schema == load_dictionary()[name].arrow_schema
    assert bank.read("calls").num_rows == 0
    assert bank.read("transactions").num_rows == len(GOOD)
    assert bank.manifest == open_bank(home).manifest


def test_rows_lie_by_customer_time_and_key(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    rows = bank.read("transactions").to_pylist()
    assert rows == sorted(rows, key=lambda row: (row["customer_id"], row["posted_at"], row["transaction_id"]))


@pytest.fixture(scope="module")
def bank_in_order(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """GOOD and one twin, in the order in which they are numbered."""
    return write_small(Home(tmp_path_factory.mktemp("ordered")), small_tables(*GOOD, a_transaction(1)))


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_come(bank_in_order: Bank, seed: int) -> None:
    shuffled = random.Random(seed).sample([*GOOD, a_transaction(1)], len(GOOD) + 1)
    with tempfile.TemporaryDirectory() as folder:
        bank = write_small(Home(Path(folder)), small_tables(*shuffled))
        assert bank.manifest.data_hash == bank_in_order.manifest.data_hash
        assert bytes_below(bank.home.bank_dir) == bytes_below(bank_in_order.home.bank_dir)


def test_another_amount_gives_another_data_hash(home: Home) -> None:
    first = write_small(home, small_tables(*GOOD)).manifest.data_hash
    second = write_small(home, small_tables(*GOOD[1:], a_transaction(1, billing_amt=101))).manifest.data_hash
    assert first != second


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"billing_amt": -5}, "billing_amt is below 0"),
        ({"customer_id": "c9", "account_id": "a1"}, "customer_id is not in customers"),
        (
            {"posted_at": END + timedelta(days=1), "recorded_at": END + timedelta(days=1)},
            "posted_at lies after the end of the data; recorded_at lies after the end of the data",
        ),
        ({"recorded_at": datetime(2025, 1, 1, tzinfo=UTC)}, "recorded_at lies before posted_at"),
    ],
)
def test_a_bad_event_is_put_aside_with_its_reason(home: Home, bad: dict[str, Any], reason: str) -> None:
    bank = write_small(home, small_tables(*GOOD, a_transaction(0, **bad)))
    facts = bank.manifest.tables["transactions"]
    assert (facts.rows, facts.quarantined_rows) == (len(GOOD), 1)
    assert facts.quarantine_reasons == dict.fromkeys(reason.split("; "), 1)
    (path,) = bank.quarantine_files("transactions")
    (row,) = pq.read_table(path).to_pylist()
    assert (row["transaction_id"], row["quarantine_reason"]) == ("t00000", reason)
    assert bank.quarantine_files("accounts") == ()


def test_of_two_events_with_one_key_the_first_recorded_stays(home: Home) -> None:
    twin = a_transaction(1, billing_amt=999, recorded_at=END)
    bank = write_small(home, small_tables(*GOOD, twin))
    assert 999 not in bank.read("transactions")["billing_amt"].to_pylist()
    assert bank.manifest.tables["transactions"].quarantine_reasons == {"transaction_id occurs more than once": 1}


@pytest.mark.parametrize(
    ("bad", "of", "refused"), [(1, 100, False), (2, 199, True), (2, 200, False), (29, 2900, False)]
)
def test_one_row_in_a_hundred_may_be_bad_and_not_one_more(home: Home, bad: int, of: int, refused: bool) -> None:
    rows = [a_transaction(number, billing_amt=-1 if number < bad else 1) for number in range(of)]
    if not refused:
        assert write_small(home, small_tables(*rows)).manifest.tables["transactions"].quarantined_rows == bad
        return
    with pytest.raises(DataCheckFailed) as caught:
        write_small(home, small_tables(*rows))
    told = str(caught.value)
    assert "transactions.*: 2 of 199 rows are bad, more than the 1% that is put aside" in told
    assert "transactions.billing_amt: billing_amt is below 0; 2 rows; first: transaction_id='t00000'" in told
    assert caught.value.exit_code == 4


def test_a_customer_put_aside_makes_their_events_orphans(home: Home) -> None:
    customers = [a_customer(f"c{number}") for number in range(3, 203)]
    unborn = a_customer("c1", birth_date=datetime(2030, 1, 1, tzinfo=UTC).date())
    tables = {
        "customers": rows_of("customers", unborn, *customers),
        "transactions": rows_of(
            "transactions", a_transaction(0, "c1"), *(a_transaction(n, "c3") for n in range(1, 200))
        ),
    }
    bank = write_small(home, tables)
    assert bank.manifest.tables["customers"].quarantined_rows == 1
    assert bank.manifest.tables["transactions"].quarantine_reasons == {"customer_id is not in customers": 1}


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        (
            "customers",
            [a_customer("c1"), a_customer("c2"), a_customer("c1", language="en")],
            "customers.customer_id: customer_id occurs more than once; 1 rows; first: customer_id='c1'",
        ),
        (
            "accounts",
            [an_account("a1"), an_account("a2"), an_account("a1", "c2")],
            "accounts.account_id: account_id occurs more than once; 1 rows; first: account_id='a1'",
        ),
        ("customers", [a_customer("c1"), a_customer(None)], "customers.customer_id: customer_id is missing; 1 rows"),  # type: ignore[arg-type]
        ("customers", [a_customer("c1"), a_customer("")], "customers.customer_id: customer_id is blank; 1 rows"),
        ("customers", [], "the table is empty"),
    ],
)
def test_keys_of_customers_and_accounts_must_be_sound(
    home: Home, table: str, rows: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(DataCheckFailed) as caught:
        write_small(home, small_tables(*GOOD) | {table: rows_of(table, *rows)})
    assert said in str(caught.value)


def test_duplicate_customers_are_refused_even_below_one_in_a_hundred(home: Home) -> None:
    customers = [a_customer(f"c{number}") for number in range(500)]
    with pytest.raises(DataCheckFailed, match="customer_id occurs more than once"):
        write_small(home, {"customers": rows_of("customers", *customers, a_customer("c7"))})


def _without_a_column(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return tables | {"transactions": tables["transactions"].drop_columns(["kind"])}


def _with_a_wrong_type(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    rows = tables["transactions"]
    days = pa.array([930101] * rows.num_rows)
    return tables | {"transactions": rows.set_column(rows.column_names.index("posted_at"), "posted_at", days)}


def _with_twins(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return tables | {"accounts": pa.concat_tables([tables["accounts"], tables["accounts"]])}


def _mostly_bad(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return tables | {"transactions": rows_of("transactions", a_transaction(kind="gift"))}


def _without_a_declaration(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return {"customers": tables["customers"]}


@pytest.mark.parametrize("spoil", [_without_a_column, _with_a_wrong_type, _with_twins, _mostly_bad])
def test_a_refusal_leaves_the_former_bank_as_it_was_byte_for_byte(home: Home, spoil: Any) -> None:
    write_small(home, small_tables(*GOOD, a_transaction(0, billing_amt=-1)))
    before = bytes_below(home.root)
    with pytest.raises(DataCheckFailed):
        write_small(home, spoil(small_tables(*GOOD)))
    assert bytes_below(home.root) == before


def test_a_refusal_in_an_empty_home_leaves_it_empty(home: Home) -> None:
    with pytest.raises(DataCheckFailed):
        write_small(home, _with_twins(small_tables(*GOOD)))
    assert not home.root.exists() or bytes_below(home.root) == {}


def test_a_new_bank_replaces_the_former_one_with_its_quarantine(home: Home) -> None:
    write_small(home, small_tables(*GOOD, a_transaction(0, billing_amt=-1)))
    bank = write_small(home, small_tables(*GOOD))
    assert bank.quarantine_files("transactions") == ()


def with_float_amounts(*amounts: float | None) -> dict[str, pa.Table]:
    """The good transactions and one more for each of these amounts, all amounts floating-point numbers."""
    tables = small_tables(*GOOD, *(a_transaction(900 + number) for number in range(len(amounts))))
    rows = tables["transactions"]
    values = pa.array([*rows["billing_amt"].to_pylist()[: len(GOOD)], *amounts], pa.float64())
    at = rows.column_names.index("billing_amt")
    return tables | {"transactions": rows.set_column(at, "billing_amt", values)}


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (float("nan"), "billing_amt is not a whole number"),
        (float("inf"), "billing_amt is not a whole number"),
        (12.5, "billing_amt is not a whole number"),
        (2.0**53 + 2, "billing_amt is not a whole number"),
        (-3.0, "billing_amt is below 0"),
        (None, "billing_amt is missing"),
    ],
)
def test_an_amount_that_is_no_whole_number_is_put_aside_as_it_was_delivered(
    home: Home, amount: float | None, reason: str
) -> None:
    bank = write_small(home, with_float_amounts(2.0**53, amount))
    assert bank.manifest.tables["transactions"].quarantine_reasons == {reason: 1}
    assert bank.read("transactions").schema.field("billing_amt").type == pa.int64()
    assert max(bank.read("transactions")["billing_amt"].to_pylist()) == 2**53
    (path,) = bank.quarantine_files("transactions")
    assert str(pq.read_table(path)["billing_amt"].to_pylist()) == str([amount])


def test_amounts_in_whole_units_with_decimals_are_too_many_to_put_aside(home: Home) -> None:
    with pytest.raises(DataCheckFailed, match=r"billing_amt is not a whole number; 3 rows"):
        write_small(home, with_float_amounts(1.5, 2.5, 3.5))


@pytest.mark.parametrize(
    ("tables", "given", "said"),
    [
        ({}, {"declared_absent": TABLE_NAMES}, "Neither delivered nor declared absent: customers"),
        (small_tables(), {"declared_absent": ()}, "Neither delivered nor declared absent: payments, statements"),
        (small_tables(), {"declared_absent": TABLE_NAMES[1:]}, "at once: accounts, transactions"),
        (small_tables() | {"custmers": pa.table({})}, {}, "No contract table is called custmers"),
        (small_tables(), {"time_zone": "UTC+8"}, "'UTC\\+8' is no time zone"),
        (small_tables(), {"currency": "ABC"}, "'ABC' is no currency"),
        (small_tables(), {"data_until": None}, "data_until is missing"),
    ],
)
def test_words_that_make_no_bank_are_refused(
    home: Home, tables: dict[str, pa.Table], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(MappingInvalid, match=said):
        write_small(home, tables, **given)


def test_columns_of_the_banks_own_are_kept_and_described(home: Home) -> None:
    tier = Column.model_validate(
        {
            "name": "x_tier",
            "type": "string",
            "values": ["gold", "tin"],
            "meaning": "The tier of the customer.",
            "sensitivity": "none",
            "allowed_for": ["service"],
        }
    )
    customers = small_tables()["customers"].append_column("x_tier", pa.array(["tin", "gold"]))
    bank = write_small(home, {"customers": customers}, extra_columns={"customers": (tier,)})
    assert bank.columns("customers")[-1] == tier
    assert bank.read("customers", ["customer_id", "x_tier"]).to_pylist() == [
        {"customer_id": "c1", "x_tier": "tin"},
        {"customer_id": "c2", "x_tier": "gold"},
    ]
    with pytest.raises(DataCheckFailed, match=r"customers\.x_tier: is not a column of the contract"):
        write_small(home, {"customers": customers})


def test_on_the_wall_clock_the_future_begins_at_the_import(home: Home) -> None:
    rows = [*GOOD, a_transaction(0, posted_at=END, recorded_at=END)]
    imported_at = END - timedelta(days=1)
    bank = write_small(home, small_tables(*rows), clock="wall", data_until=None, imported_at=imported_at)
    assert bank.manifest.tables["transactions"].quarantined_rows == 1
    assert bank.manifest.horizon == imported_at


def test_the_bank_tells_which_columns_hold_values(home: Home) -> None:
    bank = write_small(home, small_tables(*GOOD))
    assert bank.has_values("transactions", "billing_amt")
    assert not bank.has_values("transactions", "mcc")
    assert not bank.has_values("calls", "call_id")


# Says that its part is written by making the file of that name, and then waits to be killed.
_WRITER = """
import sys, time
from pathlib import Path
from linewise.bank.writing import bank_in_parts
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from tests.linewise.bank.builders import END, a_transaction, small_tables
said = {"clock": "data_end", "currency": "CNY", "data_until": END}
with bank_in_parts(Home(Path(sys.argv[1])), "killed", **said) as draft:
    draft.write_part(0, small_tables(a_transaction()))
    Path(sys.argv[2]).touch()
    time.sleep(600)
"""


@pytest.mark.parametrize(
    ("stop", "leaves_a_draft"), [(signal.SIGKILL, True), (signal.SIGTERM, True), (signal.SIGINT, False)]
)
def test_a_process_stopped_while_it_writes_leaves_the_former_bank_and_the_next_write_clears_up(
    home: Home, tmp_path: Path, stop: signal.Signals, leaves_a_draft: bool
) -> None:
    write_small(home, small_tables(*GOOD))
    before, is_ready = bytes_below(home.bank_dir), tmp_path / "ready"
    arguments = [sys.executable, "-c", _WRITER, str(home.root), str(is_ready)]
    with subprocess.Popen(arguments, cwd=checkout_dir(), stderr=subprocess.DEVNULL) as writer:
        while not is_ready.exists() and writer.poll() is None:
            time.sleep(0.02)
        assert writer.poll() is None
        write_small(home, small_tables(*GOOD))
        # It still writes: its draft is not another's to remove.
        assert len(list(home.data_dir.glob(".bank.new-*"))) == 1
        writer.send_signal(stop)
        assert writer.wait(timeout=60) != 0
    assert bytes_below(home.bank_dir) == before
    assert bool(list(home.data_dir.glob(".bank.*"))) == leaves_a_draft
    write_small(home, small_tables(*GOOD))
    assert [path.name for path in home.data_dir.iterdir()] == ["bank"]


def test_a_disk_that_fills_up_leaves_the_former_bank_and_says_so(home: Home) -> None:
    write_small(home, small_tables(*GOOD))
    before = bytes_below(home.root)
    with pytest.raises(StorageFull, match=f"The disk of {home.data_dir} is full"):  # noqa: SIM117
        with bank_in_parts(home, "full", clock="data_end", currency="CNY", data_until=END) as draft:
            (folder,) = home.data_dir.glob(".bank.new-*")
            (folder / "transactions").mkdir()
            # The kernel's own full device, in the place of a file of the draft.
            (folder / "transactions" / "part-00000.parquet").symlink_to("/dev/full")
            draft.write_part(0, small_tables(*GOOD))
    assert bytes_below(home.root) == before
