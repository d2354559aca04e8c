"""Offers shown in any channel, and what was ordered of them, told by the columns that the bank's mapping adds.

For a bank that delivers its campaigns and no histories: what is known of each customer and of each offer then lies
in columns of `customers` and `exposures` that the contract does not have.
"""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.tables import Bank
from linewise.core.errors import DataCheckFailed
from training.labels import DAYS_A_MONTH, Labels
from training.own_columns import own_inputs
from training.querying import integers, moments, paths_of, query, texts
from training.showings import FOLLOW_UP_DAYS

__all__ = ["campaign_take_up_labels"]

_SHOWN = """
WITH ordered AS (
    SELECT DISTINCT customer_id, offer_id, occurred_at FROM read_parquet($outcomes)
    WHERE outcome = 'ordered' AND recorded_at <= $until
)
SELECT exposure_id, customer_id, shown_at AS as_of,
       EXISTS (
           FROM ordered WHERE ordered.customer_id = shown.customer_id AND ordered.offer_id = shown.offer_id
           AND occurred_at > shown_at AND occurred_at <= shown_at + to_days($days)
       )::INT8 AS y
FROM read_parquet($exposures) shown
WHERE recorded_at <= $until AND shown_at + to_days($days) <= $until
ORDER BY as_of, exposure_id
"""


def campaign_take_up_labels(bank: Bank, until: datetime) -> Labels:
    """One row an offer shown, oldest first: 1 where it was ordered within FOLLOW_UP_DAYS.

    Its attributes are the mapping's columns of the customer and then of the showing, as far as they may be used for
    take-up. Raises DataCheckFailed where the mapping adds none: then the contract's columns are all there is, and the
    other models of take-up learn from those.
    """
    shown = query(
        _SHOWN,
        {},
        {name: paths_of(bank, name) for name in ("exposures", "outcomes")} | {"until": until, "days": FOLLOW_UP_DAYS},
    )
    people, showings = bank.read("customers"), bank.read("exposures")
    names, values = own_inputs(
        bank,
        {
            "customers": people.take(_places(people["customer_id"], shown["customer_id"])),
            "exposures": showings.take(_places(showings["exposure_id"], shown["exposure_id"])),
        },
        "take_up",
    )
    if not names:
        raise DataCheckFailed(
            "The model 'campaign_take_up' cannot be trained: the bank's mapping adds no column to learn from.",
            "Columns x_… of customers or exposures that are allowed for take_up were expected.",
            "Train the others by name with: linewise model train NAME",
        )
    return Labels(
        customer_id=texts(shown, "customer_id"),
        as_of=moments(shown),
        y=integers(shown, "y"),
        horizon_months=FOLLOW_UP_DAYS / DAYS_A_MONTH,
        offer_attributes=names,
        offer_values=values,
    )


def _places(keys: pa.ChunkedArray, wanted: pa.ChunkedArray) -> pa.Array:
    return pc.index_in(wanted.combine_chunks(), value_set=keys.combine_chunks())
