"""How soon a call is ready: from the ring to its decision, and from a mark to what it withdraws."""

import statistics
import time
from collections.abc import Iterator
from uuid import uuid4

from benchmarks.home import served_settings
from benchmarks.rows import Row
from linewise.core.clock import BankClock
from linewise.ledger.calls import PhoneCall, Told, events_of_call
from serving.calls.desk import CallDesk
from serving.scoring.opening import open_recommender

__all__ = ["rows"]

CALLS = 200
DECIDED_SECONDS, WITHDRAWN_SECONDS = 0.3, 0.5
"""What was asked: 95 of a hundred decided so soon after the ring; a complaint withdraws sales within half a second."""

LOOK_EVERY_SECONDS = 0.001


def rows() -> Iterator[Row]:
    """Calls one after the other in one process, without HTTP; seconds by the wall clock."""
    recommender = open_recommender(served_settings())
    desk, ids = CallDesk(lambda: recommender, "en"), recommender.customer_ids()
    answered, decided, withdrawn = [], [], []
    for number in range(CALLS + 20):
        call_id, now = uuid4().hex, recommender.clock.now()
        call = PhoneCall(call_id, ids[number % len(ids)], now, BankClock().now(), "anna", is_identity_verified=True)
        began = time.perf_counter()
        desk.ring(call)
        rung = time.perf_counter()
        while not any(one.kind == "decided" for one in events_of_call(recommender.ledger, call_id)):
            time.sleep(LOOK_EVERY_SECONDS)
        ready = time.perf_counter()
        desk.tell(call_id, Told("a", "answered", "agent", now, BankClock().now(), "anna"))
        marking = time.perf_counter()
        marked, _ = desk.tell(
            call_id, Told("f", "flagged", "agent", now, BankClock().now(), "anna", {"flag": "complaint"})
        )
        # Each compiled step and each table is met once before anything is counted.
        if number >= 20:
            answered.append(rung - began)
            decided.append(ready - began)
            withdrawn.append(time.perf_counter() - marking)
        if marked["may_offer"]:
            raise AssertionError(f"{call_id} still sells")
    note = f"seconds, p95 of {CALLS} calls, with the record durable, beside what was asked"
    yield _row("from ring to decision", decided, DECIDED_SECONDS, note)
    yield _row("from a complaint to what it leaves", withdrawn, WITHDRAWN_SECONDS, note)
    median = round(statistics.median(answered), 6)
    yield Row("from ring to its answer", median, 0.0, 0.0, "", None, "seconds, median; the decision is made meanwhile")


def _row(name: str, seconds: list[float], asked: float, note: str) -> Row:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return Row(name, round(p95, 6), asked, round(p95 / asked, 3), "<=1", p95 <= asked, note)
