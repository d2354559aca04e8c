"""A durable record beside a bare SQLite commit, by one writer and by sixteen, and a million records verified."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.rows import Row, beside
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from linewise.ledger.record import DecisionRecord, write_decisions
from linewise.ledger.store import Ledger, open_ledger
from linewise.ledger.verifying import verify_record

__all__ = ["rows"]

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
RECORDS = 1_000_000
CHUNK = 5_000
CALLERS = 500
"""Customers who call, each known to the record from an earlier decision."""
EACH = 20
"""Commits of one writer in one run."""


def _decision(number: int, customers: int, inputs: dict[str, Any], answer: dict[str, Any]) -> DecisionRecord:
    customer_id = f"C{number % customers:08d}"
    return DecisionRecord(f"D{number:012d}", customer_id, NOW, NOW, "voice", "r" * 64, 7, inputs, answer)


def _call(number: int) -> DecisionRecord:
    """As large as a decision on a call: some three hundred values, three offers, a curve, a schedule."""
    inputs = {"features": {f"feature_{i:03d}_ratio": (i * 7919 + number) % 10_007 / 9_973 for i in range(250)}}
    lines = [{"number": i, "payment_amt": 120_000 + i, "interest_amt": 900 - i} for i in range(36)]
    curve = [{"limit_amt": 100_000 * i, "expected_profit_amt": 1_234 * i, "pd_12m": i / 997} for i in range(25)]
    offers = [
        {"title": "金卡，首年免年费", "talk_track": "您常在境外用卡。" * 20, "propensity": 0.1 + i / 97}
        for i in range(3)
    ]
    return _decision(
        number, CALLERS, inputs, {"offers": offers, "limit": {"curve": curve}, "plans": [{"schedule": lines}]}
    )


def _row(number: int) -> DecisionRecord:
    """As compact as a row of whole-base scoring."""
    return _decision(
        number,
        RECORDS // 4,
        {"features": [number % 97 / 97, number % 89 / 89, 0.25]},
        {"offer_id": "CARD_GOLD", "propensity": number % 83 / 83, "suggested_amt": number % 71 * 100_000},
    )


@contextmanager
def _home() -> Iterator[Home]:
    """A home on the disk of the checkout: a folder in memory would make a commit cost nothing."""
    data = checkout_dir() / "data"
    data.mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="bench-record-", dir=data))
    try:
        yield Home(root)
    finally:
        shutil.rmtree(root)


class _Bare:
    """One connection a thread; a transaction of one row each time, durable as ours: WAL and synchronous FULL."""

    def __init__(self, path: Path, writers: int) -> None:
        self.connections = [self._opened(path) for _ in range(writers)]
        self.connections[0].execute("CREATE TABLE record (decision_id TEXT PRIMARY KEY, payload BLOB)")

    @staticmethod
    def _opened(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def write(self, writer: int, decision_id: str, payload: bytes) -> None:
        connection = self.connections[writer]
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO record VALUES (?, ?)", (decision_id, payload))
        connection.execute("COMMIT")

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


def _writing(writers: int, runs: int) -> Row:
    """Seconds a record, from the call to its return, by so many threads at once."""
    numbers, others = count(), count()
    with _home() as home, closing(open_ledger(home)) as ledger, ThreadPoolExecutor(writers) as pool:
        write_decisions(ledger, [_call(next(numbers)) for _ in range(CALLERS)])
        with ledger.engine.connect() as connection:
            stored: bytes = connection.exec_driver_sql("SELECT payload FROM decisions LIMIT 1").scalar_one()
        with closing(_Bare(home.data_dir / "bare.db", writers)) as bare:

            def ours(_writer: int, records: Sequence[DecisionRecord]) -> None:
                for record in records:
                    write_decisions(ledger, [record])

            def theirs(writer: int, names: Sequence[str]) -> None:
                for name in names:
                    bare.write(writer, name, stored)

            def all_at_once(work: Callable[[int, Any], None], shares: Sequence[Any]) -> None:
                list(pool.map(work, range(writers), shares))

            # Built before the clock starts: what a decision is made of was there before it is recorded.
            shares = iter(
                [[[_call(next(numbers)) for _ in range(EACH)] for _ in range(writers)] for _ in range(1 + runs)]
            )
            return beside(
                f"a durable record, {writers} writer{'s' if writers > 1 else ''}",
                lambda: all_at_once(ours, next(shares)),
                lambda: all_at_once(theirs, [[f"D{next(others)}" for _ in range(EACH)] for _ in range(writers)]),
                bar="<=2",
                runs=runs,
                units=(EACH * writers, EACH * writers),
                note=f"compressed, encrypted, committed to, chained, durable; rival: one bare SQLite commit a record "
                f"(WAL, FULL) of the {len(stored):,} bytes that ours stores; seconds a record",
            )


def _filled(home: Home) -> Ledger:
    ledger = open_ledger(home)
    for start in range(0, RECORDS, CHUNK):
        write_decisions(ledger, [_row(number) for number in range(start, start + CHUNK)])
    ledger.close()
    return ledger


def _verifying() -> Row:
    with _home() as home:
        ledger = _filled(home)

        def ours() -> None:
            report = verify_record(ledger)
            assert (report.is_whole, report.decisions) == (True, RECORDS)

        row = beside(
            "a million records verified",
            ours,
            partial(_plain_hashing, home.ledger_path),
            bar="",
            runs=3,
            note="links, seals inside and outside, every payload; rival: SHA-256 over the same columns, row after row, "
            "read by sqlite3, comparing nothing; seconds, no bar was set",
        )
        ledger.close()
        return row


def _plain_hashing(path: Path) -> None:
    digest = hashlib.sha256()
    with closing(sqlite3.connect(path)) as database:
        for row in database.execute("SELECT * FROM decisions ORDER BY segment_id, sequence"):
            digest.update(str(row[:-1]).encode())
            digest.update(row[-1])


def rows() -> Iterator[Row]:
    """One writer, sixteen writers, and the walk over a million records."""
    yield _writing(1, runs=15)
    yield _writing(16, runs=9)
    yield _verifying()
