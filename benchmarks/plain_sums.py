"""One DuckDB query of 80 sums, written as its user would: 16 categories × 5 windows, over the bank's own Parquet."""

from datetime import datetime
from pathlib import Path

import duckdb

from linewise.bank.database import literal, moment_literal
from linewise.bank.tables import Bank

__all__ = ["plain_sums"]

MERCHANT_CODES = (
    "4111", "4511", "4814", "5311", "5411", "5541", "5732", "5812", "5912", "5942", "5999", "7011", "7995",
)  # fmt: skip
KINDS = ("transfer_in", "cash_withdrawal", "fee")
WINDOWS = (7, 30, 90, 180, 365)
DAY_US = 86_400_000_000


def plain_sums(bank: Bank, as_of: datetime, target: Path) -> None:
    """Write a row a customer with the sums of what was known at `as_of`; DuckDB with two threads, newly opened."""
    categories = [*(f"mcc = '{code}'" for code in MERCHANT_CODES), *(f"kind = '{kind}'" for kind in KINDS)]
    sums = ", ".join(
        f"sum(CASE WHEN {category} AND age_days < {days} THEN billing_amt END) AS s{place}_{days}d"
        for place, category in enumerate(categories)
        for days in WINDOWS
    )
    files = ", ".join(literal(str(path)) for path in bank.files("transactions"))
    now = moment_literal(as_of)
    query = f"""
        COPY (
            SELECT customer_id, {sums}
            FROM (
                SELECT customer_id, mcc, kind, billing_amt,
                    (epoch_us({now}) - epoch_us(posted_at)) // {DAY_US} AS age_days
                FROM read_parquet([{files}])
                WHERE posted_at <= {now} AND recorded_at <= {now}
            )
            GROUP BY customer_id
        ) TO {literal(str(target))} (FORMAT parquet)
    """
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2")
        engine.execute(query)
