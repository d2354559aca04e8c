"""The walks over the rungs of a ladder, compiled: which they are, which is best, and what stands before the next."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["best_rung", "climbed", "gravest", "lowest_cap", "open_rungs", "what_stops"]

BLOCK, CAP, PRICE, RISK, VALUE = range(5)
"""What may stand before the next rung, as `what_stops` tells it."""


@compiled
def climbed(current: Any, shares: Any, raise_most: float, new_most: float, least_first: int, step: int) -> Any:
    """The rungs (n_customers, n_grid): the line in force, then each at its share of the way, and a step above the last.

    shares (n_grid - 1,); raise_most: what one raise adds at the most, as a share of the line; new_most: the highest
    first line, least_first: the least one.
    """
    last = len(shares)
    rungs = np.empty((len(current), last + 1), dtype=np.int64)
    for row in range(len(current)):
        line = current[row]
        # Below the highest raise of a small line there are fewer steps than rungs: the curve is drawn beyond it.
        top = max(raise_most * line if line > 0 else new_most, float(last * step))
        least = step if line > 0 else least_first
        rungs[row, 0] = line
        for at in range(last):
            rise = max(np.int64(np.rint(top * shares[at])), least + at * step)
            rungs[row, at + 1] = (line + rise) // step * step
    return rungs


@compiled
def open_rungs(rungs: Any, cap: Any, is_blocked: Any) -> Any:
    """Which rungs above the line in force caps and rules allow, (n_customers, n_grid)."""
    is_open = np.zeros(rungs.shape, dtype=np.bool_)
    for row in range(rungs.shape[0]):
        for at in range(0 if is_blocked[row] else rungs.shape[1]):
            is_open[row, at] = rungs[row, 0] < rungs[row, at] <= cap[row]
    return is_open


@compiled
def best_rung(rungs: Any, is_allowed: Any, is_bearable: Any, net: Any) -> Any:
    """The open rung of highest worth above zero, (n_customers,), of two alike the lower; else the line in force."""
    best = rungs[:, 0].copy()
    for row in range(rungs.shape[0]):
        most = 0.0
        for at in range(rungs.shape[1]):
            if is_allowed[row, at] and is_bearable[row, at] and net[row, at] > most:
                most, best[row] = net[row, at], rungs[row, at]
    return best


@compiled
def what_stops(
    rungs: Any, is_allowed: Any, is_bearable: Any, is_blocked: Any, chosen: Any, unpriced: Any, up_to: Any
) -> Any:
    """What kept the choice from the next rung up to an amount, (n_customers,): one of the places above.

    chosen, unpriced (what would have been, were nothing scarce), up_to: (n_customers,).
    """
    stops = np.full(len(rungs), VALUE)
    for row in range(len(rungs)):
        following = -1
        for at in range(rungs.shape[1]):
            if chosen[row] < rungs[row, at] <= up_to[row]:
                following = at
                break
        if is_blocked[row]:
            stops[row] = BLOCK
        elif following < 0 or not is_allowed[row, following]:
            stops[row] = CAP
        elif unpriced[row] > chosen[row]:
            stops[row] = PRICE
        elif not is_bearable[row, following]:
            stops[row] = RISK
    return stops


@compiled
def lowest_cap(
    affordable: Any, current: Any, hit: Any, caps: Any, cap_places: Any, raise_most: float, new_most: float, step: int
) -> Any:
    """The lowest cap, (n_customers,), and its place: affordability 0, one raise 1, then the rules that cap.

    hit (n_customers, n_rules), caps (n_customers, n_caps): what each of the rules at `cap_places` sets. raise_most,
    new_most as in `climbed`; one raise may add a step at any rate.
    """
    lowest, place = np.empty(len(hit), dtype=np.int64), np.zeros(len(hit), dtype=np.int64)
    for row in range(len(hit)):
        line, cap = current[row], float(affordable[row])
        one_raise = line + max(raise_most * line, float(step)) if line > 0 else new_most
        if one_raise < cap:
            cap, place[row] = one_raise, 1
        for at in range(len(cap_places)):
            if hit[row, cap_places[at]] and caps[row, at] < cap:
                cap, place[row] = caps[row, at], at + 2
        lowest[row] = np.int64(np.floor(cap))
    return lowest, place


@compiled
def gravest(hit: Any, order: Any, proposed: Any, asked: Any, is_asked: Any) -> Any:
    """The first rule in `order` that hits and takes away, (n_customers,); n_rules where none does.

    hit (n_customers, n_rules); proposed, asked (n_rules,): whether it takes what the bank proposes, or what is asked.
    """
    found = np.full(len(hit), hit.shape[1])
    for row in range(len(hit)):
        for rule in order:
            if hit[row, rule] and (asked[rule] if is_asked[row] else proposed[rule]):
                found[row] = rule
                break
    return found
