"""Features for a decision: the packed rows of one generation read with the standard library and numpy alone.

Feast takes seconds to import and most of a millisecond to answer; this reads the very rows that
`feast materialize` wrote, in microseconds.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.catalogue import FEATURE_NAMES, definitions_hash
from features.packed_reader import Generation, PackedReader
from features.packed_rows import Filled, View
from features.view import ONLINE_DIR, VIEW
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home

__all__ = ["MATERIALISE_COMMAND", "OnlineGeneration", "OnlineRows", "OnlineStore"]

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


class OnlineGeneration:
    """One generation of the online store, held while anything refers to it.

    All that is read of it is of one filling, whatever is filled meanwhile, so a decision reads one and no other.
    Safe to share between threads.
    """

    def __init__(self, home: Home, generation: Generation, filled: Filled) -> None:
        self.id, self.filled = generation.id, filled
        self._home, self._generation = home, generation

    def read(self, customer_ids: Sequence[str]) -> OnlineRows:
        """The customers' rows; raises FeaturesMissing where they cannot be read."""
        rows, width = self._rows(customer_ids), len(FEATURE_NAMES)
        found = np.array([row is not None for row in rows], dtype=np.bool_)
        there = [row for row in rows if row is not None]
        moments = np.array([row[0] for row in there], dtype=np.int64).view("datetime64[us]")
        packed = np.frombuffer(bytearray().join([row[1] for row in there])).reshape(-1, width)
        ids = np.asarray(customer_ids, dtype=np.str_)
        if len(there) == len(rows):
            return OnlineRows(ids, found, moments, packed)
        values, as_of = np.full((len(rows), width), np.nan), np.full(len(rows), _NEVER)
        values[found], as_of[found] = packed, moments
        return OnlineRows(ids, found, as_of, values)

    def _rows(self, customer_ids: Sequence[str]) -> list[tuple[int, bytes] | None]:
        try:
            if len(customer_ids) == 1:
                return [self._generation.row(VIEW, customer_ids[0])]
            found = self._generation.rows(VIEW, customer_ids)
        except sqlite3.DatabaseError as err:
            raise _unreadable(self._home) from err
        return [found.get(customer_id) for customer_id in customer_ids]


class OnlineStore:
    """The online store of a home; safe to share between threads, and sees a refilled store at once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._reader = PackedReader(home.feast_dir / ONLINE_DIR)
        self._opened: OnlineGeneration | None = None

    def generation(self) -> OnlineGeneration:
        """The generation that is live now, held by whoever keeps it.

        Raises FeaturesMissing where the store was never filled or cannot be read, or was filled from other
        definitions than this reader's: a value under a changed meaning is worse than none.
        """
        try:
            live = self._reader.generation()
        except sqlite3.DatabaseError as err:
            raise _unreadable(self._home) from err
        opened = self._opened
        if opened is None or live is None or opened.id != live.id:
            self._opened = opened = self._checked(live)
        return opened

    def read(self, customer_ids: Sequence[str]) -> OnlineRows:
        """The customers' rows of the live generation; raises what `generation` raises."""
        return self.generation().read(customer_ids)

    def _checked(self, live: Generation | None) -> OnlineGeneration:
        filled = None if live is None else live.views.get(VIEW)
        if live is None or filled is None:
            raise FeaturesMissing(f"The online feature store of {self._home.root} is empty", MATERIALISE_COMMAND)
        if filled.view != View(VIEW, definitions_hash(), FEATURE_NAMES):
            raise FeaturesMissing(
                "The online feature store was filled from other definitions than today's", MATERIALISE_COMMAND
            )
        return OnlineGeneration(self._home, live, filled)


def _unreadable(home: Home) -> FeaturesMissing:
    return FeaturesMissing(f"The online feature store of {home.root} cannot be read", MATERIALISE_COMMAND)
