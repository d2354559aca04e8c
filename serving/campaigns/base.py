"""The base of a bank, a frame of customers at a time, so that memory does not grow with the bank."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.online import OnlineGeneration, OnlineRows
from linewise.bank.coded import coded, in_microseconds
from linewise.bank.tables import Bank
from linewise.core.ahead import made_ahead
from linewise.core.moments import microseconds
from linewise.core.settings import Settings
from linewise.decisioning.types import Bools
from serving.scoring.columns.consents import scopes_naming
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_for_base
from serving.scoring.reach import CONTACT_CHANNELS

__all__ = ["FRAME", "Base", "Frame", "Opening", "consents_among", "contacts_among", "frames_between", "open_base"]

FRAME = 10_000
"""Customers decided at once with all that is known of them, at most."""

KEPT_MS = 30_000
"""So long Arrow keeps memory that nobody uses: longer than a frame takes where other work shares the processor."""

READERS = 1
"""So many frames are read beside the one that is decided."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Some customers in order of their ids, from the place `start` of the base on.

    desk decides for them; rows are their features; people: columns of the customers' table, a row each.
    """

    start: int
    desk: Decider
    rows: OnlineRows
    people: pa.Table

    def __len__(self) -> int:
        return len(self.rows.customer_id)

    @property
    def among(self) -> tuple[str, str]:
        """Its first and its last customer."""
        return str(self.rows.customer_id[0]), str(self.rows.customer_id[-1])


@dataclass(frozen=True, slots=True)
class Opening:
    """How a base is opened: which home, in frames of how many customers, and which campaigns' controls do not count."""

    settings: Settings
    size: int = FRAME
    apart_from: frozenset[str] = frozenset()


class Base:
    """Every customer of the loaded bank, in order of id, on the features of one filling of the store."""

    def __init__(self, desk: Decider, opening: Opening) -> None:
        self.desk, self.opening = desk, opening
        self.bank: Bank = desk.bank
        ids = desk.bank.read("customers", ["customer_id"])["customer_id"].combine_chunks().cast(pa.string())
        self.ids: pa.Array = ids.sort()
        self.generation: OnlineGeneration = desk.generation()

    def __len__(self) -> int:
        return len(self.ids)

    def id_texts(self, places: Sequence[int]) -> list[str]:
        """The ids at these places."""
        return list(self.ids.take(pa.array(places, pa.int64())).to_pylist())

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The base cut into frames: from which place to before which."""
        ids = np.asarray(self.ids, dtype=np.str_)
        return frames_between(
            np.searchsorted(ids, self.bank.last_ids(), side="right").tolist(), len(self), self.opening.size
        )

    def among(self, start: int, end: int) -> tuple[str, str]:
        """The first and the last customer of these places."""
        return self.ids[start].as_py(), self.ids[end - 1].as_py()

    def few(self, count: int) -> Frame:
        """The first so many customers."""
        return self.frame(0, min(count, len(self)), ())

    def frames(self, columns: Sequence[str], ranges: Iterable[tuple[int, int]]) -> Iterator[Frame]:
        """The frames of these places; the next ones are read while one is worked on, and their places taken then.

        columns: of the customers' table. Raises FeaturesMissing where the store lacks one of the customers.
        """
        return made_ahead(lambda one: self.frame(*one, columns), ranges, READERS)

    def frame(self, start: int, end: int, columns: Sequence[str]) -> Frame:
        """The customers from one place to before the other; raises as `frames`."""
        first, last = self.among(start, end)
        people = self.bank.read("customers", ["customer_id", *columns], (first, last)).sort_by("customer_id")
        rows = self.generation.read(self.ids.slice(start, end - start).to_pylist())
        return Frame(start, self.desk.among(first, last), rows, people)


def frames_between(ends: Sequence[int], count: int, most: int) -> Iterator[tuple[int, int]]:
    """So many customers cut into frames of `most` at most: from which place to before which.

    ends: before which places parts of the bank end, ascending. A frame ends with a part wherever it can: a part is read
    whole, and two frames that share one would each read it.
    """
    start = 0
    while start < count:
        within = bisect_right(ends, start + most)
        end = ends[within - 1] if within and ends[within - 1] > start else start + most
        yield start, min(end, count)
        start = end


def open_base(opening: Opening) -> Base:
    """The base of a home; raises what opening a home to decide raises, saying what to run."""
    _keep_pages()
    return Base(open_for_base(opening.settings).apart_from(opening.apart_from), opening)


def _keep_pages() -> None:
    """Have Arrow keep the memory of a frame for the next one, in this process.

    The allocator that it takes by itself gives pages back at once and asks for new ones: a fifth of a plan's processor
    time went there. The other one keeps them for a second, and a frame takes longer.
    """
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(KEPT_MS)


def contacts_among(bank: Bank, channel: str, among: tuple[str, str], now: datetime) -> pa.Table:
    """customer_id and contact_ref, the latest token by which each is reached in the channel, in order of customer.

    Who refuses promotion by it has none; from the first to the last of `among`.
    """
    names = ["customer_id", "token", "channel", "is_opted_out", "changed_at", "recorded_at"]
    rows = bank.read("contact_points", names, among, coded=("customer_id", "channel"))
    is_meant = coded(rows["channel"]).is_one_of(CONTACT_CHANNELS.get(channel, (channel,))) & ~np.asarray(
        rows["is_opted_out"], dtype=np.bool_
    )
    return _latest(rows, ("token", "contact_ref"), "changed_at", is_meant, now)


def consents_among(bank: Bank, channel: str, among: tuple[str, str], now: datetime) -> pa.Table:
    """customer_id and consent_ref, the latest standing consent to marketing by the channel, in order of customer."""
    words = ("customer_id", "purpose", "scope")
    names = [*words, "consent_id", "is_own_act", "given_at", "withdrawn_at", "recorded_at"]
    rows = bank.read("consents", names, among, coded=words)
    scope, until = coded(rows["scope"]), rows["withdrawn_at"]
    scopes = scopes_naming(channel, tuple(scope.words.drop_null().to_pylist()))
    is_meant = coded(rows["purpose"]).is_one_of(("marketing",)) & np.asarray(rows["is_own_act"], dtype=np.bool_)
    # Without a scope a consent is to all channels, and one that was never withdrawn stands.
    is_meant &= scope.is_one_of(scopes) | (scope.place < 0)
    is_meant &= np.asarray(pc.fill_null(pc.greater(until, pa.scalar(now, until.type)), True), dtype=np.bool_)
    return _latest(rows, ("consent_id", "consent_ref"), "given_at", is_meant, now)


def _latest(rows: pa.Table, told: tuple[str, str], happened: str, is_meant: Bools, now: datetime) -> pa.Table:
    """Of the rows that are meant and known by now the last one of each customer, with a column by its name in lists.

    Of two of one moment that one counts which was recorded later, and then that of the greater key: rows lie in order
    of customer, moment and key.
    """
    (name, shown), customer = told, coded(rows["customer_id"])
    moments, recorded = in_microseconds(rows[happened]), in_microseconds(rows["recorded_at"])
    known = np.flatnonzero(is_meant & (np.maximum(moments, recorded) <= microseconds(now)))
    order = known[np.lexsort((recorded[known], moments[known], customer.place[known]))]
    owner = customer.place[order]
    is_last = np.ones(len(order), dtype=np.bool_)
    is_last[:-1] = owner[1:] != owner[:-1]
    last = rows.take(pa.array(np.sort(order[is_last])))
    return pa.table({"customer_id": last["customer_id"].cast(pa.string()), shown: last[name].cast(pa.string())})
