"""How accounts whose line was raised have rolled since: from one bucket of days past due to the worst that came."""

from datetime import datetime

from linewise.bank.database import literal, utc_database
from linewise.bank.tables import Bank
from linewise.quality.curves import Figures
from linewise.quality.intervals import Measured, wilson
from serving.campaigns.plan.files import Plan

__all__ = ["BUCKETS", "NEEDED", "Roll", "RollRates", "roll_rates_of"]

BUCKETS = ("current", "1 to 29 days", "30 to 59 days", "60 days or more")
NEEDED = ("limit_changes", "statements")


class Roll(Figures):
    """Accounts of one arm in one bucket when their line was raised, and how many came into a worse one since."""

    arm: str
    bucket: str
    account_count: int
    worse_count: int
    worse: Measured


class RollRates(Figures):
    """Raises in the days of response, and how the accounts stood at their worst in the statements since."""

    raised_count: int
    rolls: tuple[Roll, ...]


_ROLLS = """
WITH raised AS (
    SELECT arm, change.account_id, min(changed_at) AS raised_at
    FROM read_parquet({changes}) change JOIN read_parquet({listed}) listed USING (customer_id)
    WHERE new_limit_amt > old_limit_amt AND change.recorded_at <= $until
      AND changed_at >= send_not_before AND changed_at < send_not_before + to_days($days)
    GROUP BY ALL
),
dated AS (
    SELECT account_id, cycle_end_at,
           CASE WHEN days_past_due < 1 THEN 0 WHEN days_past_due < 30 THEN 1 WHEN days_past_due < 60 THEN 2 ELSE 3 END
           AS bucket
    FROM read_parquet({statements}) WHERE recorded_at <= $until AND days_past_due IS NOT NULL
),
rolled AS (
    SELECT arm, account_id,
           arg_max(bucket, cycle_end_at) FILTER (cycle_end_at <= raised_at) AS before,
           max(bucket) FILTER (cycle_end_at > raised_at) AS worst
    FROM raised JOIN dated USING (account_id) GROUP BY ALL
)
SELECT arm, before, count(*), count(*) FILTER (worst > before) FROM rolled
WHERE before IS NOT NULL AND worst IS NOT NULL GROUP BY ALL ORDER BY arm DESC, before
"""

_RAISED = """
SELECT count(DISTINCT change.account_id)
FROM read_parquet({changes}) change JOIN read_parquet({listed}) listed USING (customer_id)
WHERE new_limit_amt > old_limit_amt AND change.recorded_at <= $until
  AND changed_at >= send_not_before AND changed_at < send_not_before + to_days($days)
"""


def roll_rates_of(plan: Plan, bank: Bank, until: datetime) -> RollRates | None:
    """The roll rates of both arms by what the bank had recorded by `until`; None where it delivers no such tables.

    They are told of whoever was raised, by whatever door: who accepts a raise is not who was offered one, so that the
    difference of the arms is no effect of the raise.
    """
    if any(not bank.has(name) for name in NEEDED):
        return None
    files = {
        name: "[" + ", ".join(literal(str(path)) for path in paths) + "]"
        for name, paths in (
            ("changes", bank.files("limit_changes")),
            ("statements", bank.files("statements")),
            ("listed", [plan.list_path]),
        )
    }
    with utc_database() as database:
        values = {"until": until, "days": plan.brief.response_days}
        raised = database.execute(_RAISED.format(**files), values).fetchall()[0][0]
        rows = database.execute(_ROLLS.format(**files), values).fetchall()
    rolls = [
        Roll(
            arm=str(arm),
            bucket=BUCKETS[before],
            account_count=int(count),
            worse_count=int(worse),
            worse=wilson(int(worse), int(count)),
        )
        for arm, before, count, worse in rows
    ]
    return RollRates(raised_count=int(raised), rolls=tuple(rolls))
