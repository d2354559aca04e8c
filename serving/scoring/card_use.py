"""What the postings of card accounts come to, summed once when a bank is opened: rows are too many to keep."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from dateutil.relativedelta import relativedelta
from numpy.typing import NDArray

from linewise.bank.database import utc_database
from linewise.bank.rates import in_home_currency, rates_of
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc
from linewise.core.money import minor_units
from linewise.decisioning.types import Floats, Ints
from serving.scoring.facts import Roster
from serving.scoring.keyed import NEVER, days_between, microseconds
from serving.scoring.sight import Sight

__all__ = ["CardUse", "card_use_columns", "read_card_use"]

MONTHS_BACK = 18
"""Of persistent debt (interest and fees above the principal repaid): the window of the rule."""

CAROUSEL_DAYS, CAROUSEL_LEAST = 90, 3
"""A carousel sends round sums, whole hundreds, to one merchant of its own again and again: three within 90 days."""

_LAST_USE = """
SELECT a.customer_id, max(a.opened_at) AS opened_at, max(t.posted_at) AS used_at
FROM read_parquet($accounts) a
JOIN (FROM read_parquet($customers) WHERE customer_id BETWEEN $first AND $last) c USING (customer_id)
LEFT JOIN read_parquet($transactions) t
    ON t.account_id = a.account_id AND t.customer_id = a.customer_id AND NOT t.is_declined
    AND t.kind IN ('purchase', 'cash_advance', 'cash_withdrawal', 'transfer_out') AND t.direction = 'debit'
    AND greatest(t.posted_at, t.recorded_at) <= least($now, coalesce(c.observed_until, $now))
WHERE a.card_role <> 'none' AND greatest(a.opened_at, a.recorded_at) <= least($now, coalesce(c.observed_until, $now))
GROUP BY ALL ORDER BY ALL
"""
_COSTS = """
SELECT t.customer_id, CASE WHEN t.currency <> $home THEN t.recorded_at END AS recorded_at, t.currency,
    CAST(sum(t.billing_amt) AS BIGINT) AS amount
FROM read_parquet($transactions) t
JOIN read_parquet($accounts) a ON t.account_id = a.account_id AND t.customer_id = a.customer_id
JOIN (FROM read_parquet($customers) WHERE customer_id BETWEEN $first AND $last) c ON t.customer_id = c.customer_id
WHERE a.card_role <> 'none' AND NOT t.is_declined AND t.kind IN ('fee', 'interest', 'penalty_interest')
    AND t.posted_at > $since
    AND greatest(t.posted_at, t.recorded_at) <= least($now, coalesce(c.observed_until, $now))
GROUP BY ALL ORDER BY ALL
"""
_REPAID = """
SELECT p.customer_id, CASE WHEN p.currency <> $home THEN p.recorded_at END AS recorded_at, p.currency,
    CAST(sum(p.payment_amt) AS BIGINT) AS amount
FROM read_parquet($payments) p
JOIN (FROM read_parquet($customers) WHERE customer_id BETWEEN $first AND $last) c USING (customer_id)
WHERE p.paid_at > $since AND greatest(p.paid_at, p.recorded_at) <= least($now, coalesce(c.observed_until, $now))
GROUP BY ALL ORDER BY ALL
"""
_CAROUSEL = """
WITH bought AS (
    SELECT t.customer_id, t.account_id, t.merchant_id, t.billing_amt
    FROM read_parquet($transactions) t
    JOIN (FROM read_parquet($customers) WHERE customer_id BETWEEN $first AND $last) c ON t.customer_id = c.customer_id
    WHERE t.kind = 'purchase' AND t.direction = 'debit' AND NOT t.is_declined AND t.merchant_id IS NOT NULL
        AND t.posted_at > $since
        AND greatest(t.posted_at, t.recorded_at) <= least($now, coalesce(c.observed_until, $now))
), round AS MATERIALIZED (
    SELECT customer_id, account_id, sum(billing_amt) AS round_amt
    FROM bought WHERE billing_amt % $round = 0
    GROUP BY customer_id, account_id, merchant_id HAVING count(*) >= $least
), told AS (
    SELECT account_id, sum(billing_amt) AS total_amt
    FROM bought WHERE account_id IN (SELECT account_id FROM round) GROUP BY account_id
)
SELECT b.customer_id, max(b.round_amt / a.permanent_limit_amt) AS ratio
FROM round b JOIN told USING (account_id)
JOIN read_parquet($accounts) a ON a.account_id = b.account_id AND a.customer_id = b.customer_id
WHERE a.card_role <> 'none' AND a.permanent_limit_amt > 0 AND 2 * b.round_amt >= told.total_amt
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class CardUse:
    """By place in the roster, (n_all,): moments in microseconds (NEVER for none), minor units of 18 months.

    as_of: up to when postings were looked at; a decision for an earlier moment must not use them.
    carousel_ratio: what went in round sums to one merchant within CAROUSEL_DAYS, as a share of the line, where
    it was at least half of what was bought; 0 where there was no such merchant.
    """

    as_of: datetime
    opened_at: Ints
    used_at: Ints
    cost_amt: Floats
    repaid_amt: Floats
    carousel_ratio: Floats


def read_card_use(bank: Bank, roster: Roster, now: datetime) -> CardUse:
    """Go through the postings of the roster's customers once, as they were known at that moment."""
    ids = pa.array(list(roster.row_of), pa.string())
    among = (ids[0].as_py(), ids[-1].as_py()) if len(ids) else ("", "")
    at = as_utc(now)
    tables = ("accounts", "customers", "transactions", "payments")
    given: dict[str, Any] = {name: [str(path) for path in bank.files_among(name, among)] for name in tables}
    given |= dict(zip(("first", "last"), among, strict=True))
    # Only what is in another currency needs its day: it counts at that day's rate.
    given |= {"now": at, "since": at - relativedelta(months=MONTHS_BACK), "home": bank.manifest.currency}
    round_amt = 100 * 10 ** minor_units(bank.manifest.currency)
    of_carousel = {"since": at - timedelta(days=CAROUSEL_DAYS), "round": round_amt, "least": CAROUSEL_LEAST}
    rates = rates_of(bank.read("bank_facts"))
    with utc_database() as connection:

        def rows_of(query: str, *names: str) -> pa.Table:
            params = {name: given[name] for name in ("customers", "first", "last", *names)}
            return connection.sql(query, params=params).to_arrow_table()

        uses = rows_of(_LAST_USE, "accounts", "transactions", "now")
        costs = rows_of(_COSTS, "accounts", "transactions", "now", "since", "home")
        payments = rows_of(_REPAID, "payments", "now", "since", "home")
        given |= of_carousel
        carousels = rows_of(_CAROUSEL, "accounts", "transactions", "now", "since", "round", "least")
    owner = np.asarray(pc.index_in(uses["customer_id"], value_set=ids), dtype=np.int64)
    opened, used = (np.full(len(ids), NEVER) for _ in range(2))
    opened[owner], used[owner] = _moments(uses["opened_at"]), _moments(uses["used_at"])

    def summed(rows: pa.Table) -> Floats:
        home = in_home_currency(rows, rates, bank.manifest.currency, ("amount",))
        place = np.asarray(pc.index_in(home["customer_id"], value_set=ids), dtype=np.int64)
        return np.asarray(np.bincount(place, np.asarray(home["amount"], dtype=np.float64), len(ids)), dtype=np.float64)

    ratio = np.zeros(len(ids))
    ratio[np.asarray(pc.index_in(carousels["customer_id"], value_set=ids), dtype=np.int64)] = carousels["ratio"]
    return CardUse(at, opened, used, summed(costs), summed(payments), ratio)


def _moments(column: Any) -> Ints:
    in_us = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    return np.asarray(pc.fill_null(in_us, NEVER), dtype=np.int64)


def card_use_columns(use: CardUse, sight: Sight) -> dict[str, NDArray[Any]]:
    """Since when the card lies still, and what 18 months cost and repaid, (n_customers,).

    NaN where the decision is of a moment before the postings were looked at: some came later.
    """
    is_later = sight.now_us >= microseconds(use.as_of)
    used, opened = use.used_at[sight.places], use.opened_at[sight.places]
    since = np.where(used == NEVER, opened, np.maximum(used, np.where(opened == NEVER, -1, opened)))
    cost, repaid = use.cost_amt[sight.places], use.repaid_amt[sight.places]
    columns = {
        "no_use_days": days_between(since, sight.at),
        "no_use_months": _whole_months(since, sight.at),
        "interest_and_fees_paid_18m_amt": cost,
        "principal_paid_18m_amt": np.maximum(repaid - cost, 0.0),
        "carousel_ratio": use.carousel_ratio[sight.places],
    }
    unknown = np.full(len(sight), np.nan)
    return columns if is_later else dict.fromkeys(columns, unknown)


def _whole_months(since: Ints, until: Ints) -> Floats:
    """Whole months of the calendar between two moments in microseconds; NaN where the first never came."""
    is_known = since != NEVER
    begins, ends = (np.where(is_known, one, 0).astype("datetime64[us]") for one in (since, until))
    months = (ends.astype("datetime64[M]") - begins.astype("datetime64[M]")).astype(np.int64)
    # The month is whole once the day and hour in it are reached.
    into = [one - one.astype("datetime64[M]").astype("datetime64[us]") for one in (begins, ends)]
    return np.where(is_known, months - (into[1] < into[0]), np.nan).astype(np.float64)
