"""The simulated bank beside a generator with one numpy generator a customer, and how its cost grows."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.per_customer import PlainBank
from benchmarks.rows import Row, beside
from linewise.core.home import Home
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World

__all__ = ["rows"]

MONTHS = 12
# Four chunks, so that two workers have two each; of the rival so many that both take seconds.
OUR_CUSTOMERS, RIVAL_CUSTOMERS = 40_000, 2_000
SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
PEAK_GB = 4.0
NEEDED_BYTES = 20_000_000_000


def rows() -> Iterator[Row]:
    """Transactions a second with two workers and with one, then time a customer and memory by size."""
    yield from _beside_the_rival()
    yield from _by_size()


def _beside_the_rival() -> Iterator[Row]:
    world = World(customer_count=OUR_CUSTOMERS, month_count=MONTHS)
    with tempfile.TemporaryDirectory() as folder:
        home, plain_folder = Home(Path(folder) / "ours"), Path(folder) / "plain"
        plain = PlainBank(world.calendar, world.seed)
        bank = simulate_bank(home, world, workers=2)
        counts = (bank.manifest.tables["transactions"].rows, plain.write(RIVAL_CUSTOMERS, plain_folder))
        customers = (OUR_CUSTOMERS, RIVAL_CUSTOMERS)
        a_month = [f"{count / MONTHS / many:.1f}" for count, many in zip(counts, customers, strict=True)]
        for workers, bar in ((2, ">=20"), (1, ">=10")):
            yield beside(
                f"a thousand transactions with {workers} worker{'s' if workers > 1 else ''}",
                partial(simulate_bank, home, world, overwrite=True, workers=workers),
                partial(plain.write, RIVAL_CUSTOMERS, plain_folder),
                bar=bar,
                runs=5,
                units=(counts[0] // 1_000, counts[1] // 1_000),
                note=f"the whole bank, checked and written, {' and '.join(a_month)} transactions a customer and month; "
                "rival: numpy customer by customer in one process, transactions, statements and payments only; "
                "seconds a thousand transactions",
            )


def _by_size() -> Iterator[Row]:
    # One worker throughout: with two, a bank of one chunk would look twice as dear a customer as it is.
    small, middle = _one_bank(SMALL, workers=1, runs=5), _one_bank(MIDDLE, workers=1, runs=3)
    yield _growth(MIDDLE, middle, small)
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < NEEDED_BYTES:
        told = f"{free / 1e9:.0f} GB are free in {tempfile.gettempdir()}, and {NEEDED_BYTES / 1e9:.0f} GB were expected"
        print(f"{told}: {LARGE:,} customers are left out.", file=sys.stderr)
        return
    yield _growth(LARGE, _one_bank(LARGE, workers=1), small)
    large = _one_bank(LARGE, workers=2)
    ratio = large["peak_gb"] / PEAK_GB
    note = f"{_told(large)} with 2 workers; GB beside the {PEAK_GB:.0f} GB that it may take"
    yield Row(
        f"peak memory of {LARGE:,} customers",
        round(large["peak_gb"], 3),
        PEAK_GB,
        round(ratio, 3),
        "<=1",
        ratio <= 1,
        note,
    )


def _growth(customers: int, bigger: dict[str, Any], small: dict[str, Any]) -> Row:
    ours, base = bigger["seconds"] / customers, small["seconds"] / SMALL
    ratio = ours / base
    note = f"{_told(bigger)}, beside {_told(small)}; one worker; seconds a customer"
    name = f"a customer of {customers:,} beside one of {SMALL:,}"
    return Row(name, round(ours, 6), round(base, 6), round(ratio, 3), "<=1.3", ratio <= 1.3, note)


def _one_bank(customers: int, *, workers: int, runs: int = 1) -> dict[str, Any]:
    call = [sys.executable, "-m", "benchmarks.one_bank", *map(str, (customers, MONTHS, workers, runs))]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _told(run: dict[str, Any]) -> str:
    return f"{run['transactions']:,} transactions in {run['seconds']:.1f} s at {run['peak_gb']:.2f} GB"
