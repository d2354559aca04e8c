"""The benchmarks' frame: a ratio that points the way its bar reads, and names that are known."""

import subprocess
import sys

import pytest

from benchmarks.rows import beside
from linewise.core.settings import checkout_dir


def spin(rounds: int):
    return lambda: sum(range(rounds))


@pytest.mark.parametrize(
    ("bar", "ours", "rival", "ok"),
    [
        (">=5", 2_000, 200_000, True),
        (">=5", 200_000, 2_000, False),
        ("<=5", 2_000, 200_000, True),
        ("<=5", 200_000, 2_000, False),
    ],
)
def test_the_ratio_points_the_way_the_bar_reads(bar: str, ours: int, rival: int, ok: bool):
    row = beside("x", spin(ours), spin(rival), bar=bar, note="", runs=5)
    assert row.ok is ok
    assert (row.ratio > 1) is (bar.startswith(">=") is ok)


def test_a_row_of_which_nothing_was_asked_reaches_nothing_and_misses_nothing():
    row = beside("x", spin(2_000), spin(200_000), bar="", note="", runs=5)
    assert row.ok is None
    assert 0 < row.ratio < 1


def test_units_make_it_seconds_of_one_thing():
    row = beside("x", spin(100_000), spin(100_000), bar=">=20", note="", runs=5, units=(100, 1))
    assert row.ok


def test_an_unknown_benchmark_names_those_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nonsense"],
        cwd=checkout_dir(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "command_line, decide, decisioning, features" in done.stderr
