from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from linewise.bank.checking import check_bank
from linewise.bank.dictionary import TABLE_NAMES, load_dictionary
from linewise.bank.draft import BankDraft
from linewise.bank.tables import open_bank
from linewise.bank.writing import bank_in_parts
from linewise.core.errors import DataCheckFailed, LinewiseError, MappingInvalid, UsageError
from linewise.core.home import Home
from tests.linewise.bank.builders import (
    END,
    a_customer,
    a_transaction,
    an_account,
    an_exchange_rate,
    bytes_below,
    rows_of,
    small_tables,
    write_small,
)

Tables = dict[str, pa.Table]

drafted: Callable[..., AbstractContextManager[BankDraft]] = partial(
    bank_in_parts, name="parts", clock="data_end", currency="CNY", data_until=END, imported_at=END
)


def part_of(*customers: int, **replaced: pa.Table) -> Tables:
    """Customers of these numbers, each with an account and 20 postings."""
    tables = {
        "customers": rows_of("customers", *(a_customer(f"c{one}") for one in customers)),
        "accounts": rows_of("accounts", *(an_account(f"a{one}", f"c{one}") for one in customers)),
        "transactions": rows_of(
            "transactions",
            *(a_transaction(100 * one + number, f"c{one}") for one in customers for number in range(20)),
        ),
    }
    return tables | replaced


def encoded(tables: Tables) -> Tables:
    """The tables with every text dictionary-encoded but the key of the postings."""
    made = {}
    for name, table in tables.items():
        columns = {
            field.name: table[field.name].dictionary_encode()
            if field.type == pa.string() and field.name != "transaction_id"
            else table[field.name]
            for field in table.schema
        }
        made[name] = pa.table(columns)
    return made


def refused(home: Home, *parts: Tables) -> str:
    """What the error says when these parts are written, first to last."""
    with pytest.raises(DataCheckFailed) as caught, drafted(home) as draft:
        for number, tables in enumerate(parts):
            draft.write_part(number, tables)
    assert bytes_below(home.root) == {}
    return str(caught.value)


def test_the_parts_read_in_their_order_are_the_bank_written_at_once(home: Home, tmp_path: Path) -> None:
    with drafted(home) as draft:
        draft.write_part(0, part_of(1, 2))
        draft.write_part(1, part_of(3))
        draft.write_part(2, part_of(4, 5))
    bank = open_bank(home)
    whole = write_small(Home(tmp_path / "whole"), part_of(1, 2, 3, 4, 5))
    for name in TABLE_NAMES:
        assert bank.read(name) == whole.read(name)
    assert bank.manifest.tables["transactions"].rows == 100
    assert bank.manifest.tables["transactions"].filled_columns == whole.manifest.tables["transactions"].filled_columns
    assert [path.name for path in bank.files("accounts")] == [f"part-{number:05}.parquet" for number in range(3)]
    assert check_bank(home).findings() == []


def test_a_table_that_no_part_has_is_delivered_without_rows_unless_declared_absent(home: Home) -> None:
    with drafted(home, declared_absent=("calls",)) as draft:
        draft.write_part(7, part_of(1))
    bank = open_bank(home)
    assert bank.has("cases")
    assert not bank.has("calls")
    for name in TABLE_NAMES:
        assert bank.read(name).schema == load_dictionary()[name].arrow_schema
    assert [path.name for path in bank.files("cases")] == ["part-00000.parquet"]
    assert [path.name for path in bank.files("customers")] == ["part-00007.parquet"]


@pytest.mark.parametrize("is_trusted", [True, False])
def test_neither_the_order_of_the_calls_nor_threads_change_a_byte(tmp_path: Path, is_trusted: bool) -> None:
    parts = [encoded(part_of(2 * number + 10, 2 * number + 11)) for number in range(6)]
    homes = [Home(tmp_path / name) for name in ("forward", "backward", "threads")]

    def write(draft: BankDraft, number: int) -> None:
        draft.write_part(number, parts[number], is_trusted=is_trusted)

    with drafted(homes[0]) as draft:
        for number in range(6):
            write(draft, number)
    with drafted(homes[1]) as draft:
        for number in reversed(range(6)):
            write(draft, number)
    with drafted(homes[2]) as draft, ThreadPoolExecutor(2) as threads:
        list(threads.map(partial(write, draft), range(6)))
    first, *others = (bytes_below(home.bank_dir) for home in homes)
    assert len(first) == 3 * 6 + (len(TABLE_NAMES) - 3) + 1
    assert all(other == first for other in others)


def test_trusted_rows_with_dictionaries_read_back_as_checked_rows_do(home: Home, tmp_path: Path) -> None:
    with drafted(home) as draft:
        draft.write_part(0, encoded(part_of(1, 2)), is_trusted=True)
    bank, whole = open_bank(home), write_small(Home(tmp_path / "whole"), part_of(1, 2))
    for name in TABLE_NAMES:
        assert bank.read(name) == whole.read(name)
    facts, plain = bank.manifest.tables["transactions"], whole.manifest.tables["transactions"]
    assert (facts.rows, facts.filled_columns) == (plain.rows, plain.filled_columns)
    assert check_bank(home).findings() == []


def test_trusted_rows_of_a_wrong_type_are_refused_all_the_same(home: Home) -> None:
    tables = part_of(1, transactions=part_of(1)["transactions"].drop_columns(["kind"]))
    with pytest.raises(DataCheckFailed, match=r"transactions\.kind: is missing"), drafted(home) as draft:
        draft.write_part(0, encoded(tables), is_trusted=True)
    assert bytes_below(home.root) == {}


def test_a_customer_in_two_parts_is_refused(home: Home) -> None:
    told = refused(home, part_of(1, 2), part_of(2, 3))
    assert "customers.customer_id: customer_id occurs more than once; 1 rows; first: customer_id='c2'" in told
    assert "accounts.account_id: account_id occurs more than once; 1 rows; first: account_id='a2'" in told


def test_an_account_of_two_customers_in_two_parts_is_refused(home: Home) -> None:
    told = refused(home, part_of(1), part_of(2, accounts=rows_of("accounts", an_account("a1", "c2"))))
    assert "accounts.account_id: account_id occurs more than once; 1 rows; first: account_id='a1'" in told


def test_customers_that_come_before_those_of_an_earlier_part_are_refused_even_if_trusted(home: Home) -> None:
    with pytest.raises(DataCheckFailed, match="part 1 begins with 'c1', which does not come after 'c3'"):  # noqa: SIM117
        with drafted(home) as draft:
            draft.write_part(0, part_of(2, 3), is_trusted=True)
            draft.write_part(1, part_of(1), is_trusted=True)
    assert bytes_below(home.root) == {}


def test_an_event_of_another_parts_customer_is_put_aside_as_an_orphan(home: Home) -> None:
    stray = a_transaction(5, "c1")
    rows = pa.concat_tables([part_of(*range(2, 9))["transactions"], rows_of("transactions", stray)])
    with drafted(home) as draft:
        draft.write_part(0, part_of(1, transactions=rows_of("transactions")))
        draft.write_part(1, part_of(*range(2, 9), transactions=rows))
    bank = open_bank(home)
    facts = bank.manifest.tables["transactions"]
    assert facts.quarantine_reasons == {"account_id is not in accounts": 1, "customer_id is not in customers": 1}
    assert [path.name for path in bank.quarantine_files("transactions")] == ["part-00001.parquet"]


@pytest.mark.parametrize(("bad", "is_refused"), [(1, False), (2, True)])
def test_one_row_in_a_hundred_of_all_parts_may_be_bad_and_not_one_more(home: Home, bad: int, is_refused: bool) -> None:
    # 5% or 10% of the first part, 1% or 2% of both.
    spoiled = [a_transaction(100 + number, "c1", billing_amt=-1 if number < bad else 1) for number in range(20)]
    parts = [part_of(1, transactions=rows_of("transactions", *spoiled)), part_of(2, 3, 4, 5)]
    if is_refused:
        told = refused(home, *parts)
        assert "transactions.*: 2 of 100 rows are bad, more than the 1% that is put aside" in told
        assert "transactions.billing_amt: billing_amt is below 0; 2 rows" in told
        return
    with drafted(home) as draft:
        for number, tables in enumerate(parts):
            draft.write_part(number, tables)
    assert open_bank(home).manifest.tables["transactions"].quarantined_rows == 1


FACTS = rows_of("bank_facts", an_exchange_rate("usd", 7.1), an_exchange_rate("usd", 7.2, as_of=END, recorded_at=END))
LATE = rows_of("bank_facts", an_exchange_rate("usd", 7.2, as_of=END, recorded_at=END))


def with_dollars(*customers: int, **replaced: pa.Table) -> Tables:
    """Customers of these numbers, the first posting of the first of them in dollars."""
    tables = part_of(*customers)
    first, *rest = tables["transactions"].to_pylist()
    return tables | {"transactions": rows_of("transactions", first | {"currency": "USD"}, *rest)} | replaced


def test_every_part_is_judged_by_the_rates_that_were_given_before(home: Home) -> None:
    with drafted(home, rate_facts=FACTS) as draft:
        draft.write_part(0, with_dollars(1))
        draft.write_part(1, with_dollars(2, bank_facts=FACTS))
        draft.write_part(2, with_dollars(3))
    bank = open_bank(home)
    assert bank.read("transactions")["currency"].to_pylist().count("USD") == 3
    assert bank.manifest.tables["transactions"].quarantined_rows == 0
    assert check_bank(home).findings() == []


def test_the_rates_of_a_bank_in_one_part_are_found_among_its_facts(home: Home) -> None:
    with drafted(home) as draft:
        draft.write_part(0, with_dollars(1, bank_facts=FACTS))
    assert open_bank(home).manifest.tables["transactions"].quarantined_rows == 0
    assert check_bank(home).findings() == []


@pytest.mark.parametrize("facts", [{}, {"bank_facts": LATE}])
def test_money_without_a_rate_known_by_then_is_put_aside_with_the_reason(home: Home, facts: Tables) -> None:
    with drafted(home) as draft:
        draft.write_part(0, with_dollars(1, 2, 3, 4, 5) | facts)
    assert open_bank(home).manifest.tables["transactions"].quarantine_reasons == {
        "currency has no exchange rate that was known when the row was recorded": 1
    }
    assert check_bank(home).findings() == []


@pytest.mark.parametrize("given", [None, LATE])
def test_a_part_that_was_judged_by_other_rates_than_the_banks_is_refused(home: Home, given: pa.Table | None) -> None:
    with pytest.raises(UsageError, match=r"Part 0 was judged by .* all of the bank's exchange rates as rate_facts"):  # noqa: SIM117
        with drafted(home, rate_facts=given) as draft:
            draft.write_part(0, part_of(1))
            draft.write_part(1, part_of(2, bank_facts=FACTS))
    assert bytes_below(home.root) == {}


@pytest.mark.parametrize("is_given", [True, False])
def test_a_wrong_rate_refuses_the_bank(home: Home, is_given: bool) -> None:
    wrong = rows_of("bank_facts", an_exchange_rate("usd", -7.1))
    with (
        pytest.raises(DataCheckFailed, match=r"bank_facts\.value: value is an exchange rate and not above 0; 1 rows"),
        drafted(home, rate_facts=wrong if is_given else None) as draft,
    ):
        draft.write_part(0, part_of(1, bank_facts=wrong))
    assert bytes_below(home.root) == {}


def test_rates_of_wrong_columns_are_refused(home: Home) -> None:
    with (
        pytest.raises(DataCheckFailed, match=r"bank_facts\.as_of: is missing"),
        drafted(home, rate_facts=FACTS.drop_columns(["as_of"])),
    ):
        pass


def test_what_is_wrong_in_several_parts_is_told_once_with_its_sum(home: Home) -> None:
    nameless = [part_of(one, customers=rows_of("customers", a_customer(f"c{one}"), a_customer(""))) for one in (1, 2)]
    assert "customers.customer_id: customer_id is blank; 2 rows" in refused(home, *nameless)


def test_a_bank_without_customers_is_refused(home: Home) -> None:
    assert "the table is empty" in refused(home, {"customers": rows_of("customers")})
    assert "the table is empty" in refused(home)


WRONG_CALLS: list[tuple[Callable[[BankDraft], None], type[LinewiseError], str]] = [
    (lambda draft: draft.write_part(0, part_of(2)), UsageError, "Part 0 was written before"),
    (lambda draft: draft.write_part(-1, part_of(2)), UsageError, "from 0 to 99,999"),
    (lambda draft: draft.write_part(100_000, part_of(2)), UsageError, "from 0 to 99,999"),
    (lambda draft: draft.write_part(1, {"custmers": pa.table({})}), MappingInvalid, "called custmers"),
    (lambda draft: draft.write_part(1, {"calls": rows_of("calls")}), MappingInvalid, "delivers is called calls"),
]


@pytest.mark.parametrize(("call", "kind", "said"), WRONG_CALLS)
def test_a_wrong_call_is_refused_and_the_former_bank_stays(
    home: Home, call: Callable[[BankDraft], None], kind: type[LinewiseError], said: str
) -> None:
    write_small(home, small_tables())
    before = bytes_below(home.root)
    with pytest.raises(kind, match=said), drafted(home, declared_absent=("calls",)) as draft:
        draft.write_part(0, part_of(1))
        call(draft)
    assert bytes_below(home.root) == before


def test_a_part_that_failed_cannot_be_left_out_in_silence(home: Home) -> None:
    with pytest.raises(UsageError, match="Part 1 was begun and not written to its end"):  # noqa: SIM117
        with drafted(home) as draft:
            draft.write_part(0, part_of(1))
            with pytest.raises(DataCheckFailed):
                draft.write_part(1, {"customers": pa.table({"customer_id": ["c2"]})})
    assert bytes_below(home.root) == {}
