from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from linewise.bank.checking import check_bank
from linewise.bank.dictionary import load_dictionary
from linewise.bank.rates import bank_rates, in_home_currency
from linewise.bank.sieve import REASON
from linewise.bank.tables import Bank
from linewise.bank.writing import write_bank
from linewise.core.home import Home
from linewise.simulation.chance import Chance
from linewise.simulation.dirt import soiled
from linewise.simulation.dirt.faults import kind_of
from linewise.simulation.dirt.odd import BUSY_COUNT, UNKNOWN_CATEGORY, UNKNOWN_MCC
from tests.linewise.simulation.conftest import DATA_UNTIL, RATE_FACTS, SURROUNDINGS

NEW_YORK = "America/New_York"
TRANSACTIONS = load_dictionary()["transactions"]
BAD_KINDS = sorted({kind_of(rule) for rule in SURROUNDINGS.rules(TRANSACTIONS)})
VALID_KINDS = ["late", "wrong", "reversal", "unknown", "second", "clock_change", "busy"]


@pytest.fixture(scope="module")
def base(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The customers, accounts and transactions of the small bank, and its rates."""
    facts = RATE_FACTS.cast(tables["bank_facts"].schema)
    return {name: tables[name] for name in ("customers", "accounts", "transactions")} | {"bank_facts": facts}


@pytest.fixture(scope="module")
def dirty(base: dict[str, pa.Table]) -> tuple[dict[str, pa.Table], pa.Table]:
    """The same soiled, as of a bank in a zone that changes its clocks."""
    return soiled(base, Chance(1), replace(SURROUNDINGS, time_zone=NEW_YORK))


@pytest.fixture(scope="module")
def bank(dirty: tuple[dict[str, pa.Table], pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """The dirty bank, let in by the real door."""
    absent = [name for name in load_dictionary() if name not in dirty[0]]
    return write_bank(
        Home(tmp_path_factory.mktemp("home")),
        "dirty",
        dirty[0],
        clock="data_end",
        currency="CNY",
        data_until=DATA_UNTIL,
        time_zone=NEW_YORK,
        declared_absent=absent,
    )


@pytest.fixture(scope="module")
def kept(bank: Bank) -> pa.Table:
    return bank.read("transactions")


@pytest.fixture(scope="module")
def put_aside(bank: Bank) -> pa.Table:
    (path,) = bank.quarantine_files("transactions")
    return pq.read_table(path)


@pytest.fixture(scope="module")
def labels(dirty: tuple[dict[str, pa.Table], pa.Table]) -> pa.Table:
    return dirty[1].filter(pc.field("table") == "transactions")


def of_kind(labels: pa.Table, kind: str) -> pa.Table:
    return labels.filter(pc.ends_with(labels["rule_id"], f".{kind}"))


def rows_labelled(rows: pa.Table, labels: pa.Table, kind: str) -> pa.Table:
    return rows.filter(pc.is_in(rows["transaction_id"], of_kind(labels, kind)["key"].combine_chunks()))


@pytest.mark.parametrize("kind", BAD_KINDS)
def test_every_kind_of_bad_row_is_put_aside_with_its_reason(
    kept: pa.Table, put_aside: pa.Table, labels: pa.Table, kind: str
) -> None:
    told = of_kind(labels, kind)
    assert told.num_rows > 0
    assert told["is_bad"].to_pylist() == [True] * told.num_rows
    reasons = Counter(zip(put_aside["transaction_id"].to_pylist(), put_aside[REASON].to_pylist(), strict=True))
    found = [
        # Rows whose key is missing have one key between them, and the door may call them twins of each other.
        any(key == at and reason in why for at, why in reasons)
        for key, reason in zip(told["key"].to_pylist(), told["reason"].to_pylist(), strict=True)
    ]
    assert all(found)
    if kind != "duplicate":
        assert rows_labelled(kept, labels, kind).num_rows == 0


@pytest.mark.parametrize("kind", VALID_KINDS)
def test_every_kind_of_odd_row_is_kept(kept: pa.Table, put_aside: pa.Table, labels: pa.Table, kind: str) -> None:
    told = of_kind(labels, kind)
    assert told.num_rows > 0
    assert told["is_bad"].to_pylist() == [False] * told.num_rows
    assert sorted(rows_labelled(kept, labels, kind)["transaction_id"].to_pylist()) == sorted(told["key"].to_pylist())
    # But for a late row, a later copy of which may have come too: that one is a duplicate.
    if kind != "late":
        assert rows_labelled(put_aside, labels, kind).num_rows == 0


def test_nothing_that_was_delivered_is_lost(
    dirty: tuple[dict[str, pa.Table], pa.Table], bank: Bank, kept: pa.Table, put_aside: pa.Table
) -> None:
    delivered = dirty[0]["transactions"]
    assert delivered.num_rows == kept.num_rows + put_aside.num_rows
    keys = Counter(delivered["transaction_id"].to_pylist())
    assert keys == Counter(kept["transaction_id"].to_pylist()) + Counter(put_aside["transaction_id"].to_pylist())
    assert bank.manifest.tables["transactions"].quarantined_rows == put_aside.num_rows


def test_an_amount_that_is_no_number_stands_in_the_quarantine_as_it_came(put_aside: pa.Table, labels: pa.Table) -> None:
    rows = put_aside.filter(pc.equal(put_aside[REASON], "billing_amt is not a whole number"))
    assert rows.num_rows == of_kind(labels, "number").num_rows
    assert {"nan", "inf"} == {str(amount) for amount in rows["billing_amt"].to_pylist()}


def test_money_in_the_second_currency_is_converted_and_taken_back(bank: Bank, kept: pa.Table, labels: pa.Table) -> None:
    rows = rows_labelled(kept, labels, "second")
    assert set(rows["currency"].to_pylist()) == {"USD"}
    at_home = in_home_currency(rows, bank_rates(bank), "CNY")
    ratio = pc.divide(at_home["billing_amt"].cast(pa.float64()), rows["billing_amt"].cast(pa.float64())).to_numpy()
    large = rows["billing_amt"].to_numpy() > 1000
    assert np.all((ratio[large] > 6.9) & (ratio[large] < 7.3))
    assert owed(at_home) == 0


@pytest.mark.parametrize("kind", ["unknown", "second", "clock_change", "busy"])
def test_whatever_is_bought_oddly_is_taken_back_to_the_last_unit(kept: pa.Table, labels: pa.Table, kind: str) -> None:
    assert owed(rows_labelled(kept, labels, kind)) == 0


def owed(rows: pa.Table) -> int:
    sign = pc.if_else(pc.equal(rows["direction"], "debit"), 1, -1)
    return int(pc.sum(pc.multiply(sign, rows["billing_amt"])).as_py())


def test_unknown_words_are_those_that_no_list_has(kept: pa.Table, labels: pa.Table) -> None:
    rows = rows_labelled(kept, labels, "unknown")
    assert {UNKNOWN_CATEGORY} < set(rows["category"].to_pylist())
    assert {UNKNOWN_MCC} < set(rows["mcc"].to_pylist())


def test_a_busy_customer_has_ten_thousand_transactions_on_one_day_of_the_bank(kept: pa.Table, labels: pa.Table) -> None:
    rows = rows_labelled(kept, labels, "busy")
    days = {moment.astimezone(ZoneInfo(NEW_YORK)).date() for moment in rows["posted_at"].to_pylist()}
    assert set(rows["customer_id"].to_pylist()) == {"C00000017"}
    assert (rows.num_rows, len(days)) == (BUSY_COUNT, 1)


def test_what_is_bought_before_the_clocks_go_back_comes_back_at_the_same_local_time(
    kept: pa.Table, labels: pa.Table
) -> None:
    back = datetime(2025, 11, 2, 6, tzinfo=UTC)
    rows = rows_labelled(kept, labels, "clock_change")
    found = Counter(zip(rows["kind"].to_pylist(), rows["posted_at"].to_pylist(), strict=True))
    bought = found["purchase", back - timedelta(minutes=30)]
    assert bought == found["refund", back + timedelta(minutes=30)] > 0
    # A list: Python holds the two half past ones of one zone for the same.
    local = [moment.astimezone(ZoneInfo(NEW_YORK)) for _, moment in found]
    assert {f"{moment:%m-%d %H:%M %Z}" for moment in local} >= {
        "11-02 01:30 EDT",
        "11-02 01:30 EST",
        "03-08 01:30 EST",
        "03-08 03:30 EDT",
    }


def test_a_bank_whose_zone_keeps_its_clocks_has_no_such_rows(base: dict[str, pa.Table]) -> None:
    _, labels = soiled(base, Chance(1), SURROUNDINGS)
    assert of_kind(labels, "clock_change").num_rows == 0


def test_the_check_counts_the_oddities_that_are_labelled(
    dirty: tuple[dict[str, pa.Table], pa.Table], bank: Bank, labels: pa.Table
) -> None:
    counted = {one.oddity_id: one.rows for one in check_bank(bank.home).oddities}
    unknown = Counter(of_kind(labels, "unknown")["rule_id"].to_pylist())
    assert counted["transactions.category.unknown"] == unknown["transactions.category.unknown"]
    assert counted["transactions.mcc.unknown"] == unknown["transactions.mcc.unknown"]
    assert counted["transactions.currency.foreign"] == of_kind(labels, "second").num_rows
    assert counted["customers.customer_id.silent"] == of_kind(dirty[1], "silent").num_rows
    assert counted["transactions.posted_at.busiest"] >= BUSY_COUNT
    # Both the purchases before the clocks go back and their refunds lie in the hour that occurs twice.
    back = [key for key in of_kind(labels, "clock_change")["key"].to_pylist() if key.endswith(("K0", "K0R"))]
    assert counted["transactions.posted_at.twice"] >= len(back) > 0


def test_customers_without_a_transaction_are_labelled_and_kept(
    base: dict[str, pa.Table], dirty: tuple[dict[str, pa.Table], pa.Table], bank: Bank
) -> None:
    silent = of_kind(dirty[1], "silent")["key"].to_pylist()
    seen = set(base["transactions"]["customer_id"].to_pylist())
    everyone = bank.read("customers")["customer_id"].to_pylist()
    assert silent == [customer for customer in everyone if customer not in seen]
    assert len(silent) > 10
