"""Loads against a running service, each from a process of its own, and what came of them."""

import json
import random
import subprocess
import sys
from dataclasses import asdict
from statistics import median

from benchmarks.service.load import Asking, Loaded
from benchmarks.service.starting import HOST, Service
from linewise.core.settings import checkout_dir

__all__ = ["decision_bodies", "load", "quantile"]

BODIES = 20_000


def decision_bodies(ids: list[str], seed: int) -> list[str]:
    """Requests for decisions of customers drawn from all."""
    dice = random.Random(seed)
    drawn = dice.sample(ids, min(BODIES, len(ids)))
    return [json.dumps({"customer_id": one, "channel": "voice", "language": "en"}) for one in drawn]


def load(
    service: Service,
    path: str,
    bodies: list[str],
    seconds: float,
    connections: int = 1,
    rate: float = 0.0,
    most: int = 1 << 62,
) -> Loaded:
    """Put a load on a service; raises RuntimeError where an answer is none."""
    asking = Asking(HOST, service.port, path, bodies, dict(service.headers), seconds, connections, rate, most)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.service.load"],
        input=json.dumps(asdict(asking)),
        capture_output=True,
        text=True,
        cwd=checkout_dir(),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{path}: {done.stderr}")
    loaded = Loaded(**json.loads(done.stdout))
    if loaded.failures:
        raise RuntimeError(f"{path} answered {loaded.failures}")
    return loaded


def quantile(seconds: list[float], share: float) -> float:
    """The nearest-rank quantile."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(seconds: list[float]) -> float:
    """The median."""
    return median(seconds)
