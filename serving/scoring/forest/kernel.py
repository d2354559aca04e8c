"""Rows through a forest, compiled: no step is guessed, and several are on their way at once."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import compiled, inlined
from linewise.decisioning.types import Floats, Ints

__all__ = ["Places", "Tables", "Trees", "contributed", "summed"]

Places = NDArray[np.int32]
Words = NDArray[np.uint64]

AT_ONCE = 4
"""So many rows, or trees of one row, go down side by side: a processor waits for memory less than for one alone."""


class Trees(NamedTuple):
    """The trees one after the other, level by level, the two nodes below a split beside each other.

    roots (n_trees,): the first node of each; depth: of the deepest leaf. Of each node (n_nodes,): `inputs`, where its
    input lies among those that stand twice (`_twice`); `thresholds`, up to which a row goes left; `lefts`, the node to
    the left, that to the right behind it; `values`. A leaf leads to itself, and adds its value.
    """

    roots: Places
    depth: int
    inputs: Places
    thresholds: Floats
    lefts: Places
    values: Floats


class Tables(NamedTuple):
    """What each input adds at each leaf, for every set of inputs that may go its way.

    splits (n_splits,): the nodes that are no leaves, tree after tree, by split_edges (n_trees + 1,). leaf_edges
    (n_trees + 1,): the leaves of each tree; slot_edges (n_leaves + 1,): the slots of each leaf, one an input of its
    way.
    Of each slot its input, the splits on it as bits, and those at which the way goes right. share_begins (n_leaves,):
    where the table of a leaf begins in `shares`: for each set of slots that go its way, as bits, what each slot adds.
    """

    splits: Places
    split_edges: Ints
    leaf_edges: Ints
    slot_edges: Ints
    slot_inputs: Ints
    slot_splits: Words
    slot_rights: Words
    share_begins: Ints
    shares: Floats


@inlined
def _twice(row: Any, known: Any) -> None:
    """Lay each input twice: where it is missing as less than any number, and as more than any."""
    for column in range(len(row)):
        value = row[column]
        if np.isnan(value):
            known[2 * column], known[2 * column + 1] = -np.inf, np.inf
        else:
            # Nothing but what is missing is more than the greatest number.
            value = min(value, 1.7976931348623157e308)
            known[2 * column] = known[2 * column + 1] = value


@compiled
def _of_one(known: Any, trees: Any) -> float:
    """The leaves of one row, added tree after tree; four trees go down side by side."""
    roots, depth, inputs, thresholds, lefts, values = trees
    total, tree, count = 0.0, 0, len(roots)
    while tree + AT_ONCE <= count:
        a, b, c, d = roots[tree], roots[tree + 1], roots[tree + 2], roots[tree + 3]
        for _ in range(depth):
            a = lefts[a] + np.int32(known[inputs[a]] > thresholds[a])
            b = lefts[b] + np.int32(known[inputs[b]] > thresholds[b])
            c = lefts[c] + np.int32(known[inputs[c]] > thresholds[c])
            d = lefts[d] + np.int32(known[inputs[d]] > thresholds[d])
        # One after the other: the order of adding is LightGBM's, and so is the sum to the bit.
        total += values[a]
        total += values[b]
        total += values[c]
        total += values[d]
        tree += AT_ONCE
    while tree < count:
        a = roots[tree]
        for _ in range(depth):
            a = lefts[a] + np.int32(known[inputs[a]] > thresholds[a])
        total += values[a]
        tree += 1
    return total


@compiled
def summed(rows: Any, trees: Any, sums: Any) -> None:
    """Fill sums (n_rows,): the leaves of each row, added tree after tree as LightGBM adds them."""
    roots, depth, inputs, thresholds, lefts, values = trees
    count, known = len(rows), np.empty((AT_ONCE, 2 * rows.shape[1]))
    first = 0
    while first + AT_ONCE <= count:
        for place in range(AT_ONCE):
            _twice(rows[first + place], known[place])
        total_a = total_b = total_c = total_d = 0.0
        for root in roots:
            a = b = c = d = root
            for _ in range(depth):
                a = lefts[a] + np.int32(known[0, inputs[a]] > thresholds[a])
                b = lefts[b] + np.int32(known[1, inputs[b]] > thresholds[b])
                c = lefts[c] + np.int32(known[2, inputs[c]] > thresholds[c])
                d = lefts[d] + np.int32(known[3, inputs[d]] > thresholds[d])
            total_a += values[a]
            total_b += values[b]
            total_c += values[c]
            total_d += values[d]
        sums[first], sums[first + 1], sums[first + 2], sums[first + 3] = total_a, total_b, total_c, total_d
        first += AT_ONCE
    for row in range(first, count):
        _twice(rows[row], known[0])
        sums[row] = _of_one(known[0], trees)


@compiled
def contributed(rows: Any, trees: Any, tables: Any, added: Any) -> None:
    """Add to added (n_rows, n_inputs or more) what each input adds by the leaves of every tree."""
    inputs, thresholds, known = trees.inputs, trees.thresholds, np.empty(2 * rows.shape[1])
    splits, split_edges, leaf_edges, slot_edges, slot_inputs, slot_splits, slot_rights, begins, shares = tables
    for row in range(len(rows)):
        _twice(rows[row], known)
        for tree in range(len(leaf_edges) - 1):
            goes_right = np.uint64(0)
            for split in range(split_edges[tree], split_edges[tree + 1]):
                at = splits[split]
                is_right = np.uint64(known[inputs[at]] > thresholds[at])
                goes_right |= is_right << np.uint64(split - split_edges[tree])
            for leaf in range(leaf_edges[tree], leaf_edges[tree + 1]):
                first, end, goes_on = slot_edges[leaf], slot_edges[leaf + 1], 0
                for slot in range(first, end):
                    is_met = (goes_right & slot_splits[slot]) == slot_rights[slot]
                    goes_on |= np.int64(is_met) << (slot - first)
                begin = begins[leaf] + goes_on * (end - first)
                for slot in range(first, end):
                    added[row, slot_inputs[slot]] += shares[begin + slot - first]
