"""Card holders at dates of the bank's past: by how much their line was raised then, and what became of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linewise.bank.rates import bank_rates, in_home_currency
from linewise.bank.tables import Bank
from training.labels import AmountLabels, Labels
from training.querying import floats, moments, paths_of, query, texts

__all__ = ["DEFAULT_DAYS", "HORIZON_DAYS", "CardCases", "card_cases"]

DEFAULT_DAYS = 90
HORIZON_DAYS = 365
HISTORY_DAYS = 180
"""Of statements before the first date, so that the features of half a year say what they say later on."""

TRIED_COLUMN = "x_is_randomised"
"""By which a bank says that chance alone decided what was shown."""

STALE_DAYS = 62
"""A last statement older than two cycles tells of a line that is closed, unless it is in default."""

Floats = npt.NDArray[np.float64]

# A supplementary card draws on the line of the principal; cards of one limit group share a line.
_CASES = """
WITH lines AS (
    SELECT account_id, customer_id, greatest(opened_at, recorded_at) AS known_at, closed_at,
           coalesce(limit_group, account_id) AS line
    FROM read_parquet($accounts) WHERE permanent_limit_amt IS NOT NULL AND card_role <> 'supplementary'
),
dates AS (
    SELECT unnest(generate_series(
        date_trunc('month', min(recorded_at) + to_days($history)) + INTERVAL 1 MONTH,
        $until - to_days($horizon), INTERVAL 1 MONTH)) AS as_of
    FROM read_parquet($statements)
),
held AS (
    SELECT lines.*, as_of FROM lines JOIN dates
    ON known_at <= as_of AND (closed_at IS NULL OR closed_at > as_of)
),
behind AS (
    SELECT account_id, recorded_at, cycle_end_at, days_past_due FROM read_parquet($statements)
    ORDER BY recorded_at, cycle_end_at
),
standing AS (
    SELECT held.customer_id, as_of, max(coalesce(days_past_due, 0)) AS days_past_due
    FROM held ASOF LEFT JOIN behind ON held.account_id = behind.account_id AND held.as_of >= behind.recorded_at
    GROUP BY ALL
),
moved AS (
    SELECT customer_id, as_of, sum(raise_amt) AS raise_amt, bool_or(is_cut) AS is_cut FROM (
        SELECT held.customer_id, as_of, line, max(greatest(new_limit_amt - old_limit_amt, 0)) AS raise_amt,
               bool_or(new_limit_amt < old_limit_amt) AS is_cut
        FROM held JOIN read_parquet($limit_changes) c
        ON c.account_id = held.account_id AND changed_at > as_of AND changed_at <= as_of + INTERVAL 1 MONTH
        GROUP BY ALL
    ) GROUP BY ALL
),
drawn AS (
    SELECT DISTINCT held.customer_id, as_of, true AS is_randomised FROM held JOIN tried
    ON tried.customer_id = held.customer_id AND shown_at > as_of AND shown_at <= as_of + INTERVAL 1 MONTH
),
cases AS (
    SELECT customer_id, as_of, coalesce(raise_amt, 0)::DOUBLE AS raise_amt,
           coalesce(is_randomised, false) AS is_randomised,
           row_number() OVER (
               ORDER BY coalesce(raise_amt, 0) = 0 AND is_randomised IS NULL,
                        md5(concat_ws('|', $seed, customer_id, as_of)), customer_id, as_of
           ) AS place
    FROM standing LEFT JOIN moved USING (customer_id, as_of) LEFT JOIN drawn USING (customer_id, as_of)
    WHERE standing.days_past_due < $default_days AND NOT coalesce(is_cut, false)
      AND (raise_amt > 0 OR is_randomised OR month(as_of) IN (1, 4, 7, 10))
)
SELECT customer_id, as_of, raise_amt, is_randomised FROM cases WHERE place <= $most ORDER BY as_of, customer_id
"""

_TRIED = """
SELECT customer_id, shown_at FROM read_parquet($exposures)
WHERE offer_id LIKE 'LIMIT_%' AND x_is_randomised AND recorded_at <= $until
"""
_NOBODY = pa.table({"customer_id": pa.array([], pa.string()), "shown_at": pa.array([], pa.timestamp("us", tz="UTC"))})

_OUTCOMES = """
WITH lines AS (
    SELECT account_id, customer_id, opened_at, closed_at, status FROM read_parquet($accounts)
    WHERE permanent_limit_amt IS NOT NULL
),
held AS (SELECT cases.place, cases.as_of, lines.* FROM cases JOIN lines USING (customer_id)),
failed AS (
    SELECT DISTINCT place FROM held JOIN statements USING (account_id)
    WHERE days_past_due >= $default_days AND recorded_at > as_of AND recorded_at <= as_of + to_days($horizon)
    UNION
    SELECT place FROM held
    WHERE status = 'charged_off' AND closed_at > as_of AND closed_at <= as_of + to_days($horizon)
),
ends AS (
    SELECT held.place, held.account_id, as_of + to_days($horizon) AS ends_at FROM held
),
ordered AS (SELECT * FROM statements ORDER BY account_id, cycle_end_at),
owed AS (
    SELECT place, sum(balance_amt) AS balance_amt
    FROM ends ASOF JOIN ordered ON ends.account_id = ordered.account_id AND ends.ends_at >= ordered.cycle_end_at
    WHERE balance_amt > 0 AND (cycle_end_at > ends_at - to_days($stale) OR days_past_due >= $default_days)
      AND cycle_end_at > ends_at - to_days($horizon)
    GROUP BY place
),
spent AS (
    SELECT place, sum(billing_amt) FILTER (NOT is_declined) AS spend_amt,
           sum(billing_amt) FILTER (is_declined) AS declined_amt
    FROM held JOIN purchases USING (account_id)
    WHERE posted_at > as_of AND posted_at <= as_of + to_days($horizon)
    GROUP BY place
),
left_us AS (
    SELECT place FROM held WHERE opened_at <= as_of + to_days($horizon) GROUP BY place
    HAVING bool_and(closed_at IS NOT NULL AND closed_at <= as_of + to_days($horizon))
       AND bool_or(closed_at > as_of AND status = 'closed')
       AND NOT bool_or(closed_at > as_of AND status = 'charged_off')
)
SELECT cases.place, (failed.place IS NOT NULL)::DOUBLE AS is_default,
       coalesce(balance_amt, 0)::DOUBLE AS balance_amt, coalesce(spend_amt, 0)::DOUBLE AS spend_amt,
       coalesce(declined_amt, 0)::DOUBLE AS declined_amt, (left_us.place IS NOT NULL)::DOUBLE AS has_left
FROM cases LEFT JOIN failed USING (place) LEFT JOIN owed USING (place) LEFT JOIN spent USING (place)
     LEFT JOIN left_us USING (place)
ORDER BY cases.place
"""

_PURCHASES = """
SELECT account_id, posted_at, recorded_at, billing_amt, is_declined, currency FROM read_parquet($transactions)
WHERE kind = 'purchase' AND recorded_at <= $until
  AND customer_id IN (SELECT customer_id FROM cases)
  AND account_id IN (SELECT account_id FROM read_parquet($accounts) WHERE permanent_limit_amt IS NOT NULL)
"""

_STATEMENTS = """
SELECT account_id, cycle_end_at, recorded_at, balance_amt, days_past_due, currency FROM read_parquet($statements)
WHERE recorded_at <= $until AND customer_id IN (SELECT customer_id FROM cases)
"""


@dataclass(frozen=True, slots=True)
class CardCases:
    """Card holders at dates, (n_rows,), each with what the year after the date brought; minor units.

    as_of: the first moment of a month. raise_amt: by how much the line was raised within the month after it,
    0 where it stayed. is_default: 90 days past due, or written off, within the year after. balance_amt: owed at
    the last statement of that year, also where it was written off. spend_amt: purchases of that year; declined_amt:
    what was tried to buy and refused in it, whatever for. has_left: the last card was closed within that year, and
    none of them written off. is_randomised: chance alone decided on a raise within that month, also where it left the
    line as it was; None where the bank does not say (a column `x_is_randomised` of its exposures, of offers named
    LIMIT_…).
    """

    customer_id: tuple[str, ...]
    as_of: npt.NDArray[np.datetime64]
    raise_amt: Floats
    is_default: Floats
    balance_amt: Floats
    spend_amt: Floats
    declined_amt: Floats
    has_left: Floats
    is_randomised: npt.NDArray[np.bool_] | None = None

    def default_labels(self) -> Labels:
        """Whether they went into default."""
        return Labels(y=self.is_default.astype(np.int64), **self._asked())

    def balance_labels(self) -> AmountLabels:
        """What they owed a year on."""
        return self._amount(self.balance_amt)

    def spend_labels(self) -> AmountLabels:
        """What they bought within the year."""
        return self._amount(self.spend_amt)

    def declined_labels(self) -> AmountLabels:
        """What of their purchases was declined within the year."""
        return self._amount(self.declined_amt)

    def attrition_labels(self) -> AmountLabels:
        """Whether they gave the last card back within the year."""
        return replace(self._amount(self.has_left), is_share=True)

    def _amount(self, amount_amt: Floats) -> AmountLabels:
        return AmountLabels(y=(amount_amt > 0).astype(np.int64), amount_amt=amount_amt, **self._asked())

    def _asked(self) -> dict[str, Any]:
        """What the labels of all models of card holders have in common."""
        return {
            "customer_id": self.customer_id,
            "as_of": self.as_of,
            "horizon_months": 12.0,
            "offer_values": np.empty((len(self.customer_id), 0)),
            "principal_amt": self.raise_amt,
            "owed_amt": self.balance_amt,
            "is_randomised": self.is_randomised,
        }


def card_cases(bank: Bank, until: datetime, rows_maximum: int, seed: int) -> CardCases:
    """Card holders at the beginnings of months that leave a year of outcome before `until`.

    Left out is who is in default at the date and whose line was cut in the month after it. Every row with a
    raise is kept, and every one on which chance decided; of the others those at the beginnings of quarters, drawn by
    `seed` down to `rows_maximum` in all. Drawing on the raise bends nothing: what is learnt is the outcome given it.
    """
    files = {name: paths_of(bank, name) for name in ("accounts", "statements", "limit_changes", "transactions")}
    window = {"until": until, "horizon": HORIZON_DAYS, "default_days": DEFAULT_DAYS}
    tells = bank.has("exposures") and any(one.name == TRIED_COLUMN for one in bank.columns("exposures"))
    exposures = {"until": until, "exposures": paths_of(bank, "exposures")} if tells else {}
    found = query(
        _CASES,
        {"tried": query(_TRIED, {}, exposures) if tells else _NOBODY},
        window
        | {name: files[name] for name in ("accounts", "statements", "limit_changes")}
        | {"history": HISTORY_DAYS, "seed": str(seed), "most": rows_maximum},
    )
    cases = found.append_column("place", pa.array(np.arange(found.num_rows)))
    rates, home_currency = bank_rates(bank), bank.manifest.currency
    until_only = {"until": until}
    statements = query(_STATEMENTS, {"cases": cases}, until_only | {"statements": files["statements"]})
    purchases = query(
        _PURCHASES,
        {"cases": cases},
        until_only | {name: files[name] for name in ("transactions", "accounts")},
    )
    outcomes = query(
        _OUTCOMES,
        {
            "cases": cases,
            "statements": in_home_currency(statements, rates, home_currency, ("balance_amt",)),
            "purchases": in_home_currency(purchases, rates, home_currency, ("billing_amt",)),
        },
        {"horizon": HORIZON_DAYS, "default_days": DEFAULT_DAYS, "stale": STALE_DAYS, "accounts": files["accounts"]},
    )
    return CardCases(
        customer_id=texts(found, "customer_id"),
        as_of=moments(found),
        raise_amt=floats(found, "raise_amt"),
        is_default=floats(outcomes, "is_default"),
        balance_amt=floats(outcomes, "balance_amt"),
        spend_amt=floats(outcomes, "spend_amt"),
        declined_amt=floats(outcomes, "declined_amt"),
        has_left=floats(outcomes, "has_left"),
        is_randomised=np.asarray(found["is_randomised"].to_pylist(), dtype=np.bool_) if tells else None,
    )
