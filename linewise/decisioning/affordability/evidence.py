"""How well an income is proved: classes A to E, each year of age of what is on file one class lower."""

import numpy as np

from linewise.decisioning.affordability.kernel import STATED, UNKNOWN
from linewise.decisioning.types import Bools, Customers, Ints, Texts

__all__ = ["CLASSES", "is_proved", "letters_of", "place_on_file"]

CLASSES = ("A", "B", "C", "D", "E")
"""A verified, B and C documented or seen on an account here, D stated, E inferred from how cards are used."""

_PLACES = {name: place for place, name in enumerate(CLASSES)}
_LETTERS = np.array([*CLASSES, ""])


def place_on_file(customers: Customers) -> Ints:
    """The place in CLASSES of the best evidence that is on file, (n_customers,); len(CLASSES) where there is none."""
    named = customers.facts.get("income_evidence_class")
    if named is None:
        return np.full(len(customers), UNKNOWN, dtype=np.int64)
    return np.array([_PLACES.get(name, UNKNOWN) for name in named.tolist()], dtype=np.int64)


def letters_of(place: Ints) -> Texts:
    """The classes by their letters, empty where nothing is known, same shape."""
    return _LETTERS[place]


def is_proved(place: Ints) -> Bools:
    """Whether an income may justify more debt: A to D; what is inferred from card use may only lower."""
    return np.asarray(place <= STATED)
