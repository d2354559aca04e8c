"""`python -m benchmarks.one_bank CUSTOMERS MONTHS WORKERS RUNS`: seconds and peak memory of one simulation.

A process of its own, so that the peak is the simulation's and nobody else's. What is timed is what a user
gets: lives, tables, checks and files; starting Python and loading the compiled equations is not.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.peak import peak_gb
from linewise.core.home import Home
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World

WARM_UP_CUSTOMERS = 50


def main(customers: int, months: int, workers: int, runs: int) -> None:
    """Simulate so many times into a folder that is thrown away, and print the median as JSON."""
    seconds, transactions = [], 0
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        simulate_bank(home, World(customer_count=WARM_UP_CUSTOMERS, month_count=months), workers=workers)
        for _ in range(runs):
            began = time.perf_counter()
            world = World(customer_count=customers, month_count=months)
            bank = simulate_bank(home, world, overwrite=True, workers=workers)
            seconds.append(time.perf_counter() - began)
            transactions = bank.manifest.tables["transactions"].rows
    told = {"seconds": statistics.median(seconds), "transactions": transactions, "peak_gb": peak_gb()}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
