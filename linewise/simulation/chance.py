"""Random numbers that belong to a customer and a purpose, so that nobody's life depends on how many others live."""

import hashlib
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

__all__ = ["Chance", "Floats", "Ints"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every input bit moves every output bit.
_GOLDEN, _FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


@dataclass(frozen=True, slots=True)
class Chance:
    """The dice of one bank. A number is a pure function of (seed, purpose, customer, index).

    `customer` (n,) are customer numbers; `index` broadcasts against them and tells throws of one purpose
    apart (a month, a purchase of a month).
    """

    seed: int

    def uniform(self, purpose: str, customer: ArrayLike, index: ArrayLike = 0) -> Floats:
        """Uniform in (0, 1), both ends open, in the broadcast shape."""
        state = np.uint64(self.seed & 0xFFFF_FFFF_FFFF_FFFF) ^ _key(purpose)
        bits = _mixed(_mixed(state, customer), index)
        return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54

    def normal(self, purpose: str, customer: ArrayLike, index: ArrayLike = 0) -> Floats:
        """Standard normal, by the inverse of its distribution function."""
        return np.asarray(ndtri(self.uniform(purpose, customer, index)), dtype=np.float64)

    def happens(
        self, probability: ArrayLike, purpose: str, customer: ArrayLike, index: ArrayLike = 0
    ) -> NDArray[np.bool_]:
        """True with that probability."""
        return np.asarray(self.uniform(purpose, customer, index) < np.asarray(probability), dtype=np.bool_)

    def between(self, low: int, high: int, purpose: str, customer: ArrayLike, index: ArrayLike = 0) -> Ints:
        """A whole number from low to high, both included, each as likely."""
        return low + np.floor(self.uniform(purpose, customer, index) * (high - low + 1)).astype(np.int64)

    def pick(self, weights: Floats, purpose: str, customer: ArrayLike, index: ArrayLike = 0) -> Ints:
        """The column chosen in each row of weights (n, n_choices), in proportion to its weight."""
        cumulated = np.cumsum(weights, axis=-1)
        draw = self.uniform(purpose, customer, index) * cumulated[..., -1]
        passed = (cumulated <= draw[..., None]).sum(axis=-1)
        return np.asarray(np.minimum(passed, weights.shape[-1] - 1), dtype=np.int64)


@cache
def _key(purpose: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little"))


def _mixed(state: NDArray[np.uint64] | np.uint64, part: ArrayLike) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        bits = np.asarray(state, dtype=np.uint64) ^ (np.asarray(part).astype(np.uint64) * _GOLDEN + _GOLDEN)
        bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
        bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
        return np.asarray(bits ^ (bits >> np.uint64(31)), dtype=np.uint64)
