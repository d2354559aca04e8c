"""The data dictionary as a page to read: `docs/contract-tables.md`, made from the YAML and never by hand.

Run `python -m linewise.bank.dictionary_page docs/contract-tables.md` after a change of the dictionary.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from linewise.bank.dictionary import PURPOSES, Column, Table, load_dictionary
from linewise.core.files import write_text_whole

__all__ = ["dictionary_page"]

_TOP = """\
# Contract tables

The one format that everything reads, made from `linewise/bank/dictionary/` by
`python -m linewise.bank.dictionary_page docs/contract-tables.md`; a change by hand is lost.

- Money is an integer in minor units beside its ISO 4217 currency (JPY 0, CNY 2, KWD 3 decimals). Integers may be
  delivered as floating-point numbers; a row in which one is not whole, or is NaN, is put aside.
- A row of events in another currency than the bank's own is put aside where no exchange rate of it was known
  when the row was recorded. It is converted by the latest rate known then, halves away from zero.
- Times are UTC microseconds (`timestamp[us, tz=UTC]`), dates have no time, ratios run from 0 to 1. The
  mapping's `time_zone` says in whose days and hours the bank does business.
- An event counts for a decision when both its event time and `recorded_at` lie no later than the
  observation date. Unless the range says otherwise, nothing lies after the end of the data.
- *May be missing* columns must be delivered too; they may hold nothing.
- *Sensitivity* is none, personal, sensitive or protected; *may be used for* names the purposes.
- Mappings may add columns of their own to `customers` and `exposures`; their names start with `x_`.
"""


def dictionary_page() -> str:
    """The page in Markdown, the same text for the same dictionary."""
    tables = load_dictionary().values()
    contents = "\n".join(f"- [`{table.name}`](#{table.name}): {table.meaning}" for table in tables)
    return "\n".join([_TOP, contents, *(_section(table) for table in tables)])


def _section(table: Table) -> str:
    time = f"Event time: `{table.event_time}`. " if table.event_time else ""
    required = "Every bank delivers it." if table.is_required else "Optional: a bank without it declares it absent."
    lines = [
        f"\n## {table.name}\n",
        f"{table.meaning} Key: {', '.join(f'`{name}`' for name in table.key)}. {time}{required}\n",
        "| column | type | may be missing | values and range | meaning | sensitivity | may be used for |",
        "|---|---|---|---|---|---|---|",
        *(_row(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _row(column: Column) -> str:
    kind = f"{column.type}, {column.unit.replace('_', ' ')}" if column.unit else column.type
    purposes = "every purpose" if column.allowed_for == PURPOSES else ", ".join(column.allowed_for).replace("_", "-")
    missing = "yes" if column.is_nullable else "no"
    cells = (
        f"`{column.name}`",
        kind,
        missing,
        ", ".join(_range(column)),
        column.meaning,
        column.sensitivity,
        purposes,
    )
    return f"| {' | '.join(cells)} |"


def _range(column: Column) -> Iterator[str]:
    if column.values:
        yield ", ".join(f"`{value}`" for value in column.values)
    if column.minimum is not None and column.maximum is not None:
        yield f"{column.minimum} to {column.maximum}"
    elif column.minimum is not None:
        yield f"at least {column.minimum}"
    elif column.maximum is not None:
        yield f"at most {column.maximum}"
    if column.refers_to:
        yield f"a row of `{column.refers_to}`"
    if column.not_before:
        yield f"not before `{column.not_before}`"
    if column.is_future_allowed:
        yield "may lie in the future"


if __name__ == "__main__":
    write_text_whole(Path(sys.argv[1]), dictionary_page())
