"""A campaign's showings and what came of them, kept as a model learns from them, with the probability of each."""

from datetime import datetime
from pathlib import Path

import duckdb

from linewise.bank.database import literal, moment_literal
from linewise.core.home import CAMPAIGN_OUTCOMES, CAMPAIGN_SHOWINGS

__all__ = ["write_showings"]

_SHOWINGS = """
SELECT customer_id, offer_id, channel, send_not_before AS shown_at, {now} AS recorded_at,
       arm = 'treated' AS is_shown, {treated_ratio!r}::DOUBLE AS propensity
FROM listed
WHERE send_not_before <= {now}
  AND (arm <> 'treated' OR NOT {is_exported} OR customer_id IN (SELECT customer_id FROM sent))
ORDER BY customer_id
"""

_OUTCOMES = """
SELECT events.customer_id, events.offer_id, NULL::VARCHAR AS exposure_id, kind AS outcome,
       coalesce(
           moment, greatest(day::TIMESTAMPTZ + INTERVAL 12 HOUR, send_not_before + INTERVAL 1 SECOND)
       ) AS occurred_at, {now} AS recorded_at
FROM events JOIN listed USING (customer_id) WHERE kind IN ('ordered', 'cancelled', 'complaint') ORDER BY ALL
"""


def write_showings(
    database: duckdb.DuckDBPyConnection, folder: Path, now: datetime, control_ratio: float, *, is_exported: bool
) -> None:
    """Write what the tables of `follow` hold of it into a folder that is there.

    Showings: a row for each customer who was sent the offer, and for each of the control, who was not by lot alone;
    propensity: with what probability a customer of the list was drawn to be shown it. Outcomes are those of both. Of
    a day without an hour noon is taken.
    """
    told = {"now": moment_literal(now), "treated_ratio": 1.0 - control_ratio, "is_exported": is_exported}
    for sql, name in ((_SHOWINGS, CAMPAIGN_SHOWINGS), (_OUTCOMES, CAMPAIGN_OUTCOMES)):
        database.execute(f"COPY ({sql.format(**told)}) TO {literal(str(folder / name))} (FORMAT parquet)")
