"""The feature store beside Feast as it comes: filling, joining for training, and reading one customer."""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from feast import FeatureStore

from benchmarks.one_join import ASKED
from benchmarks.plain_feast import plain_feast
from benchmarks.rows import Row, beside
from benchmarks.synthetic_rows import customer_ids, month_ends, write_rows
from features.catalogue import FEATURE_NAMES
from features.online import OnlineStore
from features.store import applied_store, quietly
from features.view import VIEW
from linewise.core.home import Home

__all__ = ["rows"]

FILLED, FILLED_BY_RIVAL = 100_000, 5_000
# A year of monthly dates, as a backfill writes them, makes a million rows and a million pairs.
JOINED, JOINED_DATES = 84_000, 12
PEAK_GB = 4.0
READS_A_RUN, CALLS_A_RUN = 500, 200


def rows() -> Iterator[Row]:
    """Rows written as a build writes them, of the catalogue's width; values are compared before anything is timed."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _online(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield _join(Home(Path(folder)))


def _online(folder: Path) -> Iterator[Row]:
    large, small, moments = Home(folder / "large"), Home(folder / "small"), month_ends(1)
    write_rows(large, FILLED, moments)
    write_rows(small, FILLED_BY_RIVAL, moments)
    ours, ours_of_small, plain = applied_store(large), applied_store(small), plain_feast(small, folder / "plain")

    def fill(store: FeatureStore) -> None:
        with quietly():
            store.materialize(moments[0], moments[0])

    fill(ours_of_small)
    fill(plain)
    _enforce_equal(ours_of_small, plain)
    yield beside(
        "online store, fill",
        partial(fill, ours),
        partial(fill, plain),
        bar=">=60",
        runs=3,
        units=(FILLED, FILLED_BY_RIVAL),
        note=f"feast materialize of {FILLED:,} customers × {len(FEATURE_NAMES)} features by our engine beside "
        f"{FILLED_BY_RIVAL:,} by Feast's into its SQLite store; equal when read back; seconds a customer",
    )
    with closing(_bare(large, folder / "bare.db")) as connection:
        yield _one_customer(large, connection)
    yield beside(
        "get_online_features of one customer",
        _calls(ours_of_small),
        _calls(plain),
        bar="<=1.0",
        runs=21,
        units=(CALLS_A_RUN, CALLS_A_RUN),
        note="Feast's own call on the packed store beside the same call on Feast's SQLite store; equal when read; "
        f"in runs of {CALLS_A_RUN}, for Feast reads the registry anew where two stores take turns; seconds a call",
    )


def _calls(store: FeatureStore) -> Callable[[], None]:
    service, ids = store.get_feature_service("decisioning"), cycle(customer_ids(FILLED_BY_RIVAL))

    def call() -> None:
        for _ in range(CALLS_A_RUN):
            store.get_online_features(service, [{"customer_id": next(ids)}]).to_dict()

    return call


def _one_customer(home: Home, connection: sqlite3.Connection) -> Row:
    store, shuffled = OnlineStore(home), np.random.default_rng(0).permutation(customer_ids(FILLED)).tolist()
    a, b = cycle(shuffled), cycle(shuffled)

    def through_the_store() -> None:
        for _ in range(READS_A_RUN):
            store.read([next(a)])

    def bare() -> None:
        for _ in range(READS_A_RUN):
            row = connection.execute("select packed from rows where key = ?", (next(b),)).fetchone()
            np.frombuffer(row[0])

    return beside(
        "online() of one customer, reading the packed row through the store class itself",
        through_the_store,
        bare,
        bar="<=4",
        runs=100,
        units=(READS_A_RUN, READS_A_RUN),
        note=f"OnlineStore.read: the live generation looked up, definitions, date and values, of {FILLED:,} customers; "
        "rival: a primary key of an open SQLite connection and np.frombuffer; seconds a customer",
    )


def _bare(home: Home, path: Path) -> sqlite3.Connection:
    """The same packed values in a table of key and bytes."""
    ids = customer_ids(FILLED)
    values = OnlineStore(home).read(ids).values
    connection = sqlite3.connect(path)
    connection.execute("create table rows (key text primary key, packed blob not null)")
    with connection:
        connection.executemany(
            "insert into rows values (?, ?)", ((one, row.tobytes()) for one, row in zip(ids, values, strict=True))
        )
    return connection


def _enforce_equal(ours: FeatureStore, plain: FeatureStore) -> None:
    entities = [{"customer_id": customer_id} for customer_id in customer_ids(FILLED_BY_RIVAL)]
    references = [f"{VIEW}:{name}" for name in FEATURE_NAMES]
    answers = [store.get_online_features(references, entities).to_df() for store in (ours, plain)]
    one, other = (answer[list(FEATURE_NAMES)].to_numpy(dtype=np.float64) for answer in answers)
    np.testing.assert_array_equal(one, other)


def _join(home: Home) -> Row:
    write_rows(home, JOINED, month_ends(JOINED_DATES))
    # In turn, lest one of them has the quieter half of the machine's time.
    ours = [_one_join(home, "ours", 3), _one_join(home, "ours", 3)]
    rival = _one_join(home, "feast", 2)
    ours.append(_one_join(home, "ours", 3))
    seconds, peak = statistics.median(one["seconds"] for one in ours), max(one["peak_gb"] for one in ours)
    ratio, is_equal = rival["seconds"] / seconds, {one["hash"] for one in ours} == {rival["hash"]}
    return Row(
        f"point-in-time join, 1 M rows × {ASKED}",
        round(seconds, 3),
        round(rival["seconds"], 3),
        round(ratio, 3),
        ">=8",
        ratio >= 8 and peak <= PEAK_GB and is_equal,
        f"get_historical_features of {rival['rows']:,} pairs, {JOINED:,} customers at {JOINED_DATES} monthly dates, by "
        f"our offline store at {peak:.1f} GB (of {PEAK_GB:.0f} at most) beside Feast's DuckDB store at "
        f"{rival['peak_gb']:.1f} GB, peaks of whole processes; results {'equal' if is_equal else 'NOT EQUAL'}; seconds",
    )


def _one_join(home: Home, who: str, runs: int) -> dict[str, Any]:
    call = [sys.executable, "-m", "benchmarks.one_join", str(home.root), *map(str, (JOINED, JOINED_DATES, who, runs))]
    done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
