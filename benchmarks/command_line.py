"""How long the command line takes to say what it can do, beside an interpreter that only imports its parser."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, beside

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """`linewise --help` as a whole process: heavy imports wait until a command needs them."""
    program = Path(sys.executable).with_name("linewise")
    yield beside(
        "linewise --help",
        lambda: subprocess.run([program, "--help"], capture_output=True, check=True),
        lambda: subprocess.run([sys.executable, "-c", "import click"], capture_output=True, check=True),
        bar="<=3",
        runs=11,
        note="whole processes; a third of a second is the most that a person should wait; seconds",
    )
