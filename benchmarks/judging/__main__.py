"""`python -m benchmarks.judging [--customers N] [--months N] [--seed N] …`: what the judge saw, as tables.

The home is made once in data/judge-…, which takes some minutes, and used again; --home names another.
"""

import argparse
from pathlib import Path

from benchmarks.judging.hardship import agreement_effects
from benchmarks.judging.home import judged_settings
from benchmarks.judging.judging import judge_home, worth_of_policies
from benchmarks.judging.tables import (
    agreements_table,
    binding_table,
    changes_table,
    losses_table,
    shares_table,
    worth_table,
)
from linewise.core.settings import checkout_dir
from linewise.simulation.truth import Truth
from linewise.simulation.world import world_of


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging", description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=36, help="of data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="where the bank stands or is made")
    parser.add_argument("--sample", type=int, default=4_000, help="customers on whom policies are judged")
    parser.add_argument("--futures", type=int, default=16, help="lived for each customer and policy")
    parser.add_argument("--horizon", type=int, default=12, help="months of each future")
    parser.add_argument("--only", choices=("raises", "hardship"), help="one part of it")
    asked = parser.parse_args()
    if asked.only != "hardship":
        world = world_of(customer_count=asked.customers, month_count=asked.months, seed=asked.seed)
        home = asked.home or checkout_dir() / "data" / f"judge-{asked.customers}x{asked.months}-{asked.seed}"
        judged = judge_home(judged_settings(home, world))
        print(shares_table(judged), binding_table(judged), changes_table(judged), sep="\n\n", flush=True)
        worth, losses = worth_of_policies(
            judged, Truth(world), sample=asked.sample, futures=asked.futures, horizon_months=asked.horizon
        )
        print("", worth_table(worth), losses_table(losses), sep="\n\n", flush=True)
    if asked.only != "raises":
        print("", agreements_table(agreement_effects(asked.seed, 5 * asked.customers)), sep="\n\n")


main()
