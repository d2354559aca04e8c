"""Features for a decision: the packed rows read with the standard library and numpy alone.

Feast takes seconds to import and most of a millisecond to answer; this reads the very rows that
`feast materialize` wrote, in microseconds.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.catalogue import FEATURE_NAMES, definitions_hash
from features.packed_rows import PackedReader, View
from features.view import ONLINE_FILE, VIEW
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home

__all__ = ["MATERIALISE_COMMAND", "OnlineRows", "OnlineStore"]

MATERIALISE_COMMAND = "linewise features build && linewise features materialize"
_NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class OnlineRows:
    """What the store holds of the customers asked for, in the order asked.

    customer_id (n_customers,); found (n_customers,) bool; as_of (n_customers,) datetime64[us], the
    observation date in UTC, NaT where not found; values (n_customers, n_features) float64 in
    FEATURE_NAMES order, NaN where missing or not found.
    """

    customer_id: NDArray[np.str_]
    found: NDArray[np.bool_]
    as_of: NDArray[np.datetime64]
    values: NDArray[np.float64]


class OnlineStore:
    """The online store of a home; safe to share between threads, and sees a refilled store at once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._reader = PackedReader(home.feast_dir / ONLINE_FILE)

    def read(self, customer_ids: Sequence[str]) -> OnlineRows:
        """The customers' rows.

        Raises FeaturesMissing where the store was never filled or cannot be read, or was filled from other
        definitions than this reader's: a value under a changed meaning is worse than none.
        """
        try:
            view, rows = self._reader.read(VIEW, customer_ids)
        except sqlite3.DatabaseError as err:
            raise FeaturesMissing(
                f"The online feature store of {self._home.root} cannot be read", MATERIALISE_COMMAND
            ) from err
        self._enforce_definitions(view)
        values = np.full((len(customer_ids), len(FEATURE_NAMES)), np.nan)
        as_of = np.full(len(customer_ids), _NEVER)
        found = np.zeros(len(customer_ids), dtype=bool)
        for place, customer_id in enumerate(customer_ids):
            if (row := rows.get(customer_id)) is not None:
                found[place] = True
                as_of[place] = np.datetime64(row[0], "us")
                values[place] = np.frombuffer(row[1])
        return OnlineRows(np.asarray(customer_ids, dtype=np.str_), found, as_of, values)

    def _enforce_definitions(self, view: View | None) -> None:
        if view is None:
            raise FeaturesMissing(f"The online feature store of {self._home.root} is empty", MATERIALISE_COMMAND)
        if view.definitions_hash != definitions_hash() or view.feature_names != FEATURE_NAMES:
            raise FeaturesMissing(
                "The online feature store was filled from other definitions than today's", MATERIALISE_COMMAND
            )
