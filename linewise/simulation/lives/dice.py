"""Random numbers as a pure function of key, purpose and index: the same throw whatever else was thrown.

Actions differ, the dice do not: two lives of one customer under two limits use the same number for the same
purpose, so that their difference is the effect of the limit alone.
"""

import math
from typing import Any

import numpy as np
from numba.types import boolean, float64, int64, uint64

from linewise.simulation.lives.compiling import compiled_for

__all__ = ["COUNT_MAXIMUM", "happens", "happens_by_logit", "key_of", "mixed", "normal", "poisson", "uniform"]

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


# Quotients of polynomials of the seventh degree, each for its part of the line.
# fmt: off
@compiled_for(float64, float64)
def _middle(r: float) -> float:
    # In pairs (Estrin, 1960), which do not wait for each other.
    r2 = r * r
    r4 = r2 * r2
    above = (
        (3.387132872796366608 + 133.14166789178437745 * r)
        + (1971.5909503065514427 + 13731.693765509461125 * r) * r2
        + ((45921.953931549871457 + 67265.770927008700853 * r)
           + (33430.575583588128105 + 2509.0809287301226727 * r) * r2) * r4
    )
    below = (
        (1.0 + 42.313330701600911252 * r)
        + (687.1870074920579083 + 5394.1960214247511077 * r) * r2
        + ((21213.794301586595867 + 39307.89580009271061 * r)
           + (28729.085735721942674 + 5226.495278852545925 * r) * r2) * r4
    )
    return above / below


@compiled_for(float64, float64)
def _tail(r: float) -> float:
    above = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
              + 4.6303378461565452959) * r + 1.42343711074968357734)
    below = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
              + 2.05319162663775882187) * r + 1.0)
    return above / below


@compiled_for(float64, float64)
def _far_tail(r: float) -> float:
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
              + 5.4637849111641143699) * r + 6.6579046435011037772)
    below = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r
              + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0)
    return above / below
# fmt: on


@compiled_for(float64, uint64, int64, int64)
def normal(key: Any, purpose: int, index: int) -> float:
    """Standard normal: the inverse of its distribution function of one throw, right to 1e-15.

    Algorithm AS 241 (Wichura, Applied Statistics 1988). Six throws in seven lie in its middle, which needs
    neither logarithm nor root.
    """
    draw = uniform(key, purpose, index)
    away = draw - 0.5
    if abs(away) <= 0.425:
        return away * _middle(0.180625 - away * away)
    r = math.sqrt(-math.log(min(draw, 1.0 - draw)))
    return math.copysign(_tail(r - 1.6) if r <= 5.0 else _far_tail(r - 5.0), away)


@compiled_for(boolean, float64, uint64, int64, int64)
def happens_by_logit(logit: float, key: Any, purpose: int, index: int) -> bool:
    """True with the probability whose logit is given, 1 / (1 + exp(-logit))."""
    draw = uniform(key, purpose, index)
    if logit < -2.0 and draw > 0.12:
        return False  # 0.1192 at -2: most rare things are decided without the exponential
    return draw < 1.0 / (1.0 + math.exp(-logit))


@compiled_for(int64, float64, uint64, int64, int64)
def poisson(mean: float, key: Any, purpose: int, index: int) -> int:
    """A Poisson count of that mean, by the inverse of its distribution function; at most COUNT_MAXIMUM."""
    draw = uniform(key, purpose, index)
    if draw < 1.0 - mean:
        return 0  # as the exponential of -mean, which is more, would say
    probability = math.exp(-mean)
    cumulated, count = probability, 0
    while draw > cumulated and count < COUNT_MAXIMUM:
        count += 1
        probability *= mean / count
        cumulated += probability
    return count
