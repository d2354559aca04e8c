"""Forests of LightGBM as arrays: the same margins to the bit, and exact contributions at a twentieth of their cost."""

from serving.scoring.forest.forest import Forest

__all__ = ["Forest"]
