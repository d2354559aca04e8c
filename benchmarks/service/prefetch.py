"""A call rings over HTTP: how soon its decision is there, and whether it is there when the agent answers."""

import time
from collections.abc import Iterator
from statistics import quantiles
from uuid import uuid4

import httpx

from benchmarks.rows import Row
from benchmarks.service.starting import Service, is_quick

__all__ = ["rows"]

CALLS, WARM = 200, 20
WITHIN_SECONDS = 0.3
RINGS_SECONDS = 1.0
"""How long the shortest call rings before anybody answers it."""

LOOK_EVERY_SECONDS = 0.005


def rows(mine: Service, ids: list[str]) -> Iterator[Row]:
    """Calls one after the other; from the beginning of the ring's request to the first look that shows the decision."""
    ready, in_time = [], 0
    calls = 20 if is_quick() else CALLS
    with httpx.Client(base_url=mine.address, headers=dict(mine.headers), timeout=30.0) as telephone:
        for number in range(WARM + calls):
            call_id, began = uuid4().hex, time.perf_counter()
            body = {"call_id": call_id, "customer_id": ids[number * 37 % len(ids)], "is_identity_verified": True}
            telephone.post("/v1/calls", json=body).raise_for_status()
            while not (call := telephone.get(f"/v1/calls/{call_id}").json())["decision_id"]:
                if time.perf_counter() - began > RINGS_SECONDS:
                    break
                time.sleep(LOOK_EVERY_SECONDS)
            seconds = time.perf_counter() - began
            if number >= WARM:
                ready.append(seconds)
                in_time += bool(call["decision_id"])
            event = {"event_id": "answered", "kind": "answered", "agent_id": "anna"}
            telephone.post(f"/v1/calls/{call_id}/events", json=event).raise_for_status()
            ended = {"event_id": "ended", "kind": "ended"}
            telephone.post(f"/v1/calls/{call_id}/events", json=ended).raise_for_status()
    p95 = quantiles(ready, n=20)[-1]
    yield Row(
        "from ring to decision over HTTP, p95", round(p95, 4), WITHIN_SECONDS, round(p95 / WITHIN_SECONDS, 3), "<=1",
        p95 <= WITHIN_SECONDS, f"seconds, {calls} calls, looked at every {1e3 * LOOK_EVERY_SECONDS:.0f} ms",
    )  # fmt: skip
    yield Row(
        "decided before answered", in_time, calls, round(in_time / calls, 4), ">=1", in_time == calls,
        f"calls, answered after {RINGS_SECONDS:.0f} s of ringing at the earliest",
    )  # fmt: skip
