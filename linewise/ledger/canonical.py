"""The canonical form of an answer: what two answers must have in common to be the same answer."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["RATIO_DECIMALS", "canonical_bytes", "rounded"]

RATIO_DECIMALS = 9
"""Ratios count to 1e-9 (DESIGN.md idea 8): beyond it lies the order in which a machine adds."""


def rounded(value: Any) -> Any:
    """The value with every number rounded: money, which is whole minor units, stays; ratios go to 1e-9.

    A number that is whole is an integer, so that 0.0, -0.0 and 0 are one. Raises ValueError for a number
    that JSON does not know.
    """
    if isinstance(value, float):
        return _rounded_float(value)
    if isinstance(value, Mapping):
        return {str(name): rounded(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [rounded(one) for one in value]
    return value


def _rounded_float(value: float) -> float | int:
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not JSON compliant")
    near = round(value, RATIO_DECIMALS)
    return int(near) if near.is_integer() else near


def canonical_bytes(value: Any) -> bytes:
    """The one spelling of a value: rounded, names sorted, no spaces, UTF-8."""
    text = json.dumps(rounded(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()
