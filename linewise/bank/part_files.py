"""The part files of a contract table: their names, and how rows are laid down in one.

transactions/
├── part-00000.parquet    the first customers, each with all their rows
└── part-00001.parquet    those that come after them
"""

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as kinds

from linewise.bank.dictionary import Table

__all__ = ["LAST_PART", "QUARANTINE", "files_in", "part_path", "write_part_file"]

LAST_PART = 99_999
QUARANTINE = "quarantine"
"""The folder beside the tables that holds, table by table, the rows put aside."""

# Of 131,072 rows a group the writing takes a tenth longer, of 1,048,576 a fiftieth less, and smaller groups let a
# reader pass over more.
_ROWS_A_GROUP = 524_288
_ROWS_AT_ONCE = 16_384


def part_path(folder: Path, table: str, number: int) -> Path:
    """Where the part of that number of a table lies below the folder."""
    return folder / table / f"part-{number:05}.parquet"


def files_in(folder: Path) -> tuple[Path, ...]:
    """The part files that lie in the folder, in the order of their numbers; none where there is no folder."""
    return tuple(sorted(folder.glob("part-*.parquet")))


def write_part_file(rows: pa.Table, path: Path, table: Table, *, required: Collection[str] = ()) -> None:
    """Write the rows as one Parquet file; the same rows give the same bytes.

    Dictionary-encoded columns are written as they are and read back as plain text. `required` columns hold no
    missing value, which the file says; raises ValueError where one does. Measured on a million transactions on
    one core: about five million rows a second and 20 bytes a row, against three million and 22 by pyarrow's own
    choices.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = [field.with_nullable(field.name not in required) for field in rows.schema]
    # Every key of a table is another text: a dictionary of them is built for nothing. Moments of recording are
    # those of nightly runs, the same for many rows.
    encoded = [
        field.name
        for field in fields
        if kinds.is_dictionary(field.type)
        or (kinds.is_string(field.type) and field.name not in table.key)
        or field.name == "recorded_at"
    ]
    # Amounts and times lie near those before them in the order of a customer's events.
    numbers = [field.name for field in fields if kinds.is_integer(field.type) or kinds.is_temporal(field.type)]
    near = [name for name in numbers if name not in encoded]
    pq.write_table(
        rows.cast(pa.schema(fields)),
        path,
        row_group_size=_ROWS_A_GROUP,
        write_batch_size=_ROWS_AT_ONCE,
        # Zstandard makes a file smaller by a fifth, and the writing longer by as much.
        compression="snappy",
        use_dictionary=encoded,
        column_encoding=dict.fromkeys(near, "DELTA_BINARY_PACKED"),
        # They cost half of the time if kept of all columns, and readers look for a customer or a time.
        write_statistics=[name for name in ("customer_id", table.event_time) if name in rows.column_names],
        # With it, a column that came dictionary-encoded would be read back so, and not as the contract has it.
        store_schema=False,
    )
