"""Offers shown while the customer was on the line, beside those that were not: what was ordered of either."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from linewise.bank.tables import Bank
from linewise.policy.catalogue import ATTRIBUTE_NAMES
from training.labels import DAYS_A_MONTH, Labels, Offer, attributes_of
from training.querying import integers, moments, paths_of, query, texts

__all__ = ["CONTROLS_MINIMUM", "FOLLOW_UP_DAYS", "IS_SHOWN", "offer_take_up_labels"]

IS_SHOWN = "is_shown"
"""The input that says whether the offer was shown: 1, or 0 of an offer that stood beside one that was."""

FOLLOW_UP_DAYS = 90
CONTROLS_MINIMUM = 500
"""Rows in which an offer was not shown, below which they say nothing of what comes by itself."""

CALL_CHANNEL = "voice"

# Whom an agent put what to is the agent's choice, and no part of the case: what counts is what was shown.
_ROWS = """
WITH shown AS (
    SELECT customer_id, offer_id, shown_at FROM read_parquet($exposures)
    WHERE channel = $channel AND recorded_at <= $until AND shown_at + to_days($days) <= $until
),
known AS (SELECT offers.* FROM offers WHERE offer_id IN (SELECT offer_id FROM shown)),
moments AS (
    SELECT customer_id, as_of FROM (
        SELECT DISTINCT customer_id, shown_at AS as_of FROM shown WHERE offer_id IN (SELECT offer_id FROM known)
    ) ORDER BY md5(concat_ws('|', $seed, customer_id, as_of)), customer_id, as_of LIMIT $most
),
pairs AS (
    SELECT moments.customer_id, as_of, known.place, known.offer_id, known.product,
           shown.offer_id IS NOT NULL AS is_shown
    FROM moments CROSS JOIN known
    LEFT JOIN (SELECT DISTINCT * FROM shown) shown
    ON shown.customer_id = moments.customer_id AND shown.shown_at = as_of AND shown.offer_id = known.offer_id
),
free AS (
    SELECT pairs.*, row_number() OVER (
        PARTITION BY customer_id, as_of, is_shown ORDER BY md5(concat_ws('|', $seed, customer_id, as_of, offer_id))
    ) AS turn
    FROM pairs
    WHERE NOT EXISTS (
        FROM read_parquet($holdings) held
        WHERE held.customer_id = pairs.customer_id AND held.product = pairs.product
          AND held.opened_at <= as_of AND held.recorded_at <= as_of
          AND (held.closed_at IS NULL OR held.closed_at > as_of)
    )
),
ordered AS (
    SELECT DISTINCT customer_id, offer_id, occurred_at FROM read_parquet($outcomes)
    WHERE outcome = 'ordered' AND recorded_at <= $until
)
SELECT customer_id, as_of - INTERVAL 1 MICROSECOND AS as_of, place, is_shown::INT8 AS is_shown,
       EXISTS (
           FROM ordered WHERE ordered.customer_id = free.customer_id AND ordered.offer_id = free.offer_id
           AND occurred_at > as_of AND occurred_at <= as_of + to_days($days)
       )::INT8 AS y
FROM free WHERE is_shown OR turn = 1
ORDER BY as_of, customer_id, is_shown DESC, place
"""


def offer_take_up_labels(bank: Bank, offers: Sequence[Offer], until: datetime, rows_maximum: int, seed: int) -> Labels:
    """One row per offer shown in a customer's own call: 1 where it was ordered within FOLLOW_UP_DAYS.

    Beside each call stands one offer that was not shown in it, drawn by `seed`: what is ordered of those comes
    by itself. Who is asked what, is what was *shown*, also where the agent did not put it to the customer. An
    offer that the customer holds already is no case. What is known ends just before the showing, which is none of
    the offers shown before. The offers are those of the catalogue that the bank's
    history has shown; they enter by their attributes, so that a new one starts warm, and by IS_SHOWN. Of more
    calls than `rows_maximum` bears, two rows each, some are drawn.
    """
    rows = query(
        _ROWS,
        {
            "offers": pa.table(
                {
                    "place": np.arange(len(offers)),
                    "offer_id": pa.array([one.offer_id for one in offers], pa.string()),
                    "product": pa.array([one.product for one in offers], pa.string()),
                }
            )
        },
        {name: paths_of(bank, name) for name in ("exposures", "outcomes", "holdings")}
        | {
            "until": until,
            "days": FOLLOW_UP_DAYS,
            "channel": CALL_CHANNEL,
            "seed": str(seed),
            "most": rows_maximum // 2,
        },
    )
    place, is_shown = integers(rows, "place"), integers(rows, "is_shown")
    return Labels(
        customer_id=texts(rows, "customer_id"),
        as_of=moments(rows),
        y=integers(rows, "y"),
        horizon_months=FOLLOW_UP_DAYS / DAYS_A_MONTH,
        offer_attributes=(*ATTRIBUTE_NAMES, IS_SHOWN),
        offer_values=np.column_stack([attributes_of(offers)[place], is_shown]),
        offer_ids=tuple(offers[at].offer_id for at in np.unique(place[is_shown == 1]).tolist()),
        has_control_group=int((is_shown == 0).sum()) >= CONTROLS_MINIMUM,
    )
