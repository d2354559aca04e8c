"""Responses that a gateway or a core system gives back as a file: read in pieces, each row that is left out counted."""

from pathlib import Path

import duckdb

from linewise.bank.given_files import given_columns, given_source
from linewise.core.errors import DataCheckFailed
from linewise.quality.curves import Figures

__all__ = ["LEFT_OUT", "OUTCOMES", "LeftOut", "ResponsesRead", "in_window", "read_responses"]

OUTCOMES = ("ordered", "cancelled", "complaint", "opt_out")
"""What a row may tell; `ordered` where it says nothing."""

REQUIRED, OPTIONAL = ("customer_id", "responded_at"), ("offer_id", "outcome", "value_amt")
SHOWN_ROWS = 3

LEFT_OUT = {
    "no_customer": "no customer_id",
    "unreadable_moment": "responded_at is no day (2026-12-03) and no moment (2026-12-03T10:00:00)",
    "unknown_outcome": f"outcome is none of {', '.join(OUTCOMES)}",
    "unreadable_amount": "value_amt is no whole number of minor units",
    "unknown_customer": "a customer who is neither on the list nor in its control",
    "outside_window": "before the customer's contact, or after the days in which a response counts",
    "repeated": "told before of the same customer, offer and outcome",
}
"""Why a row is left out, in the order in which it is asked."""


class LeftOut(Figures):
    """Rows of one fault: how many, and the first of them, numbered from 1 without the header."""

    reason: str
    says: str
    row_count: int
    first_rows: tuple[int, ...]


class ResponsesRead(Figures):
    """What a file held: rows in all, rows that count, and the others by reason."""

    row_count: int
    used_count: int
    left_out: tuple[LeftOut, ...]


def in_window(response_days: int) -> str:
    """SQL that says whether what was told with `moment`, else with `day`, lies in the days of a row of `listed`.

    They begin when the customer could first be contacted, or would have been: the control's days are the same.
    """
    return (
        "CASE WHEN moment IS NOT NULL "
        f"THEN moment >= send_not_before AND moment < send_not_before + to_days({response_days:d}) "
        f"ELSE day BETWEEN send_on AND send_on + {response_days:d} END"
    )


def read_responses(database: duckdb.DuckDBPyConnection, path: Path, response_days: int) -> ResponsesRead:
    """Add the rows of a CSV or Parquet file to the table `events` of `database`, beside its view `listed`.

    Columns: customer_id and responded_at (a day, or a moment in UTC); offer_id (the customer's own of the campaign
    where it is left out), outcome, and value_amt of an order in minor units. What is kept in memory is what counts.
    Raises DataCheckFailed for a file that is missing, of another kind or encoding, without a column that is needed,
    or of which not one customer is known: it is most likely the file of another campaign.
    """
    source = given_source(path, "responses")
    names = given_columns(database, path, source, REQUIRED, OPTIONAL)
    given = {name: f"trim({name}::VARCHAR)" if name in names else "NULL::VARCHAR" for name in (*REQUIRED, *OPTIONAL)}
    told = ", ".join(f"{sql} AS {name}" for name, sql in given.items())
    database.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW response_rows AS
        WITH told AS (SELECT row_number() OVER () AS row_number, {told} FROM {source}),
        parsed AS (
            SELECT row_number, nullif(customer_id, '') AS customer_id, nullif(offer_id, '') AS offer_id,
                   coalesce(nullif(lower(outcome), ''), 'ordered') AS outcome, nullif(value_amt, '') AS amount,
                   try_cast(value_amt AS BIGINT) AS value_amt,
                   CASE WHEN length(responded_at) = 10 THEN try_cast(responded_at AS DATE) END AS day,
                   CASE WHEN length(responded_at) > 10 THEN try_cast(responded_at AS TIMESTAMPTZ) END AS moment
            FROM told
        )
        SELECT row_number, parsed.customer_id, coalesce(parsed.offer_id, listed.offer_id) AS offer_id, outcome,
               parsed.value_amt, day, moment,
               CASE WHEN parsed.customer_id IS NULL THEN 'no_customer'
                    WHEN day IS NULL AND moment IS NULL THEN 'unreadable_moment'
                    WHEN NOT list_contains({list(OUTCOMES)}, outcome) THEN 'unknown_outcome'
                    WHEN amount IS NOT NULL AND parsed.value_amt IS NULL THEN 'unreadable_amount'
                    WHEN listed.customer_id IS NULL THEN 'unknown_customer'
                    WHEN outcome <> 'cancelled' AND NOT ({in_window(response_days)}) THEN 'outside_window'
               END AS fault
        FROM parsed LEFT JOIN listed USING (customer_id)
        """  # noqa: S608  our own names; what the file says stays data
    )
    database.execute("CREATE OR REPLACE TEMP TABLE response_kept AS SELECT * FROM response_rows WHERE fault IS NULL")
    found = _told(database)
    unknown = next((one.row_count for one in found.left_out if one.reason == "unknown_customer"), 0)
    if found.row_count and unknown == found.row_count:
        raise DataCheckFailed(
            f"Not one customer of {path} is on the list or in its control.",
            "Responses of this campaign were expected.",
            "See whether it is the file of another campaign, or names customers by other keys.",
        )
    database.execute(
        "INSERT INTO events SELECT customer_id, offer_id, outcome, moment, day, value_amt, 'file', '' "
        "FROM response_kept WHERE row_number IN "
        "(SELECT min(row_number) FROM response_kept GROUP BY customer_id, offer_id, outcome)"
    )
    return found


def _told(database: duckdb.DuckDBPyConnection) -> ResponsesRead:
    faults = {
        str(reason): (int(count), tuple(first))
        for reason, count, first in database.execute(
            f"SELECT fault, count(*), min(row_number, {SHOWN_ROWS}) FROM response_rows WHERE fault IS NOT NULL "  # noqa: S608
            "GROUP BY fault"
        ).fetchall()
    }
    kept, repeated, first = database.execute(
        f"""
        WITH turns AS (
            SELECT row_number, row_number() OVER (
                PARTITION BY customer_id, offer_id, outcome ORDER BY row_number
            ) > 1 AS is_again FROM response_kept
        )
        SELECT count(*), count(*) FILTER (is_again), min(row_number, {SHOWN_ROWS}) FILTER (is_again) FROM turns
        """  # noqa: S608
    ).fetchall()[0]
    if repeated:
        faults["repeated"] = (int(repeated), tuple(first))
    left = [
        LeftOut(reason=reason, says=says, row_count=faults[reason][0], first_rows=faults[reason][1])
        for reason, says in LEFT_OUT.items()
        if reason in faults
    ]
    used = int(kept) - int(repeated)
    return ResponsesRead(row_count=used + sum(one.row_count for one in left), used_count=used, left_out=tuple(left))
