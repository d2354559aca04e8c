"""The base of a bank, a frame of customers at a time, so that memory does not grow with the bank."""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from features.online import OnlineGeneration, OnlineRows
from linewise.bank.database import utc_database
from linewise.bank.tables import Bank
from linewise.core.settings import Settings
from linewise.decisioning.types import Bools
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_for_base
from serving.scoring.reach import CONTACT_CHANNELS

__all__ = ["FRAME", "Base", "Frame", "contacts_among", "open_base"]

FRAME = 20_000
"""Customers decided at once with all that is known of them, at most."""

READERS = 2
"""So many frames are read beside the one that is decided: a core waits for files as often as it computes."""


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


class Base:
    """Every customer of the loaded bank, in order of id, on the features of one filling of the store."""

    def __init__(self, desk: Decider, size: int = FRAME) -> None:
        self.desk, self._size = desk, size
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
        """The base cut into frames: from which place to before which.

        A frame ends with a part of the bank where it can: files are read whole, and of two frames that share one each
        would read it.
        """
        ids = np.asarray(self.ids, dtype=np.str_)
        ends = np.append(np.searchsorted(ids, self.bank.last_ids(), side="right"), len(self))
        start = 0
        while start < len(self):
            within = ends[(ends > start) & (ends <= start + self._size)]
            end = int(within.max()) if len(within) else start + self._size
            yield start, end
            start = end

    def among(self, start: int, end: int) -> tuple[str, str]:
        """The first and the last customer of these places."""
        return self.ids[start].as_py(), self.ids[end - 1].as_py()

    def few(self, count: int) -> Frame:
        """The first so many customers."""
        return self._frame(0, min(count, len(self)), ())

    def frames(self, columns: Sequence[str] = ()) -> Iterator[Frame]:
        """The frames in order; the next one is read while one is worked on. columns: of the customers' table.

        Raises FeaturesMissing where the store lacks one of the customers.
        """
        with ThreadPoolExecutor(max_workers=READERS) as reading:
            waiting: deque[Future[Frame]] = deque()
            for start, end in self.ranges():
                waiting.append(reading.submit(self._frame, start, end, tuple(columns)))
                if len(waiting) > READERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _frame(self, start: int, end: int, columns: Sequence[str]) -> Frame:
        first, last = self.among(start, end)
        people = self.bank.read("customers", ["customer_id", *columns], (first, last)).sort_by("customer_id")
        rows = self.generation.read(self.ids.slice(start, end - start).to_pylist())
        return Frame(start, self.desk.among(first, last), rows, people)


def open_base(settings: Settings, threads: int = 1, size: int = FRAME, apart_from: Collection[str] = ()) -> Base:
    """The base of a home in frames of that size; apart_from: campaigns whose controls do not count.

    Raises what opening a home to decide raises, saying what to run.
    """
    _keep_pages()
    return Base(open_for_base(settings, threads).apart_from(apart_from), size)


def _keep_pages() -> None:
    """Have Arrow keep the memory of a frame for the next one, in this process.

    The allocator that it takes by itself gives pages back at once and asks for new ones: a fifth of a plan's processor
    time went there.
    """
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())


_CONTACTS = """
SELECT customer_id, arg_max(token, (changed_at, recorded_at, contact_point_id)) AS contact_ref
FROM read_parquet($files)
WHERE customer_id BETWEEN $first AND $last AND list_contains($names, channel) AND NOT is_opted_out
    AND greatest(changed_at, recorded_at) <= $now
GROUP BY customer_id ORDER BY customer_id
"""
_CONSENTS = """
SELECT customer_id, arg_max(consent_id, (given_at, recorded_at, consent_id)) AS consent_ref
FROM read_parquet($files)
WHERE customer_id BETWEEN $first AND $last AND purpose = 'marketing' AND is_own_act
    AND greatest(given_at, recorded_at) <= $now AND (withdrawn_at IS NULL OR withdrawn_at > $now)
    AND (scope IS NULL OR list_has_any(list_transform(string_split(scope, ','), lambda one: trim(one)), $names))
GROUP BY customer_id ORDER BY customer_id
"""


def contacts_among(bank: Bank, channel: str, among: tuple[str, str], now: datetime) -> pa.Table:
    """customer_id and contact_ref, the latest token by which each is reached in the channel, in order of customer.

    Who refuses promotion by it has none; from the first to the last of `among`.
    """
    return _latest(bank, "contact_points", _CONTACTS, channel, among, now)


def consents_among(bank: Bank, channel: str, among: tuple[str, str], now: datetime) -> pa.Table:
    """customer_id and consent_ref, the latest standing consent to marketing by the channel, in order of customer."""
    return _latest(bank, "consents", _CONSENTS, channel, among, now)


def _latest(bank: Bank, table: str, query: str, channel: str, among: tuple[str, str], now: datetime) -> pa.Table:
    given = {
        "files": [str(path) for path in bank.files_among(table, among)],
        "first": among[0],
        "last": among[1],
        "names": list(CONTACT_CHANNELS.get(channel, (channel,))),
        "now": now,
    }
    with utc_database() as database:
        return database.sql(query, params=given).to_arrow_table()


def reached(frame_ids: Sequence[str], contacts: pa.Table) -> Bools:
    """Which of the customers, in order of id, stand in a table of contacts, (n_customers,)."""
    return np.isin(np.asarray(frame_ids), np.asarray(contacts["customer_id"].to_pylist(), dtype=np.str_))
