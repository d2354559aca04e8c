"""Processes that start at once on an empty cache leave one that every later process can use."""

import os
import subprocess
import sys
from pathlib import Path

KERNEL = """
from linewise.core.compiling import broadcast_kept

@broadcast_kept(["void(float64, float64, float64[:])"], "(), () -> ()")
def added(one, other, found):
    found[0] = one + other
"""
ASKED = "import {module}; print({module}.added([1.0, 2.0], 1.0).tolist())"


def test_whoever_compiled_first_all_find_what_was_kept(tmp_path: Path):
    (tmp_path / "kernel_of_test.py").write_text(KERNEL, encoding="utf-8")
    command = [sys.executable, "-c", ASKED.format(module="kernel_of_test")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}

    def begin() -> "subprocess.Popen[str]":
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    for wave in ([begin() for _ in range(3)], [begin()]):
        for process in wave:
            said, _ = process.communicate(timeout=120)
            assert (process.returncode, said.strip()) == (0, "[2.0, 3.0]")
    kept = sorted(path.name.split("-")[0] for path in (tmp_path / "__pycache__").glob("*.nbi"))
    assert kept == ["guf", "kernel_of_test.added"]
