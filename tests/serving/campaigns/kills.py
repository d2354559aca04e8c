"""An export that is killed at moments of chance, gone on with each time, and held against one that was not."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from linewise.ledger.campaign_contact_tables import campaign_batches, campaign_contacts
from linewise.ledger.store import open_ledger
from linewise.ledger.verifying import verify_record
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.exporting.manifest import problems_of
from serving.campaigns.plan.files import read_plan
from tests.serving.campaigns.exports import ID, SIGNED_BY, a_list, desk_of_plan, write_plan

__all__ = ["export_is_the_same_however_often_it_is_killed"]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exporting(home: Home) -> "subprocess.Popen[str]":
    """An export in a process of its own, once it has opened everything."""
    call = [sys.executable, "-m", "tests.serving.campaigns.exports", str(home.root)]
    process = subprocess.Popen(call, cwd=checkout_dir(), stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "open\n"
    return process


def record_of(home: Home) -> tuple[list[Any], list[Any]]:
    """What the record holds of contacts and of batches, in order; its chain verifies."""
    ledger = open_ledger(home)
    try:
        with ledger.engine.connect() as connection:
            contacts = connection.execute(select(campaign_contacts).order_by(campaign_contacts.c.decision_id)).all()
            batches = connection.execute(select(campaign_batches)).all()
        assert verify_record(ledger, opens_payloads=True).findings == []
    finally:
        ledger.close()
    return [tuple(row) for row in contacts], [tuple(row) for row in batches]


def export_is_the_same_however_often_it_is_killed(folder: Path, row_count: int, kills: int, seed: int = 1) -> None:
    """Assert that files, contacts and batches come out as those of an export that nobody killed.

    An export that comes to its end before it is killed is begun anew elsewhere until enough have been killed.
    """
    fresh, whole = Home(folder / "fresh"), Home(folder / "whole")
    write_plan(fresh, a_list(row_count))
    ledger = open_ledger(fresh)
    ledger.keys.lookup("makes the keys")
    ledger.close()
    shutil.copytree(fresh.root, whole.root)
    ledger = open_ledger(whole)
    desk, began = desk_of_plan(whole, ledger), time.monotonic()
    made = export_campaign(desk, read_plan(whole, ID), SIGNED_BY, ExportOptions(by="mei"))
    seconds = time.monotonic() - began
    ledger.close()
    assert problems_of(made.folder) == []
    exports = made.folder.parent.relative_to(whole.root)
    expected, told = bytes_of(whole.root / exports), record_of(whole)
    chance, killed, home = random.Random(seed), 0, fresh
    while True:
        if home is fresh:
            home = Home(Path(shutil.copytree(fresh.root, folder / f"after-{killed}", dirs_exist_ok=True)))
        patience = seconds * chance.random() if killed < kills else 300.0
        if ended(exporting(home), patience) == -signal.SIGKILL:
            killed += 1
            continue
        assert bytes_of(home.root / exports) == expected
        assert record_of(home) == told
        shutil.rmtree(home.root)
        home = fresh
        if killed >= kills:
            return


def ended(process: "subprocess.Popen[str]", seconds: float) -> int:
    """How the process ended: by itself, or killed once it had taken so long."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    code = process.wait(60)
    assert code in {0, -signal.SIGKILL}
    return code
