"""A campaign planned over a whole base, beside the bare predictions that it needs and beside the plain way.

The base is a simulated bank of BENCH_CUSTOMERS customers (a million), kept in the checkout's data folder with its
features; models are those of the small home of the benchmarks. Twelve offers: the catalogue's own and copies of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.rows import Row

__all__ = ["rows"]

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
SMALLER = 10
"""The peak of memory is looked at beside that of a base of a tenth."""

ROUNDS = 3
MOST_GB = 6.0
MOST_TIMES, LEAST_TIMES = 2.0, 3.0


def _measured(who: str, customer_count: int) -> dict[str, Any]:
    """One run in a process of its own, so that time and peak of memory are nobody else's."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.one_campaign", who, str(customer_count)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def rows() -> Iterator[Row]:
    """Seconds beside the predictions and beside the plain way, of the export, and peaks of memory.

    Ours and the predictions are run in turn, and the medians are told; the plain way, of minutes, is run once.
    """
    _measured("base", CUSTOMERS)
    rounds = [(_measured("ours", CUSTOMERS), _measured("bare", CUSTOMERS)) for _ in range(ROUNDS)]
    ours, bare = (_median([one[place] for one in rounds]) for place in (0, 1))
    plain = _measured("plain", CUSTOMERS)
    size = f"{CUSTOMERS:,} customers × {ours['offers']} offers, {ours['threads']} threads"
    ratio = round(ours["seconds"] / bare["seconds"], 3)
    yield Row(
        "a campaign's plan beside its predictions", round(ours["seconds"], 1), round(bare["seconds"], 1), ratio,
        "<=2", ratio <= MOST_TIMES,
        f"{size}: from opening the home to the list, {ours['treated']:,} contacted; rival: LightGBM's predict of the "
        f"same {bare['rows']:,} rows of the same models, and nothing else; seconds",
    )  # fmt: skip
    ratio = round(ours["seconds"] / bare["seconds_of_all"], 3)
    yield Row(
        "a campaign's plan beside all predictions", round(ours["seconds"], 1), round(bare["seconds_of_all"], 1),
        ratio, "", None,
        "rival: the same predictions of every customer and offer, whether a rule leaves it open or not; seconds",
    )  # fmt: skip
    ratio = round(plain["seconds"] / ours["seconds"], 3)
    yield Row(
        "a campaign's plan beside the plain way", round(ours["seconds"], 1), round(plain["seconds"], 1), ratio,
        ">=3", ratio >= LEAST_TIMES,
        f"{size}; rival: one pandas frame of the features, mlflow.pyfunc once an offer, rules by DataFrame.eval, "
        "sorted, cut and written; no limits, plans, waterfall or control; seconds",
    )  # fmt: skip
    yield _export(ours)
    yield from _memory(ours)


def _median(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The run in the middle by its seconds, at the peak of the one that held most."""
    middle = sorted(runs, key=lambda one: float(one["seconds"]))[len(runs) // 2]
    return middle | {"peak_gb": max(one["peak_gb"] for one in runs)}


def _export(ours: dict[str, Any]) -> Row:
    """What the list costs to send; nothing is asked of it."""
    made = _measured("exported", CUSTOMERS)
    seconds, planned = round(made["seconds"], 1), round(ours["seconds"], 1)
    return Row(
        "a campaign's export beside its plan", seconds, planned, round(seconds / planned, 3), "", None,
        f"{made['rows']:,} rows of a base of {CUSTOMERS:,}, from opening the home to the manifest: "
        f"{made['processor_seconds']:.0f} s of processor time, {made['peak_gb']:.2f} GB at most; seconds",
    )  # fmt: skip


def _memory(ours: dict[str, Any]) -> Iterator[Row]:
    fewer = CUSTOMERS // SMALLER
    _measured("base", fewer)
    small = _measured("ours", fewer)
    ratio = round(ours["peak_gb"] / MOST_GB, 3)
    yield Row(
        "a campaign's memory", round(ours["peak_gb"], 2), MOST_GB, ratio, "<=1", ratio <= 1,
        f"peak at {CUSTOMERS:,} customers beside the bar; at {fewer:,} it is {small['peak_gb']:.2f}; GB",
    )  # fmt: skip
