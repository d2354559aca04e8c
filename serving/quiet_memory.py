"""What a worker keeps for good leaves the garbage collector's sight, so that no answer waits for a full look."""

import gc

__all__ = ["settle"]

YOUNG = 20_000
"""Objects made before the young ones are looked at: some ten decisions' worth."""

MIDDLE, OLD = 20, 20


def settle() -> None:
    """Collect once, then leave alone all that there is: models, tables and code never become garbage.

    BentoML keeps a timer with each request's context for as long as a request may take, so a full collection would
    otherwise walk half a million objects every few seconds: 90 to 290 ms in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
