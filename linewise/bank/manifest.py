"""What stands in `bank.json`: which bank is loaded, how old its data are, and what each table holds."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from linewise.bank.dictionary import Columns, load_dictionary

__all__ = [
    "BankLabel",
    "BankManifest",
    "Clock",
    "PartFacts",
    "TableFacts",
    "TimeZone",
    "contract_hash",
    "data_hash",
    "table_hash",
    "time_zone_names",
]

Clock = Literal["data_end", "wall"]


@cache
def time_zone_names() -> frozenset[str]:
    """The IANA list, read once a process: the whole folder of zones is walked for it."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in time_zone_names():
        raise ValueError(f"{name!r} is no time zone of the IANA list; one such as Asia/Shanghai or UTC was expected")
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]
"""The zone in whose days and hours a bank does business, by its IANA name; the tables' times stay in UTC."""


class PartFacts(BaseModel):
    """One file of a contract table; the parts of all tables with one number tell of the same customers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    rows: int
    sha256: str


class TableFacts(BaseModel):
    """One contract table as it was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    is_absent: bool = Field(description="declared absent by the bank: what needs it is switched off")
    quarantined_rows: int = 0
    quarantine_reasons: dict[str, int] = Field(default_factory=dict)
    filled_columns: tuple[str, ...] = Field(default=(), description="columns that hold at least one value")
    parts: tuple[PartFacts, ...] = Field(min_length=1, description="the table's files in the order of their customers")
    sha256: str


class BankLabel(BaseModel):
    """What is said of a bank before its tables are looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    mapping_version: str
    currency: str
    time_zone: TimeZone = "UTC"
    clock: Clock
    data_until: datetime | None
    imported_at: datetime
    extra_columns: dict[str, Columns] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _stands_somewhere_in_time(self) -> Self:
        if self.clock == "data_end" and self.data_until is None:
            raise ValueError("a clock that stands at the end of the data needs data_until")
        return self

    @property
    def horizon(self) -> datetime:
        """The moment after which nothing in the tables can have happened."""
        return self.data_until if self.clock == "data_end" and self.data_until else self.imported_at


class BankManifest(BankLabel):
    """The loaded bank: where its tables came from and what each holds."""

    tables: dict[str, TableFacts]
    contract_hash: str
    data_hash: str


def contract_hash() -> str:
    """The hash of the contract's tables, columns and types: another one, and old tables no longer fit."""
    lines = (
        f"{name}.{column.name} {column.type}\n" for name, table in load_dictionary().items() for column in table.columns
    )
    return _sha256(lines)


def table_hash(parts: Iterable[PartFacts]) -> str:
    """The hash over a table's parts in their order."""
    return _sha256(f"{part.sha256}\n" for part in parts)


def data_hash(tables: Mapping[str, TableFacts]) -> str:
    """The hash over all tables' bytes: the same hash, the same bank."""
    return _sha256(f"{name} {facts.sha256}\n" for name, facts in tables.items())


def _sha256(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()
