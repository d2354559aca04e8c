"""A mapping: a folder of one SQL SELECT per contract table, and a `mapping.yaml` about them all.

What several tables read is written once, as a SELECT in its folder `views/`, and read by the name of its file.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from linewise.bank.dictionary import Columns, load_dictionary
from linewise.bank.manifest import Clock, TimeZone
from linewise.core.clock import as_utc
from linewise.core.errors import MappingInvalid
from linewise.core.yaml_lines import read_yaml_as

__all__ = ["BUILT_IN_DIR", "BankMapping", "MappingHeader", "built_in_names", "find_mapping"]

BUILT_IN_DIR = Path(__file__).with_name("mappings")
HEADER_NAME = "mapping.yaml"
VIEWS = "views"


def _end_of(value: Any) -> Any:
    """A day without a time means its last moment: what happened on that day is part of the data."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.max)
    return as_utc(value) if isinstance(value, datetime) else value


Extensible = Annotated[str, StringConstraints(pattern=r"^(customers|exposures)$")]
ViewName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class MappingHeader(BaseModel):
    """What `mapping.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(min_length=1, description="quoted text, raised with every change of the SQL")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, of the bank's books")
    time_zone: TimeZone = Field(default="UTC", description="IANA name, of the bank's business day")
    clock: Clock
    data_until: Annotated[datetime | None, BeforeValidator(_end_of)]
    sources: dict[ViewName, str] = Field(description="view name -> file under --source", min_length=1)
    declared_absent: Annotated[tuple[str, ...], Field(strict=False)] = ()
    extra_columns: dict[Extensible, Columns] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.clock == "data_end" and self.data_until is None:
            raise ValueError("a clock that stands at the end of the data needs data_until")
        if outside := [name for name in self.sources.values() if Path(name).is_absolute() or ".." in Path(name).parts]:
            raise ValueError(f"sources lie under the folder given with --source: {', '.join(outside)}")
        for table, columns in self.extra_columns.items():
            if plain := [column.name for column in columns if not column.name.startswith("x_")]:
                raise ValueError(f"columns added to {table} start with x_: {', '.join(plain)}")
        return self


@dataclass(frozen=True, slots=True)
class BankMapping:
    """A mapping found whole: its header and one SQL file for every table that it does not declare absent.

    views: SELECTs that the tables read, and later views earlier ones, in the order of their names.
    """

    folder: Path
    header: MappingHeader
    sql: dict[str, Path]
    views: dict[str, Path]


def built_in_names() -> list[str]:
    """The mappings that come with Linewise."""
    return sorted(path.parent.name for path in BUILT_IN_DIR.glob(f"*/{HEADER_NAME}"))


def find_mapping(name_or_folder: str | Path) -> BankMapping:
    """The built-in mapping of that name, or else the one in that folder.

    Raises MappingInvalid where there is none (saying which exist), where a file of it cannot be read,
    names no contract table, or leaves a table neither mapped nor declared absent.
    """
    named = str(name_or_folder) in built_in_names()
    folder = BUILT_IN_DIR / name_or_folder if named else Path(name_or_folder)
    if not (folder / HEADER_NAME).is_file():
        raise MappingInvalid(
            f"There is no mapping {str(name_or_folder)!r}.",
            f"A built-in mapping ({', '.join(built_in_names())}) or a folder with {HEADER_NAME} was expected.",
        )
    header = read_yaml_as(folder / HEADER_NAME, MappingHeader, MappingInvalid)
    sql = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    _refuse_incomplete(folder, header, sql)
    views = {path.stem: path for path in sorted((folder / VIEWS).glob("*.sql"))}
    if both := sorted(set(views) & set(header.sources)):
        raise MappingInvalid(
            f"{folder}: {', '.join(both)} is a view and a source.",
            "Each name once was expected.",
            f"Give the file in {VIEWS}/ another name, or the source in {HEADER_NAME}.",
        )
    return BankMapping(folder, header, sql, views)


def _refuse_incomplete(folder: Path, header: MappingHeader, sql: dict[str, Path]) -> None:
    dictionary = load_dictionary()
    absent = set(header.declared_absent)
    if unknown := sorted({*sql, *absent} - set(dictionary)):
        raise MappingInvalid(
            f"{folder}: no contract table is called {', '.join(unknown)}.",
            f"A mapping has one <table>.sql for these: {', '.join(dictionary)}.",
        )
    if both := sorted(absent & set(sql)):
        raise MappingInvalid(
            f"{folder}: both an SQL file and declared absent: {', '.join(both)}.",
            "One of the two was expected.",
            f"Remove the SQL file, or the line under declared_absent in {HEADER_NAME}.",
        )
    required = [table.name for table in dictionary.values() if table.is_required]
    if missing := [name for name in required if name not in sql]:
        raise MappingInvalid(
            f"{folder}: {', '.join(missing)} has no SQL.",
            "Every bank delivers it.",
            f"Write {missing[0]}.sql.",
        )
    if silent := [name for name in dictionary if name not in sql and name not in absent]:
        raise MappingInvalid(
            f"{folder}: neither an SQL file nor declared absent: {', '.join(silent)}.",
            "A bank says so where it has no such table, because rules are switched off by it.",
            f"Write the SQL, or name the tables under declared_absent in {HEADER_NAME}.",
        )
