"""`python -m benchmarks.one_build ours|rival HOME DATES`: seconds and peak memory of features for so many dates.

A process of its own, so that the peak is the build's and nobody else's. What is timed is what a user gets, from the
bank's files to rows on disk; starting Python and loading the compiled walk is not.
"""

import json
import shutil
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from dateutil.relativedelta import relativedelta

from benchmarks.peak import peak_gb
from benchmarks.plain_sums import plain_sums
from features.building import build_features
from features.observation import dates_between, observation_pairs
from features.rows import rows_dir
from linewise.bank.tables import Bank, open_bank
from linewise.core.home import Home
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World

WARM_UP_CUSTOMERS = 50


def main(who: str, folder: Path, date_count: int) -> None:
    """Build once and print seconds, peak memory and the number of transactions as JSON."""
    bank = open_bank(Home(folder))
    dates = last_dates(bank, date_count)
    with tempfile.TemporaryDirectory() as scratch:
        small = simulate_bank(Home(Path(scratch)), World(customer_count=WARM_UP_CUSTOMERS, month_count=2))
        build(who, small, last_dates(small, 1))
    began = time.perf_counter()
    build(who, bank, dates)
    seconds = time.perf_counter() - began
    told = {
        "seconds": seconds,
        "peak_gb": peak_gb(),
        "transactions": bank.manifest.tables["transactions"].rows,
        "customers": bank.manifest.tables["customers"].rows,
    }
    print(json.dumps(told))


def last_dates(bank: Bank, count: int) -> list[datetime]:
    """So many dates a month apart, the last of them where the bank's data end."""
    end = bank.manifest.horizon
    return dates_between(end - relativedelta(months=count - 1), end, "month")


def build(who: str, bank: Bank, dates: list[datetime]) -> None:
    """All features of all customers at all dates by one build, or the rival's query once a date."""
    if who == "ours":
        build_features(bank.home, observation_pairs(bank, dates[-1], dates))
        # The next build is to compute as much as this one.
        shutil.rmtree(rows_dir(bank.home))
        return
    with tempfile.TemporaryDirectory(dir=bank.home.root) as folder:
        for place, date in enumerate(dates):
            plain_sums(bank, date, Path(folder) / f"{place}.parquet")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
