"""What the bank's tables say of the customers of a list, read a frame of the base at a time as the list comes to it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa

from linewise.bank.tables import Bank
from linewise.decisioning.types import Ints
from serving.campaigns.base import FRAME, frames_between
from serving.scoring.facts import BankFacts, read_bank_facts

__all__ = ["FactsByFrame", "FactsOfRows"]


class FactsOfRows(Protocol):
    """What is known of the customers of some rows."""

    def __call__(self, customer_ids: Sequence[str], /) -> Iterator[tuple[Ints, BankFacts]]:
        """Places among these ids and what is known of those customers, until each place was given once."""


class FactsByFrame:
    """Memory holds the facts of one frame, however long the list and however large the bank.

    A list in order of customer comes to each frame once: where a piece of it ends within a frame, the next piece finds
    that frame read. size: customers of a frame at most.
    """

    def __init__(self, bank: Bank, size: int = FRAME) -> None:
        self._bank = bank
        ids = bank.read("customers", ["customer_id"])["customer_id"].combine_chunks().cast(pa.string()).sort()

        def id_at(place: int) -> str:
            return str(ids[place].as_py())

        ends = [bisect_right(range(len(ids)), one, key=id_at) for one in bank.last_ids()]
        self._frames = [(id_at(start), id_at(end - 1)) for start, end in frames_between(ends, len(ids), size)]
        self._first_ids = np.array([first for first, _ in self._frames], dtype=np.str_)
        self._latest: tuple[int, BankFacts] | None = None

    def __call__(self, customer_ids: Sequence[str], /) -> Iterator[tuple[Ints, BankFacts]]:
        """The places of each frame that holds some of these ids; who is no customer stands with some frame or other."""
        among = np.searchsorted(self._first_ids, np.array(customer_ids, dtype=np.str_), side="right") - 1
        among = np.maximum(among, 0)
        for frame in np.unique(among).tolist():
            yield np.flatnonzero(among == frame), self._facts(frame)

    def _facts(self, frame: int) -> BankFacts:
        if self._latest is None or self._latest[0] != frame:
            # Given up before the next one is read, lest two are held.
            self._latest = None
            self._latest = frame, read_bank_facts(self._bank, self._frames[frame])
        return self._latest[1]
