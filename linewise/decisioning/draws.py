"""Chance that can be repeated: numbers that follow from a seed, a purpose and a name alone."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.hashing import mixed_words, words_of
from linewise.decisioning.types import Floats, Ints, Texts

__all__ = ["tie_breaks", "uniform_draw"]

Words = NDArray[np.uint64]


def _words(names: Texts, seed: int, purpose: str) -> Words:
    """Sixty-four even bits for each name."""
    return words_of(f"{seed}|{purpose}|", names)


def uniform_draw(customer_id: Texts, seed: int, purpose: str) -> Floats:
    """A number in [0, 1) per customer that depends on nothing but the seed, the purpose and the id.

    So a customer's draw is the same alone, in a chunk of any size, and in a replay.
    """
    return np.asarray((_words(customer_id, seed, purpose) >> np.uint64(11)) * 2.0**-53)


@lru_cache(maxsize=64)
def _words_of_offers(offer_id: tuple[str, ...], seed: int) -> Words:
    return _words(np.array(offer_id, dtype=np.str_), seed, "tie of an offer")


def tie_breaks(customer_id: Texts, offer_id: tuple[str, ...], seed: int) -> Ints:
    """What orders offers of one priority, (n_customers, n_offers): even bits by seed, customer and offer.

    They depend on no place in a catalogue, so no offer gains by being written first. A customer's bits and an
    offer's are mixed by the finaliser of SplitMix64 (Steele, Lea and Flood 2014) in place of a hash a pair.
    """
    return np.asarray(mixed_words(_words(customer_id, seed, "tie"), _words_of_offers(offer_id, seed)))
