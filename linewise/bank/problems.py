"""What breaks the contract, told as table, column, count and first bad rows, and the refusal that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pyarrow as pa

from linewise.core.errors import DataCheckFailed

__all__ = ["FIRST_ROWS", "Problem", "first_rows", "refuse"]

FIRST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which one table breaks the contract; `first_rows` hold the key and the value at fault."""

    table: str
    column: str
    what: str
    count: int
    first_rows: Sequence[Mapping[str, Any]] = field(default=())

    def __str__(self) -> str:
        rows = " | ".join(
            ", ".join(f"{name}={_shown(value)}" for name, value in row.items()) for row in self.first_rows
        )
        first = f"; first: {rows}" if rows else ""
        return f"{self.table}.{self.column}: {self.what}; {self.count:,} rows{first}"


def first_rows(table: pa.Table, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The first few rows, of these columns only, so that no more of a person is shown than needed."""
    present = list(dict.fromkeys(name for name in columns if len(table.schema.get_all_field_indices(name)) == 1))
    rows: list[dict[str, Any]] = table.select(present).slice(0, FIRST_ROWS).to_pylist()
    return rows if present else []


def refuse(problems: Sequence[Problem]) -> NoReturn:
    """Raise DataCheckFailed with every problem on a line of its own."""
    told = "".join(f"\n- {problem}" for problem in problems)
    raise DataCheckFailed(
        f"The tables break the contract, and nothing was written:{told}",
        "\nEvery column, type and range is listed in docs/contract-tables.md.",
        "Mend the mapping's SQL or the extract, and import again.",
    )


def _shown(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)
