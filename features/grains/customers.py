"""The customer's own row, as the bank holds it."""

from typing import TYPE_CHECKING

from features.grains.sources import Source, Tables, contract_columns

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["SOURCES"]

_COLUMNS = ("birth_date", "customer_since")


def _rows(pairs: "Table", tables: Tables) -> "Table":
    customers = tables["customers"]
    return pairs.inner_join(customers, "customer_id").select(
        pairs.customer_id, pairs.as_of, *(customers[name] for name in _COLUMNS)
    )


SOURCES = (
    Source(
        "customer",
        {"as_of": ("timestamp('UTC', 6)", ()), **contract_columns("customers", *_COLUMNS)},
        ("customers.customer_id",),
        _rows,
    ),
)
