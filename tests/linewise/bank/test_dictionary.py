from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from linewise.bank.dictionary import TABLE_NAMES, Column, Table, load_dictionary

COLUMNS = [(table, column) for table in load_dictionary().values() for column in table.columns]
PLAIN = {"name": "plain", "meaning": "A column made for a test.", "sensitivity": "none", "allowed_for": ["audit"]}


def test_the_dictionary_holds_every_contract_table_and_customers_alone_are_required() -> None:
    assert tuple(load_dictionary()) == TABLE_NAMES
    assert len(COLUMNS) == 205
    assert [table.name for table in load_dictionary().values() if table.is_required] == ["customers"]


def test_every_event_table_tells_when_it_happened_and_when_it_was_recorded() -> None:
    for table in load_dictionary().values():
        if table.is_event:
            assert {table.column(str(table.event_time)).type, table.column("recorded_at").type} == {"timestamp"}
            assert not table.column("recorded_at").is_nullable
    assert [name for name, table in load_dictionary().items() if not table.is_event] == [
        "customers",
        "accounts",
        "protected_attributes",
    ]


CONVENTIONS: dict[str, Callable[[Table, Column], bool]] = {
    "money says so in its name": lambda _, c: (c.unit == "minor_units") == c.name.endswith("_amt"),
    "money is a whole number": lambda _, c: c.unit != "minor_units" or c.type == "integer",
    "money stands beside its currency": lambda t, c: (
        c.unit != "minor_units" or any(other.name == "currency" for other in t.columns)
    ),
    "a ratio says so in its name": lambda _, c: (
        (c.type == "ratio") == (c.name.endswith("_ratio") or c.name == "pscore")
    ),
    "yes or no begins with is_": lambda _, c: (c.type == "boolean") == c.name.startswith("is_"),
    "months say so in their name": lambda _, c: (c.unit == "months") == c.name.endswith("_months"),
    "a moment is a timestamp": lambda _, c: c.type == "timestamp" or not c.name.endswith(("_at", "_from", "_until")),
    "a key is never missing": lambda t, c: c.name not in t.key or not c.is_nullable,
    "its meaning is a sentence": lambda _, c: c.meaning.endswith(".") and len(c.meaning.split()) >= 3,
}


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_column_follows_the_house_convention(convention: str) -> None:
    holds = CONVENTIONS[convention]
    assert [f"{table.name}.{column.name}" for table, column in COLUMNS if not holds(table, column)] == []


def test_a_reference_names_a_table_with_that_key() -> None:
    for table, column in COLUMNS:
        if column.refers_to is not None:
            assert load_dictionary()[column.refers_to].key == (column.name,)
        if column.name == "customer_id" and table.name != "customers":
            assert column.refers_to == "customers"


def test_protected_attributes_may_be_read_by_the_fairness_judge_alone() -> None:
    protected = [column for table, column in COLUMNS if table.name == "protected_attributes"]
    assert {column.sensitivity for column in protected} == {"protected"}
    assert {column.allowed_for for column in protected} == {("fairness", "audit")}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"type": "text"}, "Input should be"),
        ({"type": "ratio"}, "states its minimum"),
        ({"type": "string", "minimum": 0}, "has no minimum"),
        ({"type": "integer", "values": ["a"]}, "list of values"),
        ({"type": "integer", "not_before": "other_at"}, "no place in time"),
        ({"type": "string", "is_future_allowed": True}, "no place in time"),
        ({"type": "string", "sensitivity": "protected", "allowed_for": ["risk"]}, "fairness and audit"),
        ({"type": "string", "allowed_for": []}, "at least 1"),
        ({"type": "string", "allowed_for": ["gossip"]}, "Input should be"),
        ({"type": "string", "name": "No Good"}, "pattern"),
        ({"type": "string", "is_nullable": "yes"}, "valid boolean"),
        ({"type": "string", "meaning": "?"}, "at least 10"),
    ],
)
def test_a_column_that_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Column.model_validate({**PLAIN, **given})


def test_a_table_that_names_a_column_it_has_not_is_refused() -> None:
    odd = {"table": "odd", "meaning": "A table for this test.", "is_required": False, "event_time": None}
    with pytest.raises(ValidationError, match="no column is called other"):
        Table.model_validate({**odd, "key": ["other"], "columns": [{**PLAIN, "type": "string"}]})


def test_types_in_parquet_are_the_contracts() -> None:
    schema = load_dictionary()["accounts"].arrow_schema
    assert schema.field("opened_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("permanent_limit_amt").type == pa.int64()
    assert schema.field("minimum_payment_ratio").type == pa.float64()
    assert not schema.field("opened_at").nullable
    assert schema.field("closed_at").nullable
    assert load_dictionary()["customers"].arrow_schema.field("birth_date").type == pa.date32()
