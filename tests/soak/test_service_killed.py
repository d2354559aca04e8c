"""A service that is killed under load, again and again, loses nothing that it acknowledged."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest

from cli.demo import _free_port
from cli.service_process import family_of, start_service, wait_until_ready
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.ledger.calls import events_of_call
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.record import read_decision
from linewise.ledger.store import Ledger, ledger_of
from linewise.ledger.verifying import verify_record
from tests.serving.doors import headers_of
from tests.serving.homes import home_of_its_own

pytestmark = pytest.mark.soak

KILLS = int(os.environ.get("LINEWISE_TEST_KILLS", "50"))
CLIENTS = 6
LEAST_SECONDS, MOST_SECONDS = 0.3, 3.0
"""How long a service answers under load before it is killed."""

CUSTOMERS = 1_500


@dataclass
class Acknowledged:
    """What the service said was written: decisions, (decision, offer, outcome), (call, event)."""

    decisions: list[str] = field(default_factory=list)
    outcomes: list[tuple[str, str, str]] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)


def calling(address: str, headers: dict[str, str], seed: int, told: Acknowledged, stopped: threading.Event) -> None:
    """One desk at work until the service is gone: a call, a decision, what became of it."""
    chance = random.Random(seed)
    with httpx.Client(base_url=address, headers=headers, timeout=20.0) as client:
        while not stopped.is_set():
            try:
                one_customer(client, f"C{chance.randrange(1, CUSTOMERS):08d}", chance, told)
            except httpx.TransportError:
                # Not acknowledged: whether it was written is nobody's promise.
                time.sleep(0.01)


def one_customer(client: httpx.Client, customer_id: str, chance: random.Random, told: Acknowledged) -> None:
    call_id = uuid4().hex
    rung = client.post("/v1/calls", json={"call_id": call_id, "customer_id": customer_id, "agent_id": "anna"})
    assert rung.status_code == 201, rung.text
    told.events.append((call_id, "ringing"))
    made = client.post("/v1/decisions", json={"customer_id": customer_id, "channel": "voice"})
    assert made.status_code == 201, made.text
    answer = made.json()
    told.decisions.append(answer["decision_id"])
    for offer in answer["offers"]:
        outcome = chance.choice(["pitched", "postponed", "declined"])
        said = {"decision_id": answer["decision_id"], "offer_id": offer["offer_id"], "outcome": outcome}
        said |= {"reason_code": "price"} if outcome == "declined" else {}
        written = client.post("/v1/outcomes", json=said)
        if written.status_code == 201:
            told.outcomes.append((answer["decision_id"], offer["offer_id"], outcome))
        else:
            # Another desk has the same customer at that moment.
            assert written.status_code in {200, 409}, written.text
    answered = client.post(
        f"/v1/calls/{call_id}/events", json={"event_id": "a", "kind": "answered", "agent_id": "anna"}
    )
    assert answered.status_code == 201, answered.text
    told.events.append((call_id, "answered"))


def killed(process: "subprocess.Popen[bytes]") -> None:
    """As a machine dies: all at once, and nobody is asked."""
    for one in [*family_of(process), psutil.Process(process.pid)]:
        one.send_signal(signal.SIGKILL)
    process.wait()


def killed_under_load(settings: Settings, headers: dict[str, str], number: int, told: Acknowledged) -> None:
    process = start_service(settings, quiet=True)
    address, stopped = f"http://{settings.host}:{settings.port}", threading.Event()
    desks: list[threading.Thread] = []
    try:
        wait_until_ready(process, address)
        for desk in range(CLIENTS):
            words = (address, headers, number * CLIENTS + desk, told, stopped)
            desks.append(threading.Thread(target=calling, args=words))
            desks[-1].start()
        time.sleep(random.Random(number).uniform(LEAST_SECONDS, MOST_SECONDS))
    finally:
        killed(process)
        stopped.set()
        for one in desks:
            one.join()


def missing_of(ledger: Ledger, told: Acknowledged) -> Sequence[str]:
    """What was acknowledged and is not there."""
    missing = []
    for decision_id in told.decisions:
        read_decision(ledger, decision_id)
    for decision_id, offer_id, outcome in told.outcomes:
        there = {(one["offer_id"], one["outcome"]) for one in outcomes_of(ledger, decision_id)}
        missing += [] if (offer_id, outcome) in there else [f"{decision_id} {offer_id} {outcome}"]
    for call_id, kind in told.events:
        there_too = {one.kind for one in events_of_call(ledger, call_id)}
        missing += [] if kind in there_too else [f"{call_id} {kind}"]
    return missing


def test_a_service_killed_fifty_times_under_load_loses_nothing_that_it_acknowledged(
    served_home: Home, tmp_path: Path, record_property: Callable[[str, object], None]
):
    home = home_of_its_own(served_home, Home(tmp_path / "home"))
    settings = load_settings(home=home.root, language="en").model_copy(
        update={"workers": 2, "key_per_minute": 1_000_000}
    )
    headers, count = headers_of(settings), Acknowledged()
    for number in range(KILLS):
        told = Acknowledged()
        killed_under_load(settings.model_copy(update={"port": _free_port("127.0.0.1")}), headers, number, told)
        ledger = ledger_of(settings)
        assert missing_of(ledger, told) == [], f"kill {number}"
        assert verify_record(ledger).findings == [], f"kill {number}"
        ledger.close()
        count.decisions += told.decisions
        count.outcomes += told.outcomes
        count.events += told.events
    ledger = ledger_of(settings)
    report = verify_record(ledger, opens_payloads=True)
    assert (report.findings, missing_of(ledger, count)) == ([], [])
    ledger.close()
    found = {"decisions": count.decisions, "outcomes": count.outcomes, "events": count.events}
    record_property("acknowledged", {name: len(one) for name, one in found.items()})
    assert len(count.decisions) >= KILLS
