"""`python -m benchmarks.one_campaign base|ours|exported|bare|plain CUSTOMERS`: seconds and peak memory of one campaign.

A process of its own. `base` makes the bank, its features and the release that the others read, where they are not
there yet. What is timed of ours is the whole command, from opening the home to the list on disk.
"""

import json
import resource
import sys
from importlib import import_module

from benchmarks.campaign_file import THREADS
from benchmarks.peak import peak_gb

# Named and not imported: processes that help with a plan begin by importing this module, as they import the command.
ROOMS = {
    "base": "campaign_home", "ours": "our_campaign", "exported": "our_campaign", "bare": "bare_campaign",
    "plain": "plain_campaign",
}  # fmt: skip


def _helpers_gb() -> float:
    """What the processes that shared the work held at most, each as much as the one that held most."""
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9
    return held * (THREADS - 1)


def main(who: str, customer_count: int) -> None:
    """Make the base, or run one of the four, and tell seconds and peak as JSON."""
    told = getattr(import_module(f"benchmarks.{ROOMS[who]}"), who)(customer_count)
    print(json.dumps(told | {"peak_gb": peak_gb() + _helpers_gb(), "threads": THREADS}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
