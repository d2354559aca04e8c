"""Showings of the bank's own campaigns, beside who was left out by lot, as their reports have kept them."""

import pyarrow as pa
import pyarrow.parquet as pq

from linewise.bank.tables import Bank
from linewise.core.home import CAMPAIGN_SHOWINGS

__all__ = ["campaign_showings"]

SCHEMA = pa.schema(
    [
        pa.field("customer_id", pa.string()),
        pa.field("offer_id", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("shown_at", pa.timestamp("us", "UTC")),
        pa.field("recorded_at", pa.timestamp("us", "UTC")),
        pa.field("is_shown", pa.bool_()),
        pa.field("propensity", pa.float64()),
    ]
)


def campaign_showings(bank: Bank, channel: str) -> pa.Table:
    """Those of a channel, of all campaigns of the bank's home that were reported on; no rows where there is none.

    A row a customer: shown the offer of the list, or of the control; propensity: with what probability one was drawn
    to be shown it.
    """
    found = [
        pq.read_table(path, filters=[("channel", "=", channel)]).select(SCHEMA.names).cast(SCHEMA)
        for path in bank.home.lift_files(CAMPAIGN_SHOWINGS)
    ]
    return pa.concat_tables(found) if found else SCHEMA.empty_table()
