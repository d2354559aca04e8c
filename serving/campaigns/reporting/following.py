"""What became of everybody on a campaign's list and in its control, whatever door they came through."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linewise.bank.database import literal, moment_literal, utc_database
from linewise.ledger.campaign_contacts import Claim
from linewise.ledger.claims_sent import claims_sent, is_exported
from linewise.ledger.contacts import SPOKEN_CHANNELS
from linewise.ledger.events import DO_NOT_CONTACT, HEARD
from linewise.ledger.outcomes_between import ToldOutcome, outcomes_between
from linewise.ledger.store import Ledger
from serving.campaigns.plan.files import TREATED, Plan
from serving.campaigns.reporting.responses import ResponsesRead, in_window, read_responses
from serving.campaigns.reporting.showings import write_showings

__all__ = ["Followed", "Groups", "follow"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

KEPT_DAYS = 90
"""For so long outcomes are kept for models, which follow each showing as long."""

KINDS = {"ordered": "ordered", "cancelled_in_cooling_off": "cancelled", "complaint_within_30d": "complaint"}
"""Outcomes of the record that are counted as they are, by the words of a file of responses."""

EVENTS = pa.schema(
    [
        pa.field("customer_id", pa.string()),
        pa.field("offer_id", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("moment", pa.timestamp("us", "UTC")),
        pa.field("day", pa.date32()),
        pa.field("value_amt", pa.int64()),
        pa.field("source", pa.string()),
        pa.field("decision_id", pa.string()),
    ]
)

SENT = pa.schema([pa.field("customer_id", pa.string()), pa.field("decision_id", pa.string())])

FLAGS = ("has_responded", "has_ordered_other", "has_complained", "has_opted_out", "has_heard_same", "has_heard_other")


@dataclass(frozen=True, slots=True)
class Groups:
    """Words, and the place of each customer's (n_customers,)."""

    words: tuple[str, ...]
    place: Integers


@dataclass(frozen=True, slots=True)
class Followed:
    """Everybody on the list or in its control, (n_customers,) in order of customer_id; amounts in minor units.

    has_responded: ordered the offer of the list within the days in which that counts, and did not cancel it;
    response_amt: what a response says that the order is worth, NaN where nothing was said. has_ordered_other: ordered
    something else in those days. has_heard_same, has_heard_other: heard of that offer, or of another one, otherwise
    than by this campaign. was_sent: whether an export claimed the contact and it still stands; None where nothing was
    exported. is_over: whether those days are over.
    """

    is_treated: Bools
    decile: Integers
    propensity: Floats
    uplift: Floats
    value_amt: Floats
    cost_amt: Floats
    offers: Groups
    channels: Groups
    segments: Groups
    has_responded: Bools
    response_amt: Floats
    has_ordered_other: Bools
    has_complained: Bools
    has_opted_out: Bools
    has_heard_same: Bools
    has_heard_other: Bools
    was_sent: Bools | None
    is_over: Bools
    read: ResponsesRead | None

    def __len__(self) -> int:
        return len(self.is_treated)

    @property
    def order_amt(self) -> Floats:
        """What an order of each is worth, as a response said or else as it was planned (value over uplift)."""
        planned = np.divide(self.value_amt, self.uplift, out=np.zeros(len(self)), where=self.uplift > 0)
        return np.where(np.isnan(self.response_amt), planned, self.response_amt)


def follow(
    plan: Plan,
    ledger: Ledger,
    now: datetime,
    responses: Path | None = None,
    showings_into: Path | None = None,
) -> Followed:
    """Look up what the record, and a file of responses where one is given, say of everybody in the plan.

    showings_into: a folder to which the showings and outcomes are written, as a model learns from them.
    Raises DataCheckFailed as read_responses does.
    """
    days, is_out = plan.brief.response_days, is_exported(ledger, plan.campaign_id)
    with _database(plan) as database:
        first, last = database.execute("SELECT min(send_not_before), max(send_not_before) FROM listed").fetchall()[0]
        if first is not None:
            until = min(last + timedelta(days=max(days, KEPT_DAYS)), now)
            for piece in outcomes_between(ledger, first, until):
                _keep(database, list(_events(piece)))
            for claims in claims_sent(ledger, first, until):
                own = [one for one in claims if one.campaign_id == plan.campaign_id]
                _keep(database, list(_heard(one for one in claims if one.campaign_id != plan.campaign_id)))
                told = {name: [getattr(one, name) for one in own] for name in ("customer_id", "decision_id")}
                _insert(database, pa.table(told, SENT), "INSERT INTO sent FROM piece")
        read = read_responses(database, responses, days) if responses is not None else None
        if showings_into is not None:
            ratio = plan.brief.holdout.control_ratio
            write_showings(database, showings_into, now, ratio, is_exported=is_out)
        rows = database.sql(_FOLLOWED.format(in_window=in_window(days), days=days, now=moment_literal(now)))
        return _followed(rows.to_arrow_table(), read, is_out=is_out)


_FOLLOWED = """
WITH own AS (
    SELECT listed.customer_id, kind, events.value_amt, events.offer_id = listed.offer_id AS is_same,
           kind = 'heard' AND NOT EXISTS (FROM sent WHERE sent.decision_id = events.decision_id) AS is_elsewhere
    FROM events JOIN listed USING (customer_id)
    WHERE kind <> 'cancelled' AND ({in_window}) AND NOT (kind = 'ordered' AND EXISTS (
        FROM events later WHERE later.kind = 'cancelled' AND later.customer_id = events.customer_id
        AND later.offer_id = events.offer_id
        AND coalesce(later.moment, later.day::TIMESTAMPTZ + INTERVAL 1 DAY)
            >= coalesce(events.moment, events.day::TIMESTAMPTZ)
    ))
),
told AS (
    SELECT customer_id,
           bool_or(kind = 'ordered' AND is_same) AS has_responded,
           max(value_amt) FILTER (kind = 'ordered' AND is_same) AS response_amt,
           bool_or(kind = 'ordered' AND NOT is_same) AS has_ordered_other,
           bool_or(kind = 'complaint') AS has_complained,
           bool_or(kind = 'opt_out') AS has_opted_out,
           bool_or(is_elsewhere AND is_same) AS has_heard_same,
           bool_or(is_elsewhere AND NOT is_same) AS has_heard_other
    FROM own GROUP BY customer_id
)
SELECT arm, decile, propensity, uplift, value_amt, cost_amt, offer_id, channel, segment,
       coalesce(has_responded, false) AS has_responded, response_amt,
       coalesce(has_ordered_other, false) AS has_ordered_other, coalesce(has_complained, false) AS has_complained,
       coalesce(has_opted_out, false) AS has_opted_out, coalesce(has_heard_same, false) AS has_heard_same,
       coalesce(has_heard_other, false) AS has_heard_other,
       customer_id IN (SELECT customer_id FROM sent) AS was_sent,
       send_not_before + to_days({days}) <= {now} AS is_over
FROM listed LEFT JOIN told USING (customer_id) ORDER BY customer_id
"""


@contextmanager
def _database(plan: Plan) -> Iterator[duckdb.DuckDBPyConnection]:
    with utc_database() as database:
        database.execute(f"CREATE TEMP VIEW listed AS FROM read_parquet({literal(str(plan.list_path))})")
        database.register("nothing", EVENTS.empty_table())
        database.execute("CREATE TEMP TABLE events AS SELECT * FROM nothing")
        database.register("nothing", SENT.empty_table())
        database.execute("CREATE TEMP TABLE sent AS FROM nothing")
        yield database


def _events(piece: Sequence[ToldOutcome]) -> Iterator[dict[str, object]]:
    for one in piece:
        kinds = [KINDS[one.outcome]] if one.outcome in KINDS else []
        if one.reason_code == DO_NOT_CONTACT and one.outcome == "declined":
            kinds.append("opt_out")
        # Who orders has not been told of it by that: the customer may have come by themselves.
        is_heard = one.outcome in HEARD - {"ordered"}
        if is_heard or (one.outcome == "shown" and one.channel not in SPOKEN_CHANNELS):
            kinds.append("heard")
        for kind in kinds:
            yield {
                "customer_id": one.customer_id,
                "offer_id": one.offer_id,
                "kind": kind,
                "moment": one.occurred_at,
                "source": "record",
                "decision_id": one.decision_id,
            }


def _heard(claims: Iterable[Claim]) -> Iterator[dict[str, object]]:
    """What other campaigns have sent."""
    for one in claims:
        yield {
            "customer_id": one.customer_id,
            "offer_id": one.offer_id,
            "kind": "heard",
            "moment": one.not_before,
            "source": "record",
            "decision_id": one.decision_id,
        }


def _keep(database: duckdb.DuckDBPyConnection, events: list[dict[str, object]]) -> None:
    """Those of customers of the list; of everybody else nothing is kept."""
    rows = pa.Table.from_pylist(events, schema=EVENTS)
    _insert(database, rows, "INSERT INTO events SELECT piece.* FROM piece SEMI JOIN listed USING (customer_id)")


def _insert(database: duckdb.DuckDBPyConnection, rows: pa.Table, sql: str) -> None:
    database.register("piece", rows)
    database.execute(sql)
    database.unregister("piece")


def _followed(rows: pa.Table, read: ResponsesRead | None, *, is_out: bool) -> Followed:
    def floats(name: str) -> Floats:
        return np.asarray(rows[name].to_numpy(), dtype=np.float64)

    def flags(name: str) -> Bools:
        return np.asarray(rows[name].to_numpy(), dtype=np.bool_)

    return Followed(
        is_treated=np.asarray(rows["arm"].to_numpy() == TREATED, dtype=np.bool_),
        decile=np.asarray(rows["decile"].to_numpy(), dtype=np.int64),
        propensity=floats("propensity"),
        uplift=floats("uplift"),
        value_amt=floats("value_amt"),
        cost_amt=floats("cost_amt"),
        offers=_groups(rows["offer_id"]),
        channels=_groups(rows["channel"]),
        segments=_groups(rows["segment"]),
        response_amt=floats("response_amt"),
        was_sent=flags("was_sent") if is_out else None,
        is_over=flags("is_over"),
        read=read,
        **{name: flags(name) for name in FLAGS},
    )


def _groups(column: pa.ChunkedArray) -> Groups:
    words = sorted(set(column.unique().to_pylist()))
    place = pa.compute.index_in(column, value_set=pa.array(words, pa.string()))
    return Groups(tuple(words), np.asarray(place.to_numpy(), dtype=np.int64))
