"""Last night's offers, for when the models or their features do not answer in time: kept for all, and read for one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewise.core.files import written_whole
from linewise.core.home import Home
from linewise.decisioning.types import Decisions
from serving.scoring.deciding import Decider

__all__ = ["MOST_AGE", "Prepared", "PreparedOffers", "prepare_offers"]

CHUNK = 5_000
MOST_AGE = timedelta(days=3)
"""Two nights may fail; what is older is said to nobody."""

SCHEMA = pa.schema([("customer_id", pa.string()), ("offer_ids", pa.list_(pa.string()))])
MADE_AT, OF_RELEASE, OF_DATA = b"prepared_at", b"release_id", b"data_hash"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a customer would have been offered when the night's offers were made, best first; by which release."""

    offer_ids: tuple[str, ...]
    prepared_at: datetime
    release_id: str


def prepare_offers(decider: Decider, home: Home, advance: Callable[[int], None] = lambda done: None) -> int:
    """Decide for everybody, and keep the ids of what would be offered by phone; gives how many have an offer.

    The file takes the former one's place once it is whole; workers see it at their next need. Nothing is recorded:
    nobody has seen it.
    """
    ids, context, generation = decider.customer_ids(), decider.context("voice", explain=False), decider.generation()
    told = {
        MADE_AT: context.decided_at.isoformat(),
        OF_RELEASE: decider.versions.release_id,
        OF_DATA: decider.bank.manifest.data_hash,
    }
    count = 0
    with (
        written_whole(home.prepared_path) as draft,
        pq.ParquetWriter(draft, SCHEMA.with_metadata(told), compression="zstd") as writer,
    ):
        for start in range(0, len(ids), CHUNK):
            table = _table(decider.decide(ids[start : start + CHUNK], context, generation))
            writer.write_table(table.replace_schema_metadata(told))
            count += int(pc.sum(pc.greater(pc.list_value_length(table["offer_ids"]), 0)).as_py() or 0)
            advance(table.num_rows)
    return count


def _table(decisions: Decisions) -> pa.Table:
    offers = decisions.offers
    shown = [np.argsort(ranks)[-(ranks >= 0).sum() :] if (ranks >= 0).any() else () for ranks in offers.rank]
    names = [[offers.offer_id[place] for place in places] for places in shown]
    return pa.table([decisions.customers.customer_id.tolist(), names], schema=SCHEMA)


class PreparedOffers:
    """The night's offers of a home, read when they are first needed and again after another night."""

    def __init__(self, home: Home) -> None:
        self._path, self._lock = home.prepared_path, Lock()
        self._read: tuple[int, pa.Table] | None = None

    def of(self, customer_id: str, data_hash: str, now: datetime) -> Prepared | None:
        """What was kept for a customer; None where nothing is, where it is too old, or of other tables of the bank."""
        table = self._table()
        if table is None:
            return None
        told = table.schema.metadata
        prepared_at = datetime.fromisoformat(told[MADE_AT].decode())
        if told[OF_DATA].decode() != data_hash or not timedelta(0) <= now - prepared_at <= MOST_AGE:
            return None
        place = pc.index(table["customer_id"], customer_id).as_py()
        if place < 0:
            return None
        return Prepared(tuple(table["offer_ids"][place].as_py()), prepared_at, told[OF_RELEASE].decode())

    def _table(self) -> pa.Table | None:
        with self._lock:
            try:
                time = self._path.stat().st_mtime_ns
                if self._read is None or self._read[0] != time:
                    self._read = (time, pq.read_table(self._path))
            except (OSError, pa.ArrowException):
                # There was no night yet, or its file cannot be read: then there is service only.
                return None
            return self._read[1]
