"""Several processes quote, book and release at once, and are killed: nothing is lost, nothing is spent twice."""

import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import func, select

from linewise.core.errors import BudgetSpent, Conflict
from linewise.core.home import Home
from linewise.ledger.budgets import read_budget
from linewise.ledger.quote_tables import quote_uses, quotes
from linewise.ledger.quotes import release_expired
from linewise.ledger.store import Ledger, open_ledger
from tests.linewise.ledger.promises import NOW, a_quote, booked, funded, quoted, stands

WORKERS, TRIES = 3, 12
SPAWN = multiprocessing.get_context("spawn")


def quote_the_same_customer(root: Path, worker: int, told: "multiprocessing.Queue[str]") -> None:
    ledger = open_ledger(Home(root))
    told.put(quoted(ledger, a_quote(f"Q{worker}"), 600).quote_id)
    ledger.close()


def quote_until_spent(root: Path, worker: int, told: "multiprocessing.Queue[str]") -> None:
    ledger, made = open_ledger(Home(root)), 0
    for number in range(TRIES):
        try:
            quoted(ledger, a_quote(f"Q{worker}-{number}", f"C{worker}-{number}"), 90)
            made += 1
        except BudgetSpent:
            pass
    told.put(str(made))
    ledger.close()


def book_the_same_quote(root: Path, worker: int, told: "multiprocessing.Queue[str]") -> None:
    ledger = open_ledger(Home(root))
    try:
        told.put("new" if booked(ledger, reference=f"core-{worker}")[1] else "again")
    except Conflict:
        told.put("refused")
    ledger.close()


def book_or_release(root: Path, worker: int, told: "multiprocessing.Queue[str]") -> None:
    ledger = open_ledger(Home(root))
    if worker % 2:
        told.put(f"released {release_expired(ledger, NOW + timedelta(days=15))}")
    else:
        try:
            told.put("booked" if booked(ledger, at=NOW)[1] else "again")
        except Conflict:
            told.put("refused")
    ledger.close()


def work_until_killed(root: Path, worker: int, told: Connection) -> None:
    ledger, chance = open_ledger(Home(root)), random.Random(worker)
    for number in range(10_000):
        name = f"Q{worker}-{os.getpid()}-{number}"
        try:
            made = quoted(ledger, a_quote(name, f"C{chance.randrange(20)}", amount_amt=60), 60)
            booked(ledger, made.quote_id, 60, f"core-{made.quote_id}") if chance.random() < 0.3 else None
        except (BudgetSpent, Conflict):
            release_expired(ledger, NOW + timedelta(days=15))
        told.send_bytes(b"tried")


def together(home: Home, work: Callable[..., None]) -> list[str]:
    told = SPAWN.Queue()
    workers = [SPAWN.Process(target=work, args=(home.root, worker, told)) for worker in range(WORKERS)]
    for worker in workers:
        worker.start()
    said = [told.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    return said


def enforce_sums(ledger: Ledger) -> None:
    """What the pot says is what its quotes say, both read at one moment: others may be writing.

    A quote that expired and was then told to be booked in time has given back once, and taken again.
    """
    with ledger.engine.connect() as connection:
        query = (
            select(quotes.c.status, func.sum(quote_uses.c.used_amt))
            .join(quote_uses, quote_uses.c.quote_id == quotes.c.quote_id)
            .group_by(quotes.c.status)
        )
        by_status = {status: int(used_amt) for status, used_amt in connection.execute(query)}
        pot = read_budget(connection, "exposure-11").pot("proposed")
    booked_amt, expired_amt = by_status.get("booked", 0), by_status.get("expired", 0)
    assert (pot.reserved_amt, pot.consumed_amt) == (by_status.get("standing", 0), booked_amt)
    assert expired_amt <= pot.released_amt <= expired_amt + booked_amt
    assert set(by_status) <= {"standing", "booked", "expired"}


def test_of_agents_who_quote_one_customer_at_once_all_get_the_same_quote(home: Home, ledger: Ledger):
    funded(ledger)
    assert len(set(together(home, quote_the_same_customer))) == 1
    assert stands(ledger) == (600, 0, 0)


def test_processes_that_ask_for_the_last_of_a_budget_never_get_more_than_there_is(home: Home, ledger: Ledger):
    funded(ledger, 1_000)
    made = sum(map(int, together(home, quote_until_spent)))
    assert made == 11
    assert stands(ledger) == (990, 0, 0)


def test_one_of_several_bookings_under_different_references_counts(home: Home, ledger: Ledger):
    funded(ledger)
    quoted(ledger, a_quote(), 600)
    assert sorted(together(home, book_the_same_quote)) == ["new", "refused", "refused"]
    assert stands(ledger) == (0, 600, 0)


def test_a_booking_in_time_and_a_release_at_once_end_in_one_spending(home: Home, ledger: Ledger):
    funded(ledger)
    quoted(ledger, a_quote(), 600)
    said = together(home, book_or_release)
    assert said.count("booked") == 1
    reserved_amt, consumed_amt, released_amt = stands(ledger)
    assert (reserved_amt, consumed_amt) == (0, 600)
    assert released_amt in {0, 600}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_workers_killed_at_any_moment_leave_sums_that_agree(home: Home, ledger: Ledger):
    funded(ledger, 1_000)
    # A pipe each: a lock that they shared could be held by the one that is killed.
    pipes = [SPAWN.Pipe(duplex=False) for _ in range(WORKERS)]
    workers = [
        SPAWN.Process(target=work_until_killed, args=(home.root, worker, told))
        for worker, (_, told) in enumerate(pipes)
    ]
    for worker in workers:
        worker.start()
    for worker, (heard, _) in zip(workers, pipes, strict=True):
        for _ in range(TRIES):
            assert heard.poll(60)
            heard.recv_bytes()
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join(60)
        assert worker.exitcode == -signal.SIGKILL
        enforce_sums(ledger)
    assert stands(ledger)[1] > 0
