"""Offers shown while the customer was on the line, beside those that were not: what was ordered of either."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from linewise.bank.tables import Bank
from linewise.core.home import CAMPAIGN_OUTCOMES
from linewise.policy.catalogue import ATTRIBUTE_NAMES
from training.campaign_showings import campaign_showings
from training.labels import DAYS_A_MONTH, Labels, Offer, ShowingLabels, attributes_of
from training.querying import floats, integers, moments, paths_of, query, texts
from training.specs import IS_SHOWN

__all__ = [
    "CALL_CHANNEL",
    "CONTROLS_MINIMUM",
    "FOLLOW_UP_DAYS",
    "IS_SHOWN",
    "offer_pitch_labels",
    "offer_take_up_labels",
]

FOLLOW_UP_DAYS = 90
CONTROLS_MINIMUM = 500
"""Rows in which an offer was not shown, below which they say nothing of what comes by itself."""

CALL_CHANNEL = "voice"

# Whom an agent put what to is the agent's choice, and no part of the case: what counts is what was shown.
# Chance is that of customer and moment alone, so that the same bank makes the same cases whatever the seed.
_ROWS = """
WITH shown AS (
    SELECT customer_id, offer_id, shown_at, any_value(exposure_id) AS exposure_id,
           max(is_pitched::INT8) AS is_pitched, coalesce(any_value(agent_id), '') AS agent_id,
           any_value(pscore) AS pscore
    FROM read_parquet($exposures)
    WHERE channel = $channel AND recorded_at <= $until AND shown_at + to_days($days) <= $until
    GROUP BY ALL
),
known AS (SELECT offers.* FROM offers WHERE offer_id IN (SELECT offer_id FROM shown)),
moments AS (
    SELECT customer_id, as_of FROM (
        SELECT DISTINCT customer_id, shown_at AS as_of FROM shown WHERE offer_id IN (SELECT offer_id FROM known)
    ) ORDER BY md5(concat_ws('|', customer_id, as_of)), customer_id, as_of LIMIT $most
),
calls AS (
    SELECT moments.customer_id, as_of, known.place, known.offer_id, known.product,
           shown.offer_id IS NOT NULL AS is_shown, exposure_id, is_pitched, coalesce(agent_id, '') AS agent_id, pscore,
           'NaN'::DOUBLE AS propensity
    FROM moments CROSS JOIN known
    LEFT JOIN shown
    ON shown.customer_id = moments.customer_id AND shown.shown_at = as_of AND shown.offer_id = known.offer_id
),
drawn AS (
    SELECT campaigns.*, place, product FROM campaigns JOIN offers USING (offer_id)
    WHERE recorded_at <= $until AND shown_at + to_days($days) <= $until
    ORDER BY md5(concat_ws('|', customer_id, shown_at)), customer_id, shown_at, place LIMIT $drawn
),
pairs AS (
    FROM calls UNION ALL BY NAME
    SELECT customer_id, shown_at AS as_of, place, offer_id, product, is_shown, NULL AS exposure_id,
           NULL AS is_pitched, '' AS agent_id, CASE WHEN is_shown THEN propensity END AS pscore, propensity
    FROM drawn
),
free AS (
    SELECT pairs.*, row_number() OVER (
        PARTITION BY customer_id, as_of, is_shown ORDER BY md5(concat_ws('|', customer_id, as_of, offer_id))
    ) AS turn
    FROM pairs
    WHERE NOT EXISTS (
        FROM read_parquet($holdings) held
        WHERE held.customer_id = pairs.customer_id AND held.product = pairs.product
          AND held.opened_at <= as_of AND held.recorded_at <= as_of
          AND (held.closed_at IS NULL OR held.closed_at > as_of)
    )
),
answers AS (
    SELECT DISTINCT customer_id, offer_id, exposure_id, outcome, occurred_at
    FROM read_parquet($outcomes, union_by_name = true)
    WHERE outcome IN ('ordered', 'cancelled', 'postponed') AND recorded_at <= $until
),
kept AS (
    SELECT DISTINCT customer_id, offer_id, occurred_at FROM answers ordered
    WHERE outcome = 'ordered' AND NOT EXISTS (
        FROM answers WHERE answers.customer_id = ordered.customer_id AND answers.offer_id = ordered.offer_id
        AND answers.outcome = 'cancelled' AND answers.occurred_at >= ordered.occurred_at
    )
),
labelled AS (
    SELECT free.*, EXISTS (
        FROM kept WHERE kept.customer_id = free.customer_id AND kept.offer_id = free.offer_id
        AND kept.occurred_at > as_of AND kept.occurred_at <= as_of + to_days($days)
    ) AS is_taken, EXISTS (
        FROM answers WHERE answers.customer_id = free.customer_id AND answers.offer_id = free.offer_id
        AND answers.outcome = 'postponed' AND (
            answers.exposure_id = free.exposure_id
            OR answers.exposure_id IS NULL AND answers.occurred_at BETWEEN as_of AND as_of + to_days($days)
        )
    ) AS is_put_off, EXISTS (
        FROM answers WHERE answers.customer_id = free.customer_id AND answers.offer_id = free.offer_id
        AND answers.outcome = 'ordered' AND answers.occurred_at > as_of
        AND answers.occurred_at <= as_of + to_days($days)
    ) AS is_ordered
    FROM free WHERE is_shown OR turn <= $beside
)
SELECT customer_id, as_of - INTERVAL 1 MICROSECOND AS as_of, place, is_shown::INT8 AS is_shown, is_taken::INT8 AS y,
       (is_shown AND is_put_off AND NOT is_ordered)::INT8 AS is_censored,
       coalesce(is_pitched::DOUBLE, 'NaN'::DOUBLE) AS is_pitched, agent_id,
       coalesce(pscore::DOUBLE, 'NaN'::DOUBLE) AS pscore, propensity
FROM labelled
ORDER BY as_of, customer_id, is_shown DESC, place
"""

_CALLS = """
SELECT count(DISTINCT (customer_id, shown_at)) AS calls, count(DISTINCT offer_id) AS offers
FROM read_parquet($exposures)
WHERE channel = $channel AND recorded_at <= $until AND shown_at + to_days($days) <= $until
  AND offer_id IN (SELECT offer_id FROM offers)
"""

_PITCHES = """
WITH noted AS (
    SELECT customer_id, offer_id, shown_at, max(is_pitched::INT8) AS y FROM read_parquet($exposures)
    WHERE channel = $channel AND recorded_at <= $until AND is_pitched IS NOT NULL GROUP BY ALL
),
drawn AS (
    SELECT noted.*, place FROM noted JOIN offers USING (offer_id)
    ORDER BY md5(concat_ws('|', customer_id, shown_at, offer_id)), customer_id, shown_at, place LIMIT $most
)
SELECT customer_id, shown_at - INTERVAL 1 MICROSECOND AS as_of, place, y FROM drawn ORDER BY as_of, customer_id, place
"""


def offer_take_up_labels(
    bank: Bank,
    offers: Sequence[Offer],
    until: datetime,
    rows_maximum: int,
    beside_count: int | None = None,
    *,
    with_campaigns: bool = True,
) -> ShowingLabels:
    """One row per offer shown in a customer's own call: 1 where it was ordered within FOLLOW_UP_DAYS and kept.

    Beside each call stand offers that were open and not shown in it, beside_count of them, or as many as
    `rows_maximum` bears, one at the least: what is ordered of those comes by itself, and tells whom an offer suits.
    Who is asked what, is what was *shown*, also where the agent did not put it to the customer. Who put the answer
    off, and did not order after all, has given none. An offer that the customer holds already is no case. What is
    known ends just before the showing, which is none of the offers shown before.
    The offers are those of the catalogue that the bank's history has shown; they enter by their attributes, so that a
    new one starts warm, and by IS_SHOWN. Of more calls than `rows_maximum` bears, some are drawn.

    Campaigns that were reported on add who was told of an offer in a call of the bank's, beside who was not by lot
    alone, each with the probability of that lot; they take up half of the rows at most.
    """
    campaigns = campaign_showings(bank, CALL_CHANNEL if with_campaigns else "")
    drawn = min(len(campaigns), rows_maximum // 2)
    told, calls = _told(offers), {"until": until, "days": FOLLOW_UP_DAYS, "channel": CALL_CHANNEL}
    exposures = {"exposures": paths_of(bank, "exposures")}
    if beside_count is None:
        found = query(_CALLS, {"offers": told}, exposures | calls)
        beside_count = _borne(rows_maximum - drawn, *(int(integers(found, name)[0]) for name in ("calls", "offers")))
    rows = query(
        _ROWS,
        {"offers": told, "campaigns": campaigns},
        exposures
        | calls
        | {"outcomes": paths_of(bank, "outcomes") + [str(path) for path in bank.home.lift_files(CAMPAIGN_OUTCOMES)]}
        | {"holdings": paths_of(bank, "holdings"), "beside": beside_count}
        | {"most": (rows_maximum - drawn) // (1 + beside_count), "drawn": drawn},
    )
    place, is_shown = integers(rows, "place"), integers(rows, "is_shown")
    return ShowingLabels(
        customer_id=texts(rows, "customer_id"),
        as_of=moments(rows),
        y=integers(rows, "y"),
        horizon_months=FOLLOW_UP_DAYS / DAYS_A_MONTH,
        offer_attributes=(*ATTRIBUTE_NAMES, IS_SHOWN),
        offer_values=np.column_stack([attributes_of(offers)[place], is_shown]),
        offer_ids=tuple(offers[at].offer_id for at in np.unique(place[is_shown == 1]).tolist()),
        has_control_group=int((is_shown == 0).sum()) >= CONTROLS_MINIMUM,
        is_shown=is_shown,
        is_pitched=floats(rows, "is_pitched"),
        is_censored=integers(rows, "is_censored") == 1,
        agent_id=np.array(texts(rows, "agent_id"), dtype=np.str_),
        offer_place=place,
        pscore=floats(rows, "pscore"),
        propensity=floats(rows, "propensity"),
    )


def _borne(rows: int, calls: int, offers: int) -> int:
    """How many offers that were not shown so many rows bear beside each call."""
    return max(min(rows // max(calls, 1) - 1, offers - 1), 1)


def offer_pitch_labels(bank: Bank, offers: Sequence[Offer], until: datetime, rows_maximum: int) -> Labels:
    """One row per offer shown in a call where it was noted whether an agent put it to the customer: 1 where so.

    Agents choose whom they ask: that is learnt apart, and is no part of how an offer is taken. The label is known at
    once, so that showings count up to `until`, long before anybody knows what was ordered of them.
    """
    rows = query(_PITCHES, {"offers": _told(offers)}, {"exposures": paths_of(bank, "exposures"), "until": until,
                                                      "channel": CALL_CHANNEL, "most": rows_maximum})  # fmt: skip
    place, as_of = integers(rows, "place"), moments(rows)
    return Labels(
        customer_id=texts(rows, "customer_id"),
        as_of=as_of,
        y=integers(rows, "y"),
        horizon_months=0.0,
        offer_attributes=ATTRIBUTE_NAMES,
        offer_values=attributes_of(offers)[place],
        ripe_at=as_of,
        offer_ids=tuple(offers[at].offer_id for at in np.unique(place).tolist()),
    )


def _told(offers: Sequence[Offer]) -> pa.Table:
    """The offers by their place, id and product."""
    return pa.table(
        {
            "place": np.arange(len(offers)),
            "offer_id": pa.array([one.offer_id for one in offers], pa.string()),
            "product": pa.array([one.product for one in offers], pa.string()),
        }
    )
