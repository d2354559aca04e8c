"""The canonical form of an answer: what two answers must have in common to be the same answer."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["RATIO_DECIMALS", "rounded"]

RATIO_DECIMALS = 9
"""Ratios count to 1e-9: beyond it lies the order in which a machine adds."""


def rounded(value: Any) -> Any:
    """The value with every number rounded: money, which is whole minor units, stays; ratios go to 1e-9.

    A number that is whole is an integer, so that 0.0, -0.0 and 0 are one. Raises ValueError for a number
    that JSON does not know.
    """
    return KINDS.get(type(value), _rounded_other)(value)


def _rounded_float(value: float) -> float | int:
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not JSON compliant")
    near = round(value, RATIO_DECIMALS)
    return int(near) if near.is_integer() else near


def _rounded_mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: rounded(one) for name, one in value.items()}


def _rounded_list(value: Sequence[Any]) -> list[Any]:
    return [rounded(one) for one in value]


def _same(value: Any) -> Any:
    return value


def _rounded_other(value: Any) -> Any:
    # Kinds that only look like those below, as numpy's floating-point number does.
    if isinstance(value, float):
        return _rounded_float(float(value))
    if isinstance(value, Mapping):
        return _rounded_mapping(value)
    return _rounded_list(value) if isinstance(value, list | tuple) else value


KINDS: dict[type, Callable[[Any], Any]] = {
    float: _rounded_float,
    dict: _rounded_mapping,
    list: _rounded_list,
    str: _same,
    int: _same,
    bool: _same,
}
"""The kinds of which answers are made; a decision holds hundreds of values, so they are told apart by one look."""
