"""The label of each dirty record: which it is, what is wrong with it, and whether the door puts it aside."""

import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.dictionary import Table

__all__ = ["LABEL_SCHEMA", "labelled"]

LABEL_SCHEMA = pa.schema(
    {
        "table": pa.string(),
        "key": pa.string(),
        "rule_id": pa.string(),
        "reason": pa.string(),
        "is_bad": pa.bool_(),
    }
)
"""`key` is as the dirty row has it, its columns joined by a bar, missing where one of them is; `rule_id` is
the promise broken on purpose, or a name of the same form for dirt that is valid; `reason` is all that the
door tells of a bad row; `is_bad` is whether the door puts it aside."""


def labelled(table: Table, rows: pa.Table, rule_id: str, reasons: pa.Array, *, is_bad: bool) -> pa.Table:
    """The labels of the rows (n_rows,), which share a rule and have each its reason (n_rows,)."""
    count = rows.num_rows
    key = pc.binary_join_element_wise(*(rows[name].cast(pa.string()) for name in table.key), "|")
    return pa.table(
        [pa.repeat(table.name, count), key, pa.repeat(rule_id, count), reasons, pa.repeat(is_bad, count)],
        schema=LABEL_SCHEMA,
    )
