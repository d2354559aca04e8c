"""A forest read from what LightGBM tells of it, as arrays that the kernels walk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lightgbm as lgb
import numpy as np

from linewise.decisioning.types import Ints
from serving.scoring.forest.kernel import Places, Trees

__all__ = ["Leaf", "Planted", "planted"]

SUMMED = frozenset({"regression", "regression_l1", "huber", "fair", "quantile", "mape"})
"""Objectives whose prediction is the sum of the leaves itself."""

TOLD_AS_INFINITE = 1e300
"""LightGBM's JSON has no infinity: a split of what is missing from all the rest is told so."""

MISSING_LEFT, MISSING_RIGHT = 0, 1
"""An input stands twice before the kernels: missing as less than anything known, and as more."""

Step = tuple[int, int, bool, float]
"""The input that a split looks at, its number in the tree, whether the way goes right, and the cover ratio there."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf adds, and what its way asks of each input, in the order of the first split on it.

    cover_ratios: the shares of the learnt rows that go on at the splits on it, multiplied. splits: by input their
    numbers in the tree, as bits of one word; rights: those of them at which the way goes right.
    """

    value: float
    cover_ratios: Mapping[int, float]
    splits: Mapping[int, int]
    rights: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Planted:
    """A booster's trees, and what their tables of contributions are made of.

    splits (n_splits,): the nodes that are no leaves, tree after tree, by split_edges (n_trees + 1,). leaves: of each
    tree. base: what a row adds on average. is_summed: whether the prediction is the sum of the leaves.
    """

    trees: Trees
    splits: Places
    split_edges: Ints
    leaves: tuple[tuple[Leaf, ...], ...]
    base: float
    is_summed: bool


class _OfAnotherKind(Exception):
    """A forest that the arrays do not hold."""


def planted(booster: lgb.Booster) -> Planted | None:
    """The arrays of a booster; None where it splits on categories or takes zero for missing, or is no plain sum.

    None also where a node was learnt from no row, for then nothing is known of its cover.
    """
    told = booster.dump_model()
    if told["num_tree_per_iteration"] != 1 or told.get("average_output"):
        return None
    planting = _Planting()
    try:
        for tree in told["tree_info"]:
            planting.add(tree["tree_structure"])
    except _OfAnotherKind:
        return None
    return planting.done(is_summed=str(told.get("objective", "")).partition(" ")[0] in SUMMED)


@dataclass(slots=True)
class _Planting:
    """The arrays while trees are added to them."""

    inputs: list[int] = field(default_factory=list)
    thresholds: list[float] = field(default_factory=list)
    lefts: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    splits: list[int] = field(default_factory=list)
    split_edges: list[int] = field(default_factory=lambda: [0])
    leaves: list[tuple[Leaf, ...]] = field(default_factory=list)
    depth: int = 0
    base: float = 0.0

    def add(self, root: Mapping[str, Any]) -> None:
        self.roots.append(self._leaf())
        level: list[tuple[Mapping[str, Any], int, list[Step]]] = [(root, self.roots[-1], [])]
        leaves, whole = [], _count(root) if "split_feature" in root else 1
        for node, place, way in level:
            if "split_feature" in node:
                level += self._split(node, place, way)
                continue
            self.values[place] = float(node["leaf_value"])
            self.depth = max(self.depth, len(way))
            self.base += self.values[place] * (_count(node) / whole if way else 1.0)
            leaves.append(_leaf_of(self.values[place], way))
        self.leaves.append(tuple(leaves))
        self.split_edges.append(len(self.splits))

    def _leaf(self) -> int:
        """A node that leads to itself, and its place."""
        place = len(self.lefts)
        self.inputs.append(0)
        self.thresholds.append(np.inf)
        self.lefts.append(place)
        self.values.append(0.0)
        return place

    def _split(
        self, node: Mapping[str, Any], place: int, way: list[Step]
    ) -> list[tuple[Mapping[str, Any], int, list[Step]]]:
        """Make a node a split; gives those below it with their places and ways."""
        if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
            raise _OfAnotherKind
        column, threshold = int(node["split_feature"]), float(node["threshold"])
        # What is missing counts as 0 where none was missing in what the tree was learnt from.
        goes_right = threshold < 0.0 if node["missing_type"] == "None" else not node["default_left"]
        self.inputs[place] = 2 * column + (MISSING_RIGHT if goes_right else MISSING_LEFT)
        # Only what is missing is more than the greatest number.
        self.thresholds[place] = np.finfo(np.float64).max if threshold >= TOLD_AS_INFINITE else threshold
        self.lefts[place] = self._leaf()
        self._leaf()
        number = len(self.splits) - self.split_edges[-1]
        self.splits.append(place)
        return [
            (node[side], self.lefts[place] + is_right, [*way, (column, number, is_right, _cover(node, node[side]))])
            for is_right, side in ((False, "left_child"), (True, "right_child"))
        ]

    def done(self, *, is_summed: bool) -> Planted:
        return Planted(
            Trees(
                roots=np.array(self.roots, dtype=np.int32),
                depth=self.depth,
                inputs=np.array(self.inputs, dtype=np.int32),
                thresholds=np.array(self.thresholds, dtype=np.float64),
                lefts=np.array(self.lefts, dtype=np.int32),
                values=np.array(self.values, dtype=np.float64),
            ),
            splits=np.array(self.splits, dtype=np.int32),
            split_edges=np.array(self.split_edges, dtype=np.int64),
            leaves=tuple(self.leaves),
            base=self.base,
            is_summed=is_summed,
        )


def _count(node: Mapping[str, Any]) -> int:
    """How many rows a node was learnt from."""
    count = int(node.get("internal_count", node.get("leaf_count", 0)))
    if count <= 0:
        raise _OfAnotherKind
    return count


def _cover(node: Mapping[str, Any], below: Mapping[str, Any]) -> float:
    return _count(below) / _count(node)


def _leaf_of(value: float, way: list[Step]) -> Leaf:
    cover: dict[int, float] = {}
    splits: dict[int, int] = {}
    rights: dict[int, int] = {}
    for column, number, is_right, ratio in way:
        cover[column] = cover.get(column, 1.0) * ratio
        splits[column] = splits.get(column, 0) | 1 << number
        rights[column] = rights.get(column, 0) | int(is_right) << number
    return Leaf(value, cover, splits, rights)
