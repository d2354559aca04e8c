"""Lines that were opened or raised lately: whether they fall overdue earlier than those before them."""

from datetime import datetime

from scipy.stats import beta

from linewise.bank.tables import Bank
from training.drift.report import Moved
from training.drift.thresholds import DriftThresholds
from training.querying import integers, paths_of, query, texts

__all__ = ["vintages_moved"]

DAYS_A_STATEMENT = 31
LATE_DAYS = 30
RECENT_DAYS = 92
FORMER_DAYS = 365

_CASES = """
WITH grants AS (
    SELECT account_id, changed_at AS granted_at, 'raised' AS what FROM read_parquet($limit_changes)
    WHERE new_limit_amt > old_limit_amt AND recorded_at <= $until
    UNION ALL
    SELECT account_id, opened_at, 'opened' FROM read_parquet($accounts)
    WHERE permanent_limit_amt IS NOT NULL AND recorded_at <= $until
),
ripe AS (
    SELECT * FROM grants WHERE granted_at <= $until - to_days($ripe)
      AND granted_at > $until - to_days($ripe + $recent + $former)
),
late AS (
    SELECT DISTINCT ripe.account_id, ripe.granted_at, what FROM ripe JOIN read_parquet($statements) s
    ON s.account_id = ripe.account_id AND cycle_end_at > ripe.granted_at
       AND cycle_end_at <= ripe.granted_at + to_days($window) AND s.recorded_at <= $until AND days_past_due >= $late
)
SELECT what, (granted_at > $until - to_days($ripe + $recent))::INT8 AS is_recent,
       count(*) AS cases, count(late.account_id) AS late_cases
FROM ripe LEFT JOIN late USING (account_id, granted_at, what) GROUP BY ALL ORDER BY ALL
"""


def vintages_moved(bank: Bank, as_of: datetime, asked: DriftThresholds) -> list[Moved]:
    """Of lines opened, and raised, in the last ripe quarter: how often overdue early, a multiple of the year before.

    Ripe: the statements by which "early" is meant have all been seen. Too few cases say nothing and are left out.
    """
    if not all(bank.has(table) for table in ("accounts", "limit_changes", "statements")):
        return []
    window = asked.vintage_statements * DAYS_A_STATEMENT
    found = query(
        _CASES,
        {},
        {name: paths_of(bank, name) for name in ("accounts", "limit_changes", "statements")}
        | {"until": as_of, "ripe": window + LATE_DAYS, "recent": RECENT_DAYS, "former": FORMER_DAYS, "window": window,
           "late": asked.vintage_past_due_days},
    )  # fmt: skip
    cells = {
        (what, recent): (cases, late)
        for what, recent, cases, late in zip(
            texts(found, "what"), *(integers(found, name).tolist() for name in ("is_recent", "cases", "late_cases")),
            strict=True,
        )
    }  # fmt: skip
    return [
        moved
        for what in ("opened", "raised")
        if (moved := _moved(what, cells.get((what, 1), (0, 0)), cells.get((what, 0), (0, 0)), asked)) is not None
    ]


def _moved(what: str, recent: tuple[int, int], former: tuple[int, int], asked: DriftThresholds) -> Moved | None:
    if min(recent[0], former[0]) < asked.cases_least or former[1] == 0:
        return None
    expected = former[1] / former[0]
    ratio = recent[1] / recent[0] / expected
    # Given what was seen, how likely the true share is no higher than what it was before.
    p = float(beta.cdf(expected, recent[1] + 0.5, recent[0] - recent[1] + 0.5))
    return Moved(
        part="vintage",
        what=f"lines {what}",
        figure=ratio,
        bound=f"at most {asked.vintage_ratio_most:g}",
        is_alarm=ratio > asked.vintage_ratio_most and p < asked.test_p,
        says=f"{recent[1]} of {recent[0]} overdue early, {former[1]} of {former[0]} in the year before",
    )
