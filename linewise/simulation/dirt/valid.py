"""Dirt that is valid and comes in: rows recorded late, and purchases that were posted wrong at first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.simulation.chance import Ints
from linewise.simulation.dirt.faults import DAY_US
from linewise.simulation.dirt.labels import LABEL_SCHEMA, labelled
from linewise.simulation.dirt.owned import OwnedRows, with_columns

__all__ = ["CORRECTED_RATIO", "LATE_DAYS", "LATE_RATIO", "card_purchases", "corrections", "suffixed", "with_late_rows"]

LATE_RATIO = 0.005
"""The share of rows of each table that are recorded late."""
LATE_DAYS = (2, 42)
"""The fewest and the most days that they are late."""
CORRECTED_RATIO = 0.002
"""The share of card purchases that were posted with a wrong amount first."""

_LARGE_AMT = 10_000


def with_late_rows(owned: OwnedRows, *, until: datetime) -> tuple[OwnedRows, pa.Table]:
    """The rows, some of them recorded days to weeks later yet by `until`, and the labels of those."""
    places = np.flatnonzero(owned.uniform("late") < LATE_RATIO)
    late_days = owned.between(*LATE_DAYS, "days late", places)
    recorded_us = owned.rows["recorded_at"].cast(pa.int64()).to_numpy().copy()
    is_by_then = recorded_us[places] + late_days * DAY_US <= int(until.timestamp()) * 1_000_000
    places, late_days = places[is_by_then], late_days[is_by_then]
    if "recorded_at" in owned.table.key or not len(places):
        return owned, LABEL_SCHEMA.empty_table()
    recorded_us[places] += late_days * DAY_US
    at = owned.rows.column_names.index("recorded_at")
    field = owned.rows.schema.field(at)
    late = replace(owned, rows=owned.rows.set_column(at, field, pa.array(recorded_us).cast(field.type)))
    reasons = pc.binary_join_element_wise("is recorded", pa.array(late_days).cast(pa.string()), "days late", " ")
    rule_id = f"{owned.table.name}.recorded_at.late"
    return late, labelled(owned.table, late.copies(places), rule_id, reasons, is_bad=False)


def corrections(owned: OwnedRows) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Transactions to add to these, with their labels: purchases posted wrong, and the refunds of those.

    The right purchase is a row that is there already. All three are posted at its moment, so that no
    statement ends between them.
    """
    places = card_purchases(owned)
    right = owned.copies(places[owned.uniform("corrected")[places] < CORRECTED_RATIO])
    wrong = with_columns(
        right,
        transaction_id=suffixed(right["transaction_id"], "W"),
        billing_amt=_slipped(right["billing_amt"], right["billing_amt"]),
        original_amt=_slipped(right["original_amt"], right["billing_amt"]),
    )
    refund = with_columns(
        wrong,
        transaction_id=suffixed(right["transaction_id"], "R"),
        kind=pa.repeat("refund", right.num_rows),
        direction=pa.repeat("credit", right.num_rows),
    )
    for what, added, reason in (
        ("wrong", wrong, "is a purchase posted with a wrong amount"),
        ("reversal", refund, "takes back a purchase posted with a wrong amount"),
    ):
        rule_id, reasons = f"{owned.table.name}.billing_amt.{what}", pa.repeat(reason, added.num_rows)
        yield added, labelled(owned.table, added, rule_id, reasons, is_bad=False)


def card_purchases(owned: OwnedRows) -> Ints:
    """The places (n_places,) of the purchases that were made and have no running balance beside them.

    Another purchase may be put before each of these; before a row with a running balance it would change what the
    balance had been.
    """
    rows = owned.rows
    is_bought = pc.and_(pc.equal(rows["kind"], "purchase"), pc.equal(rows["direction"], "debit"))
    is_on_card = pc.and_(pc.invert(rows["is_declined"]), pc.is_null(rows["balance_amt"]))
    return np.flatnonzero(np.asarray(pc.and_(is_bought, is_on_card), dtype=np.bool_))


def suffixed(keys: pa.ChunkedArray, suffix: str | pa.Array) -> pa.ChunkedArray:
    """The keys with a suffix, one for all or one for each."""
    return pc.binary_join_element_wise(keys, suffix, "")


def _slipped(amounts: pa.ChunkedArray, billing_amt: pa.ChunkedArray) -> pa.ChunkedArray:
    # A decimal point in the wrong place, to the left where the amount is large: no limit is overrun by it.
    return pc.if_else(pc.greater_equal(billing_amt, _LARGE_AMT), pc.divide(amounts, 10), pc.multiply(amounts, 10))
