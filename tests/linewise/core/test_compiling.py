"""What is compiled is kept so that every later process can use it, and only as long as nothing in it has changed."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

from linewise.core.compiling import AllThatIsCalled

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


CALLED = """
from linewise.core.compiling import compiled

RATE = {rate}

@compiled
def taxed(amount):
    return amount * {factor}
"""
CALLING = """
from called_of_test import RATE, taxed
from linewise.core.compiling import compiled

@compiled
def priced(amount):
    return taxed(amount) + RATE
"""
PRICE = """
from calling_of_test import priced
print(priced(100.0), sum(priced.stats.cache_hits.values()))
"""


def test_what_was_kept_is_compiled_anew_once_a_function_or_a_number_of_another_file_has_changed(tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    (tmp_path / "calling_of_test.py").write_text(CALLING, encoding="utf-8")

    def priced(rate: float, factor: float) -> str:
        called = CALLED.format(rate=rate, factor=factor)
        (tmp_path / "called_of_test.py").write_text(called, encoding="utf-8")
        command = [sys.executable, "-B", "-c", PRICE]
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    assert priced(rate=1.5, factor=2.0) == "201.5 0"
    assert priced(rate=1.5, factor=2.0) == "201.5 1"
    assert priced(rate=1.5, factor=3.0) == "301.5 0"
    assert priced(rate=2.5, factor=3.0) == "302.5 0"
    assert priced(rate=2.5, factor=3.0) == "302.5 1"


def test_every_equation_is_kept_by_all_that_it_calls():
    for name in ("linewise.decisioning.valuing", "linewise.policy.rules.kernel", "features.engine.walk"):
        module = importlib.import_module(name)
        kept = [one for one in vars(module).values() if hasattr(one, "py_func") and hasattr(one, "_cache")]
        assert kept
        assert all(isinstance(one._cache._impl.locator, AllThatIsCalled) for one in kept if one._cache.cache_path)
