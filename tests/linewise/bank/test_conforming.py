from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from linewise.bank.conforming import conform
from linewise.bank.dictionary import Column, ColumnType, Table

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


def a_table(kind: ColumnType) -> Table:
    common = {"meaning": "A column made for a test.", "sensitivity": "none", "allowed_for": ["audit"]}
    ratio = {"minimum": 0, "maximum": 1} if kind == "ratio" else {}
    columns = [
        Column.model_validate({"name": "odd_id", "type": "string", **common}),
        Column.model_validate({"name": "value", "type": kind, "is_nullable": True, **common, **ratio}),
    ]
    return Table(
        table="odd",
        meaning="A table made for a test.",
        is_required=False,
        key=("odd_id",),
        event_time=None,
        columns=tuple(columns),
    )


def with_value(values: pa.Array) -> pa.Table:
    return pa.table({"value": values, "odd_id": [f"k{n}" for n in range(len(values))]})


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("integer", pa.array([1], pa.int8()), 1),
        ("integer", pa.array([2**63 - 1], pa.uint64()), 2**63 - 1),
        ("integer", pa.array([Decimal(7)], pa.decimal128(38, 0)), 7),
        ("float", pa.array([1], pa.int64()), 1.0),
        ("ratio", pa.array([Decimal("0.05")], pa.decimal128(3, 2)), 0.05),
        ("ratio", pa.array([0.5], pa.float32()), 0.5),
        ("string", pa.array(["a"], pa.large_string()), "a"),
        ("string", pa.array(["a"]).dictionary_encode(), "a"),
        ("timestamp", pa.array([date(2026, 3, 1)]), MIDNIGHT),
        ("timestamp", pa.array([datetime(2026, 3, 1)], pa.timestamp("s")), MIDNIGHT),  # noqa: DTZ001
        ("timestamp", pa.array([MIDNIGHT], pa.timestamp("ns", tz="Asia/Shanghai")), MIDNIGHT),
        ("date", pa.array([date(2026, 3, 1)]), date(2026, 3, 1)),
        ("boolean", pa.array([True]), True),
        *[(kind, pa.nulls(1), None) for kind in ("string", "integer", "ratio", "boolean", "timestamp", "date")],
    ],
)
def test_a_type_is_changed_where_no_value_loses_by_it(kind: ColumnType, values: pa.Array, expected: object) -> None:
    table = a_table(kind)
    conformed, problems = conform(table, table.columns, with_value(values))
    assert problems == []
    assert types_of(conformed.schema) == types_of(table.arrow_schema)
    assert conformed["value"].to_pylist() == [expected]


def types_of(schema: pa.Schema) -> dict[str, pa.DataType]:
    # What was given may still miss values that the contract asks for: the rules find them afterwards.
    return dict(zip(schema.names, schema.types, strict=True))


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("timestamp", pa.array([930101]), "holds int64 where a timestamp is expected"),
        ("timestamp", pa.array(["1993-01-01"]), "holds string where a timestamp is expected"),
        ("timestamp", pa.array([1], pa.timestamp("ns")), "does not fit a timestamp without loss"),
        ("date", pa.array([MIDNIGHT]), "where a date is expected"),
        ("integer", pa.array([1.0]), "holds double where an integer is expected"),
        ("integer", pa.array([True]), "holds bool where an integer is expected"),
        ("integer", pa.array([Decimal("1.00")], pa.decimal128(5, 2)), "where an integer is expected"),
        ("integer", pa.array([2**63], pa.uint64()), "does not fit an integer without loss"),
        ("float", pa.array([2**53 + 1]), "does not fit a float without loss"),
        ("string", pa.array([7]), "holds int64 where a string is expected"),
        ("boolean", pa.array([1]), "where a boolean is expected"),
        ("ratio", pa.array(["0.5"]), "where a ratio is expected"),
    ],
)
def test_a_type_that_could_lose_is_refused_with_its_first_rows(kind: ColumnType, values: pa.Array, said: str) -> None:
    table = a_table(kind)
    _, (problem,) = conform(table, table.columns, with_value(values))
    assert said in problem.what
    assert (problem.table, problem.column, problem.count) == ("odd", "value", 1)
    assert problem.first_rows[0]["odd_id"] == "k0"


def test_integers_that_came_as_floating_point_numbers_stay_so_where_asked() -> None:
    table = a_table("integer")
    given = with_value(pa.array([1.0, float("nan")], pa.float32()))
    conformed, problems = conform(table, table.columns, given, takes_floats=True)
    assert problems == []
    assert conformed["value"].type == pa.float64()
    (problem,) = conform(table, table.columns, given)[1]
    assert "holds float where an integer is expected" in problem.what


def test_columns_missing_twice_and_unknown_are_all_told_at_once() -> None:
    table = a_table("integer")
    given = pa.Table.from_arrays([pa.array(["k"]), pa.array(["k"]), pa.array([1])], ["odd_id", "odd_id", "vlaue"])
    _, problems = conform(table, table.columns, given)
    assert [str(problem) for problem in problems] == [
        "odd.vlaue: is not a column of the contract; 1 rows",
        "odd.odd_id: occurs more than once; 1 rows",
        "odd.value: is missing (an integer is expected); 1 rows",
    ]


def test_an_empty_table_conforms_to_the_contract_types() -> None:
    table = a_table("timestamp")
    conformed, problems = conform(table, table.columns, pa.table({"odd_id": pa.nulls(0), "value": pa.nulls(0)}))
    assert problems == []
    assert types_of(conformed.schema) == types_of(table.arrow_schema)
