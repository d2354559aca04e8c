"""All features for one date and for twelve, beside one DuckDB query of 80 sums; and beside pandas."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pandas_sums import additive_names, pandas_sums
from benchmarks.rows import Row, beside
from features.building import build_features, computed, observation_pairs
from features.catalogue import FEATURES
from linewise.core.home import Home
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World

__all__ = ["rows"]

MONTHS = 12
SIZES = (10_000, 100_000, 1_000_000)
NEEDED_BYTES = 20_000_000_000
PEAK_GB = 8.0
# Of a million customers a run takes minutes, and is long enough to be told apart from the machine's noise.
RUNS = {10_000: 5, 100_000: 3, 1_000_000: 1}

# Two million transactions of a year.
PANDAS_CUSTOMERS = 17_400

ONE_DATE = "all features for one date from 100 M transactions"
THE_SAME = "the same"
TWELVE_DATES = "12 monthly dates in one backfill"


def rows() -> Iterator[Row]:
    """Beside pandas; then each size in turn: one date, twelve, and what a further date costs."""
    yield _beside_pandas()
    for customers in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            if customers == SIZES[-1] and (free := shutil.disk_usage(folder).free) < NEEDED_BYTES:
                told = f"{free / 1e9:.0f} GB are free in {folder}, and {NEEDED_BYTES / 1e9:.0f} GB were expected"
                print(f"{told}: {customers:,} customers are left out.", file=sys.stderr)
                return
            home = Home(Path(folder))
            simulate_bank(home, World(customer_count=customers, month_count=MONTHS))
            one = _beside(home, ONE_DATE, dates=1, bar=3.0, runs=max(RUNS[customers], 3))
            yield one
            twelve = _beside(home, TWELVE_DATES, dates=12, bar=0.9, runs=RUNS[customers])
            further = (twelve.ours - one.ours) / 11
            yield replace(
                twelve, note=f"{twelve.note}; a further date costs {further:.2f} s, the first {one.ours:.2f} s"
            )


def _beside_pandas() -> Row:
    """The additive features of one date by the engine and in pandas, from files to a file of equal values."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        bank = simulate_bank(home, World(customer_count=PANDAS_CUSTOMERS, month_count=MONTHS))
        as_of, names = bank.manifest.horizon, additive_names()
        pairs, ours_at, theirs_at = (
            observation_pairs(bank, as_of),
            home.root / "ours.parquet",
            home.root / "sums.parquet",
        )

        def ours() -> pa.Table:
            rows = pa.concat_tables([rows for _, rows in computed(bank, pairs, names, workers=2)])
            pq.write_table(rows, ours_at)
            return rows

        theirs = pandas_sums(bank, as_of, theirs_at)
        same = ours().to_pandas().set_index("customer_id").loc[theirs.index, list(names)].astype("int64").equals(theirs)
        whole = statistics.median(_seconds_of_a_build(home, pairs) for _ in range(3))
        note = (
            f"the same {len(names)} sums and counts of {bank.manifest.tables['transactions'].rows:,} transactions on "
            f"both sides, files to file, values {'equal' if same else 'NOT EQUAL'}; all {len(FEATURES)} features, of "
            f"the other tables too, are built in {whole:.2f} s; seconds"
        )
        row = beside(THE_SAME, ours, partial(pandas_sums, bank, as_of, theirs_at), bar=">=3", runs=5, note=note)
        return replace(row, ok=row.ok and same)


def _seconds_of_a_build(home: Home, pairs: pa.Table) -> float:
    began = time.perf_counter()
    build_features(home, pairs)
    return time.perf_counter() - began


def _beside(home: Home, name: str, *, dates: int, bar: float, runs: int) -> Row:
    """Both in turn, A B A B, each run a process of its own; the medians are compared."""
    told = [(_one_build("ours", home, dates), _one_build("rival", home, dates)) for _ in range(runs)]
    ours, rival = (statistics.median(run[side]["seconds"] for run in told) for side in (0, 1))
    peak_gb = max(run[0]["peak_gb"] for run in told)
    ratio = ours / rival
    first = told[0][0]
    note = (
        f"{first['customers']:,} customers, {first['transactions']:,} transactions, {len(FEATURES)} features, "
        f"{runs} runs, rows written; peak {peak_gb:.2f} GB of {PEAK_GB:.0f}, rival {told[0][1]['peak_gb']:.2f} GB; "
        f"seconds for {dates} date{'s' if dates > 1 else ''}"
    )
    is_ok = ratio <= bar and peak_gb <= PEAK_GB
    return Row(name, round(ours, 3), round(rival, 3), round(ratio, 3), f"<={bar:g}", is_ok, note)


def _one_build(who: str, home: Home, dates: int) -> dict[str, Any]:
    call = [sys.executable, "-m", "benchmarks.one_build", who, str(home.root), str(dates)]
    done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
