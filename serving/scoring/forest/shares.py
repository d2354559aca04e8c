"""What each input of a leaf's way adds, for every set of inputs that may go that way: Shapley values, worked out once.

The game of a leaf is small: with the inputs of a set known, a row reaches it with the cover ratios of the others
multiplied where all of the set go its way, and not at all where one does not. A row at a call is left with looking
up which of the sets it is (the idea of FastTreeSHAP v2, Yang 2021, for the path-dependent TreeSHAP of Lundberg et al.
2018).
"""

from collections.abc import Iterable
from itertools import accumulate
from math import factorial
from typing import Any

import numpy as np

from linewise.core.compiling import compiled
from linewise.decisioning.types import Floats, Ints
from serving.scoring.forest.kernel import Tables
from serving.scoring.forest.planted import Planted

__all__ = ["MOST_INPUTS", "MOST_SPLITS", "tables_of"]

MOST_INPUTS = 8
"""So many inputs on the way to a leaf at most: of 8 its table has 256 sets."""

MOST_SPLITS = 64
"""So many splits of a tree at most: their answers lie in one word."""


def _edges(counts: Iterable[int]) -> Ints:
    return np.array([0, *accumulate(counts)], dtype=np.int64)


def tables_of(forest: Planted) -> Tables | None:
    """The tables of a forest; None where a way has more than MOST_INPUTS inputs, or a tree more than MOST_SPLITS."""
    leaves = [leaf for tree in forest.leaves for leaf in tree]
    widths = [len(leaf.cover_ratios) for leaf in leaves]
    if max(widths, default=0) > MOST_INPUTS or np.diff(forest.split_edges).max(initial=0) > MOST_SPLITS:
        return None
    begins, slot_edges = _edges(width * 2**width for width in widths), _edges(widths)
    shares = np.zeros(begins[-1])
    cover = np.array([ratio for leaf in leaves for ratio in leaf.cover_ratios.values()], dtype=np.float64)
    values = np.array([leaf.value for leaf in leaves], dtype=np.float64)
    _fill(values, cover, slot_edges, begins, _WEIGHTS, shares)
    return Tables(
        splits=forest.splits,
        split_edges=forest.split_edges,
        leaf_edges=_edges(len(tree) for tree in forest.leaves),
        slot_edges=slot_edges,
        slot_inputs=np.array([column for leaf in leaves for column in leaf.cover_ratios], dtype=np.int64),
        slot_splits=np.array([bits for leaf in leaves for bits in leaf.splits.values()], dtype=np.uint64),
        slot_rights=np.array([bits for leaf in leaves for bits in leaf.rights.values()], dtype=np.uint64),
        share_begins=begins[:-1],
        shares=shares,
    )


def _weights() -> Floats:
    """How a set of so many others weighs among so many inputs in all: |S|! (n - |S| - 1)! / n!."""
    weights = np.zeros((MOST_INPUTS + 1, MOST_INPUTS + 1))
    for count in range(1, MOST_INPUTS + 1):
        for size in range(count):
            weights[count, size] = factorial(size) * factorial(count - size - 1) / factorial(count)
    return weights


_WEIGHTS = _weights()


@compiled
def _fill(values: Any, cover: Any, slot_edges: Any, begins: Any, weights: Any, shares: Any) -> None:
    """Fill the tables: of each leaf, for each set of inputs that go its way, what each input adds.

    reached[k]: the sum, over the sets of k of the other inputs all of which go the way, of the cover ratios of
    those outside the set.
    """
    reached = np.zeros(len(weights))
    for leaf in range(len(values)):
        first, width = slot_edges[leaf], slot_edges[leaf + 1] - slot_edges[leaf]
        for goes_on in range(2**width):
            for own in range(width):
                reached[:] = 0.0
                reached[0] = 1.0
                for other in range(width):
                    if other == own:
                        continue
                    ratio, goes = cover[first + other], (goes_on >> other) & 1
                    for size in range(width - 1, -1, -1):
                        with_it = reached[size - 1] if size and goes else 0.0
                        reached[size] = reached[size] * ratio + with_it
                total = 0.0
                for size in range(width):
                    total += weights[width, size] * reached[size]
                is_going = (goes_on >> own) & 1
                at = begins[leaf] + goes_on * width + own
                shares[at] = values[leaf] * (is_going - cover[first + own]) * total
