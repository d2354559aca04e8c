"""A simulation that is killed or that fills the disk leaves the former bank, wherever in its work it was."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linewise.bank.checking import check_bank
from linewise.bank.tables import Bank
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from linewise.simulation.labels import world_in
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World

pytestmark = pytest.mark.soak

FORMER = World(customer_count=500, month_count=4, seed=1)
NEXT = World(customer_count=60_000, month_count=6, seed=2)
KILLS = 25


def files_of(home: Home) -> dict[str, bytes]:
    """What stands in the home; drafts of whoever was killed have names that begin with a dot."""
    paths = [path for path in home.data_dir.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(home.data_dir)): path.read_bytes()
        for path in paths
        if not path.relative_to(home.data_dir).parts[0].startswith(".")
    }


def simulating(home: Home) -> "subprocess.Popen[bytes]":
    linewise = Path(sys.executable).with_name("linewise")
    sizes = ["--customers", str(NEXT.customer_count), "--months", str(NEXT.month_count), "--seed", str(NEXT.seed)]
    call = [str(linewise), "bank", "simulate", *sizes, "--overwrite", "--home", str(home.root)]
    silent = subprocess.DEVNULL
    return subprocess.Popen(call, cwd=checkout_dir(), stdout=silent, stderr=silent, start_new_session=True)


@pytest.fixture
def whole_seconds(tmp_path: Path) -> float:
    """How long a simulation takes from its start to its end on this machine."""
    began = time.monotonic()
    assert simulating(Home(tmp_path / "whole")).wait(600) == 0
    return time.monotonic() - began


def test_a_simulation_killed_at_any_moment_leaves_the_former_bank_and_its_labels(
    tmp_path: Path, whole_seconds: float
) -> None:
    home = Home(tmp_path / "home")
    simulate_bank(home, FORMER)
    before, ends = files_of(home), set()
    for kill in range(KILLS):
        process = simulating(home)
        try:
            process.wait(whole_seconds * (kill + 1) / (KILLS + 1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        ends.add(process.wait(60))
        standing = Bank(home).manifest.name
        if standing == FORMER.bank_name:
            assert files_of(home) == before, f"kill {kill}"
        else:
            # It came to its end, or so near that the new bank had taken its place.
            assert standing == NEXT.bank_name
            simulate_bank(home, FORMER, overwrite=True)
            assert files_of(home) == before
    assert -signal.SIGKILL in ends
    assert simulating(home).wait(600) == 0
    assert files_of(home) == files_of(Home(tmp_path / "whole"))
    assert world_in(home) == NEXT
    assert check_bank(home).is_clean


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB of its own."""
    mount = shutil.which("mount")
    folder = tmp_path / "disk"
    folder.mkdir()
    call = [str(mount), "-t", "tmpfs", "-o", "size=40m", "none", str(folder)]
    if mount is None or subprocess.run(call, check=False, capture_output=True).returncode != 0:
        pytest.skip("A small disk cannot be mounted here; that needs the rights of an administrator.")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_simulation_larger_than_the_disk_leaves_the_former_bank_and_gives_the_room_back(small_disk: Path) -> None:
    home = Home(small_disk / "home")
    simulate_bank(home, FORMER)
    before, free = files_of(home), shutil.disk_usage(small_disk).free
    process = simulating(home)
    assert process.wait(600) == 1
    assert files_of(home) == before
    assert shutil.disk_usage(small_disk).free == pytest.approx(free, abs=1_000_000)
