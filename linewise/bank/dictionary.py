"""The data dictionary: every contract table and column, from which checks and documentation are made."""

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from linewise.core.errors import UsageError
from linewise.core.yaml_lines import read_yaml_as

__all__ = [
    "PURPOSES",
    "TABLE_NAMES",
    "Column",
    "ColumnType",
    "Columns",
    "Purpose",
    "Table",
    "arrow_schema",
    "load_dictionary",
    "load_table",
    "required_names",
]

TABLE_NAMES = (
    "customers",
    "accounts",
    "transactions",
    "payments",
    "statements",
    "instalments",
    "incomes",
    "obligations",
    "limit_requests",
    "limit_changes",
    "exposures",
    "outcomes",
    "holdings",
    "contact_points",
    "calls",
    "cases",
    "consents",
    "notices",
    "bank_facts",
    "protected_attributes",
)

ColumnType = Literal["string", "integer", "float", "ratio", "boolean", "timestamp", "date"]
Unit = Literal[
    "minor_units",
    "months",
    "days",
    "day_of_month",
    "iso_4217",
    "iso_3166",
    "iso_18245",
    "iana_time_zone",
    "bcp_47",
]
Sensitivity = Literal["none", "personal", "sensitive", "protected"]
Purpose = Literal["eligibility", "risk", "limit", "price", "take_up", "service", "contact", "fairness", "audit"]
PURPOSES: tuple[Purpose, ...] = (
    "eligibility",
    "risk",
    "limit",
    "price",
    "take_up",
    "service",
    "contact",
    "fairness",
    "audit",
)

_ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "ratio": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
}
_NUMBERS = ("integer", "float", "ratio")
_MOMENTS = ("timestamp", "date")
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Column(BaseModel):
    """One column of a contract table: what may stand in it, what it means, and who may use it."""

    model_config = _STRICT

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: ColumnType
    unit: Unit | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    values: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = None
    is_nullable: bool = False
    refers_to: str | None = Field(default=None, description="the table whose key this column must name")
    not_before: str | None = Field(default=None, description="the column of the same row that it may not precede")
    is_future_allowed: bool = Field(default=False, description="may lie after the end of the data")
    meaning: str = Field(min_length=10)
    sensitivity: Sensitivity
    allowed_for: Annotated[tuple[Purpose, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _says_what_its_type_can_hold(self) -> Self:
        if self.type not in _NUMBERS and (self.minimum is not None or self.maximum is not None):
            raise ValueError(f"a {self.type} has no minimum and no maximum")
        if self.type == "ratio" and (self.minimum is None or self.maximum is None):
            raise ValueError("a ratio states its minimum and its maximum")
        if self.type != "string" and (self.values is not None or self.refers_to is not None):
            raise ValueError(f"a {self.type} has neither a list of values nor a table that it refers to")
        if self.type not in _MOMENTS and (self.not_before is not None or self.is_future_allowed):
            raise ValueError(f"a {self.type} has no place in time")
        if self.sensitivity == "protected" and not set(self.allowed_for) <= {"fairness", "audit"}:
            raise ValueError("a protected column is for fairness and audit alone")
        return self

    @property
    def arrow_type(self) -> pa.DataType:
        """The type of the column in Parquet: times are UTC microseconds, integers have 64 bits."""
        return _ARROW_TYPES[self.type]


def _named(value: Any) -> Any:
    """Columns as the YAML has them, by name, in the form that the model reads: a sequence."""
    if not isinstance(value, Mapping):
        return value
    return [{"name": name, **given} if isinstance(given, Mapping) else given for name, given in value.items()]


Columns = Annotated[tuple[Column, ...], Field(strict=False), BeforeValidator(_named)]


class Table(BaseModel):
    """One contract table: its columns, its key and, for a table of events, the column of event time."""

    model_config = _STRICT

    name: str = Field(alias="table")
    meaning: str = Field(min_length=10)
    is_required: bool
    key: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    event_time: str | None
    columns: Columns

    @model_validator(mode="after")
    def _names_its_own_columns(self) -> Self:
        names = [column.name for column in self.columns]
        named = [*self.key, *([self.event_time] if self.event_time else [])]
        named += [column.not_before for column in self.columns if column.not_before]
        if unknown := sorted(set(named) - set(names)):
            raise ValueError(f"no column is called {', '.join(unknown)}")
        return self

    @property
    def is_event(self) -> bool:
        """Whether rows are events: a bad one is put aside alone instead of refusing the whole table."""
        return self.event_time is not None

    @property
    def arrow_schema(self) -> pa.Schema:
        """The table's columns and types in Parquet, without what a mapping adds."""
        return arrow_schema(self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of these columns, in their order, for rows that keep the contract."""
    return pa.schema([pa.field(column.name, column.arrow_type, column.is_nullable) for column in columns])


def required_names(columns: Iterable[Column]) -> tuple[str, ...]:
    """Those of the columns in which no value may be missing."""
    return tuple(column.name for column in columns if not column.is_nullable)


def load_table(path: Path) -> Table:
    """One table's file of the dictionary; raises UsageError with file and line where it is wrong."""
    return read_yaml_as(path, Table, UsageError)


@functools.cache
def load_dictionary() -> dict[str, Table]:
    """All contract tables by name, in the order of the way of the data."""
    folder = Path(__file__).with_name("dictionary")
    return {name: load_table(folder / f"{name}.yaml") for name in TABLE_NAMES}
