"""What is known of customers, as one run of numbers that the rules of every kind of candidate read."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from linewise.decisioning.described import Known
from linewise.decisioning.types import Floats, Ints
from linewise.policy.rules.codes import CODES, codes_of
from linewise.policy.rules.language import Kind

__all__ = ["Sheet", "Sheets"]

MOST_KEPT = 64
"""So many different sets of names are remembered."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns of customers one after the other.

    values (n_columns * n_customers,); place_of: where each column stands among them, the same object for the same
    names; count: n_customers.
    """

    values: Floats
    place_of: Mapping[str, int]
    count: int


@dataclass(frozen=True, slots=True)
class _Names:
    """Which of the columns are features, and where among all of them; and which are told, and which of these texts."""

    feature_names: tuple[str, ...]
    features: Ints
    told: tuple[str, ...]
    texts: tuple[int, ...]
    place_of: Mapping[str, int]


class Sheets:
    """Makes the sheets of the columns, with their kinds, that any rule looks at."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)
        self._names: dict[tuple[str, ...], _Names] = {}

    def __call__(self, known: Known) -> Sheet:
        """The sheet of some customers; what is told of them goes before their features."""
        names, count = self._names_of(known), len(known)
        features = known.customers.features.take(names.features, axis=1)
        told = [*map(known.told.__getitem__, names.told)]
        if count == 1:
            each = [column.item() for column in told]
            for place in names.texts:
                each[place] = CODES[each[place]]
            return Sheet(np.concatenate((features[0], np.array(each, dtype=np.float64))), names.place_of, count)
        for place in names.texts:
            told[place] = told[place] if told[place].dtype.kind == "f" else codes_of(told[place])
        parts = [features.T.reshape(-1), *told]
        return Sheet(np.concatenate(parts, dtype=np.float64, casting="unsafe"), names.place_of, count)

    def _names_of(self, known: Known) -> _Names:
        among = known.customers.feature_names
        names = self._names.get(key := tuple(known.told))
        if names is None or names.feature_names is not among:
            told = tuple(name for name in self._kinds if name in known.told)
            features = [(name, at) for at, name in enumerate(among) if name in self._kinds and name not in known.told]
            names = _Names(
                feature_names=among,
                features=np.array([at for _, at in features], dtype=np.int64),
                told=told,
                texts=tuple(place for place, name in enumerate(told) if self._kinds[name] == "text"),
                place_of={name: place for place, name in enumerate((*(name for name, _ in features), *told))},
            )
            if len(self._names) >= MOST_KEPT:
                self._names.clear()
            self._names[key] = names
        return names
