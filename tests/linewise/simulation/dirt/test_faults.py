from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from linewise.bank.database import utc_database
from linewise.bank.dictionary import Table, load_dictionary
from linewise.bank.rules import Rule
from linewise.bank.sieve import REASON, Sieve
from linewise.simulation.dirt.faults import HIGHEST_SIZE, broken, kind_of, promises_broken
from linewise.simulation.dirt.surroundings import floating_of
from tests.linewise.simulation.conftest import DATA_UNTIL, SURROUNDINGS

EVENTS = [
    name for name, table in load_dictionary().items() if table.is_event and "customer_id" in table.arrow_schema.names
]


def rules(table: Table) -> tuple[Rule, ...]:
    return SURROUNDINGS.rules(table)


def as_floats(rows: pa.Table, table: Table) -> pa.Table:
    """The rows as a dirty bank delivers them."""
    for name in floating_of(table):
        rows = rows.set_column(rows.column_names.index(name), name, rows[name].cast(pa.float64()))
    return rows


def one_bad_row_a_rule(table: Table, good: pa.Table, size: int) -> tuple[pa.Table, list[set[str]]]:
    """A copy of the good row broken by each rule, under a key of its own, and the reasons it should have."""
    reason_of = {rule.rule_id: rule.reason for rule in rules(table)}
    bad, expected = [], []
    for number, rule in enumerate(rules(table)):
        key = good[table.key[0]] if kind_of(rule) == "duplicate" else pa.array([f"new{number}"])
        copy = good.set_column(good.column_names.index(table.key[0]), table.key[0], key)
        bad.append(broken(rule, table, copy, np.array([size]), until=DATA_UNTIL))
        told = promises_broken(rule, table, bad[-1])
        expected.append({reason_of[rule_id] for rule_id, is_broken in told if is_broken[0].as_py()})
    return pa.concat_tables(bad), expected


@pytest.mark.parametrize("size", [1, HIGHEST_SIZE])
@pytest.mark.parametrize("name", EVENTS)
def test_every_rule_is_broken_and_the_door_tells_just_what_was_foreseen(
    tables: Mapping[str, pa.Table], name: str, size: int
) -> None:
    table, good = load_dictionary()[name], as_floats(tables[name].slice(0, 1), load_dictionary()[name])
    bad, expected = one_bad_row_a_rule(table, good, size)
    with utc_database() as database:
        for parent in ("customers", "accounts"):
            database.register(parent, tables[parent])
        database.register("given", pa.concat_tables([good, bad]))
        found = Sieve(database, "given", table, table.columns, rules(table), floating_of(table))
        assert found.good().equals(good.cast(table.arrow_schema))
        told = found.bad()[REASON].to_pylist()
    assert sorted(told) == sorted(
        "; ".join(r.reason for r in rules(table) if r.reason in reasons) for reasons in expected
    )


@pytest.mark.parametrize("name", EVENTS)
def test_a_row_breaks_one_rule_alone_unless_it_is_blank_or_lies_in_the_future(
    tables: Mapping[str, pa.Table], name: str
) -> None:
    table = load_dictionary()[name]
    _, expected = one_bad_row_a_rule(table, as_floats(tables[name].slice(0, 1), table), 7)
    more_than_one = [rule for rule, reasons in zip(rules(table), expected, strict=True) if len(reasons) > 1]
    assert {kind_of(rule) for rule in more_than_one} <= {"blank", "future"}
    assert all(rule.reason in reasons for rule, reasons in zip(rules(table), expected, strict=True))


def test_a_duplicate_is_recorded_later_but_never_after_the_end_of_the_data(tables: Mapping[str, pa.Table]) -> None:
    table = load_dictionary()["transactions"]
    rule = rules(table)[-1]
    rows = tables["transactions"]
    again = broken(rule, table, rows, np.full(rows.num_rows, HIGHEST_SIZE), until=DATA_UNTIL)
    assert pc.all(pc.greater_equal(again["recorded_at"], rows["recorded_at"])).as_py()
    assert pc.max(again["recorded_at"]).as_py() == DATA_UNTIL
    assert again.drop_columns("recorded_at").equals(rows.drop_columns("recorded_at"))
