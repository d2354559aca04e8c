"""Random numbers as a pure function of key, purpose and index: the same throw whatever else was thrown.

Actions differ, the dice do not: two lives of one customer under two limits use the same number for the same
purpose, so that their difference is the effect of the limit alone.
"""

import math
from typing import Any

import numpy as np
from numba.types import boolean, float64, int64, uint64

from linewise.simulation.lives.compiling import compiled_for

__all__ = ["COUNT_MAXIMUM", "happens", "key_of", "mixed", "normal", "poisson", "uniform"]

_GOLDEN, _SILVER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S11, _S27, _S30, _S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)

COUNT_MAXIMUM = 200


@compiled_for(uint64, uint64)
def mixed(bits: Any) -> Any:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every input bit moves every output bit."""
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return bits ^ (bits >> _S31)


@compiled_for(uint64, uint64, int64)
def key_of(key: Any, part: int) -> Any:
    """The key of one part (a customer, a month, another future) below a key."""
    return mixed(key + _GOLDEN * np.uint64(part + 1))


@compiled_for(float64, uint64, int64, int64)
def uniform(key: Any, purpose: int, index: int) -> float:
    """Uniform in (0, 1), both ends open."""
    bits = mixed(key + _GOLDEN * np.uint64(purpose + 1) + _SILVER * np.uint64(index + 1))
    return float(bits >> _S11) * 2.0**-53 + 2.0**-54


@compiled_for(boolean, float64, uint64, int64, int64)
def happens(probability: float, key: Any, purpose: int, index: int) -> bool:
    """True with that probability."""
    return uniform(key, purpose, index) < probability


@compiled_for(float64, uint64, int64, int64)
def normal(key: Any, purpose: int, index: int) -> float:
    """Standard normal, by the transform of Box and Muller (1958) of two throws."""
    radius = math.sqrt(-2.0 * math.log(uniform(key, purpose, 2 * index)))
    return radius * math.cos(2.0 * math.pi * uniform(key, purpose, 2 * index + 1))


@compiled_for(int64, float64, uint64, int64, int64)
def poisson(mean: float, key: Any, purpose: int, index: int) -> int:
    """A Poisson count of that mean, by the inverse of its distribution function; at most COUNT_MAXIMUM."""
    draw = uniform(key, purpose, index)
    probability = math.exp(-mean)
    cumulated, count = probability, 0
    while draw > cumulated and count < COUNT_MAXIMUM:
        count += 1
        probability *= mean / count
        cumulated += probability
    return count
