"""Writers of one record that are killed at any moment, several at once, leave a chain that verifies."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from linewise.core.home import Home
from linewise.ledger.record import read_decision
from linewise.ledger.store import open_ledger
from linewise.ledger.verifying import verify_record
from tests.linewise.ledger.test_group_commit import KILLED

pytestmark = pytest.mark.soak

ROUNDS = 40
WRITERS = 3


def test_writers_killed_at_any_moment_lose_nothing_that_they_confirmed(home: Home):
    chance, confirmed = random.Random(7), 0
    for number in range(ROUNDS):
        outs = [home.root.with_name(f"{number}-{writer}") for writer in range(WRITERS)]
        writers = []
        for out in outs:
            with out.open("w") as told:
                writers.append(subprocess.Popen([sys.executable, "-c", KILLED, str(home.root), out.name], stdout=told))
        while not any(out.stat().st_size for out in outs):
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 1))
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        assert [writer.wait(60) for writer in writers] == [-signal.SIGKILL] * WRITERS
        ledger = open_ledger(home)
        report = verify_record(ledger, opens_payloads=True)
        assert report.findings == [], f"round {number}"
        for out in outs:
            whole = [line for line in out.read_text().splitlines(keepends=True) if line.endswith("\n")]
            if whole:
                read_decision(ledger, f"{out.name}-{int(whole[-1])}")
                confirmed += len(whole)
        ledger.close()
    assert confirmed >= ROUNDS
