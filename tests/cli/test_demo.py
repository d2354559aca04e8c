"""The demo: one decision over HTTP from a home that stands, and never over somebody else's bank."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from linewise.bank.manifest import BankManifest
from linewise.core.home import Home
from tests.cli.test_cli import run

pytestmark = pytest.mark.slow

PROGRAM = Path(sys.executable).with_name("linewise")


@pytest.fixture
def copied(served_home: Home, home: Home) -> Home:
    """A copy of the served home, for a test to spoil."""
    shutil.copytree(served_home.root, home.root, symlinks=True)
    return home


def test_one_decision_is_taken_over_http_printed_and_the_service_stopped(copied: Home):
    done = run("demo", "--once", home=copied)
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["offers"]
    assert answer["plans"]
    assert "--fresh makes them anew" in done.stderr
    assert f"Decision {answer['decision_id']}" in done.stderr
    assert those_who_serve(copied) == []


def those_who_serve(home: Home) -> list[str]:
    """The processes that were started for this home and still are."""
    name = f"LINEWISE_HOME={home.root}".encode()
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and name in (process / "environ").read_bytes().split(b"\0"):
                found.append(process.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").is_file(), reason="processes are told from each other in /proc")
def test_a_demo_that_is_told_to_end_leaves_no_process_behind(copied: Home):
    with subprocess.Popen([PROGRAM, "demo", "--home", str(copied.root)], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert any("The agent's screen" in line for line in running.stderr)
        assert those_who_serve(copied)
        running.terminate()
        assert running.wait(60) == 128 + signal.SIGTERM
    assert those_who_serve(copied) == []


def test_a_bank_that_somebody_imported_is_not_replaced(copied: Home):
    path = copied.bank_dir / "bank.json"
    manifest = BankManifest.model_validate_json(path.read_bytes())
    path.write_text(manifest.model_copy(update={"name": "our-real-bank"}).model_dump_json(), encoding="utf-8")
    before = sorted((one.name, one.stat().st_mtime_ns) for one in copied.bank_dir.iterdir())
    done = run("demo", "--once", "--fresh", home=copied)
    assert done.exit_code == 1
    assert "'our-real-bank'" in done.stderr
    assert sorted((one.name, one.stat().st_mtime_ns) for one in copied.bank_dir.iterdir()) == before
