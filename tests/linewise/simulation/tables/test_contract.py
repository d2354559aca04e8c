"""All tables together, of real lives and through the real door."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from linewise.bank.dictionary import TABLE_NAMES, arrow_schema, load_dictionary
from linewise.bank.tables import open_bank
from linewise.bank.writing import bank_in_parts, write_bank
from linewise.core.home import Home
from linewise.simulation.lives.record import Lives
from linewise.simulation.tables import EXTRA_COLUMNS, bank_fact_table, contract_tables, count_bank
from linewise.simulation.tables.chunk import Chunk
from tests.linewise.simulation.tables.builders import LivedBank

NAMES = [name for name in TABLE_NAMES if name != "bank_facts"]


def _some(lives: Lives, first: int, last: int) -> Lives:
    """The lives of the persons from first to last, the last excluded."""

    def cut(rows: np.ndarray) -> np.ndarray:
        rows = rows[(rows["person"] >= first) & (rows["person"] < last)].copy()
        rows["person"] -= first
        return rows

    return Lives(lives.people[first:last], lives.months[first:last], cut(lives.postings), cut(lives.events))


def _plain(table: pa.Table) -> pa.Table:
    columns = [one.cast(pa.string()) if pa.types.is_dictionary(one.type) else one for one in table.columns]
    return pa.table(columns, names=table.column_names)


def test_no_row_is_put_aside_at_the_banks_door(bank: LivedBank, home: Home) -> None:
    facts = bank_fact_table(bank.world, count_bank(Chunk(bank.world, bank.lives)))
    calendar = bank.world.calendar
    written = write_bank(
        home,
        bank.world.bank_name,
        {**bank.tables, "bank_facts": facts},
        clock="data_end",
        currency=calendar.currency,
        data_until=calendar.data_until,
        extra_columns=dict(EXTRA_COLUMNS),
    )
    assert {name: one.quarantine_reasons for name, one in written.manifest.tables.items() if one.quarantined_rows} == {}
    assert all(one.rows for one in written.manifest.tables.values())


def test_the_trusted_door_writes_the_very_same_rows(bank: LivedBank, home: Home) -> None:
    facts = bank_fact_table(bank.world, count_bank(Chunk(bank.world, bank.lives)))
    calendar = bank.world.calendar
    with bank_in_parts(
        home,
        bank.world.bank_name,
        clock="data_end",
        currency=calendar.currency,
        data_until=calendar.data_until,
        extra_columns=dict(EXTRA_COLUMNS),
    ) as draft:
        draft.write_part(0, {**bank.tables, "bank_facts": facts}, is_trusted=True)
    written = open_bank(home)
    for name in NAMES:
        schema = arrow_schema((*load_dictionary()[name].columns, *EXTRA_COLUMNS.get(name, ())))
        assert written.read(name).schema.equals(schema), name
        assert written.read(name).equals(_plain(bank.tables[name]).cast(schema)), name


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_sorted_by_customer_event_time_and_key_and_no_key_occurs_twice(bank: LivedBank, name: str) -> None:
    table = load_dictionary()[name]
    names = dict.fromkeys(["customer_id", *([table.event_time] if table.event_time else []), *table.key])
    keys = list(zip(*(bank.tables[name][one].to_pylist() for one in names), strict=True))
    assert keys
    assert all(one < other for one, other in pairwise(keys))


@pytest.mark.parametrize("name", NAMES)
def test_every_array_is_sound(bank: LivedBank, name: str) -> None:
    bank.tables[name].validate(full=True)
    for column in bank.tables[name].columns:
        if pa.types.is_dictionary(column.type):
            words = column.chunk(0).dictionary
            assert len(pc.unique(words)) == len(words)


@pytest.mark.parametrize("name", NAMES)
def test_a_customers_rows_are_the_same_whoever_else_is_in_the_chunk(bank: LivedBank, name: str) -> None:
    tables = [contract_tables(Chunk(bank.world, _some(bank.lives, *ends)))[name] for ends in ((0, 120), (120, 300))]
    assert pa.concat_tables([_plain(table) for table in tables]).equals(_plain(bank.tables[name]))


def test_counts_of_the_bank_are_the_same_however_it_is_cut(bank: LivedBank) -> None:
    whole = count_bank(Chunk(bank.world, bank.lives))
    parts = [count_bank(Chunk(bank.world, _some(bank.lives, *ends))) for ends in ((0, 120), (120, 300))]
    assert parts[0] + parts[1] == whole


def test_nothing_is_recorded_after_the_end_of_the_data(bank: LivedBank) -> None:
    until = bank.world.calendar.data_until
    for name in NAMES:
        if "recorded_at" in bank.tables[name].column_names:
            assert pc.max(bank.tables[name]["recorded_at"]).as_py() <= until, name


def test_a_bank_of_nobody_has_all_tables_without_rows(bank: LivedBank) -> None:
    tables = contract_tables(Chunk(bank.world, _some(bank.lives, 0, 0)))
    assert {name: table.num_rows for name, table in tables.items()} == dict.fromkeys(NAMES, 0)
