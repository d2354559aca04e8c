"""A segment: the part of the chain that one writer wrote, from its opening to its close, sealed on the way."""

import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection, Table, func, insert, select

from linewise.core.errors import KeysMissing
from linewise.ledger.chain import Tip, genesis
from linewise.ledger.checkpoints import Checkpoint, append_outside
from linewise.ledger.decision_tables import checkpoints, decisions, record_events, segments
from linewise.ledger.keys import KeyStore
from linewise.ledger.transactions import Database

__all__ = ["SEAL_AFTER_ENTRIES", "SEAL_AFTER_SECONDS", "Segment", "key_id_of"]

SEAL_AFTER_ENTRIES = 1_000
SEAL_AFTER_SECONDS = 60.0


def key_id_of(keys: KeyStore) -> str:
    """The name of the keys that a segment is written with: the digest of their public key."""
    return sha256(keys.public_key).hexdigest()


class Segment:
    """An open segment; `tip` is what is committed of it, and only its one writer moves it."""

    def __init__(self, database: Database, keys: KeyStore, outside: Path) -> None:
        self._database, self._keys, self._outside = database, keys, outside
        self.writer = uuid4().hex
        with database.writing() as connection:
            self.tip = self._number(connection)
            witnesses = _open_tips(connection, self.tip.segment_id)
        self._last: Checkpoint | None = None
        self._seal("open", witnesses)

    def _number(self, connection: Connection) -> Tip:
        key_id = key_id_of(self._keys)
        newest = connection.execute(select(segments).order_by(segments.c.segment_id.desc()).limit(1)).one_or_none()
        if newest is not None and newest.key_id != key_id:
            raise KeysMissing("The key store", "is not the one that this record was written with")
        number = 1 if newest is None else newest.segment_id + 1
        row = {"segment_id": number, "writer": self.writer, "opened_at": datetime.now(UTC), "key_id": key_id}
        connection.execute(insert(segments), row)
        return genesis(number, self.writer)

    def seal_if_due(self) -> None:
        """Write a checkpoint where one is due.

        It is asked for before the next entries are written, so that a disk that takes no checkpoint takes no
        more decisions either. Raises RecordFull or NotReady where the outside cannot be written.
        """
        if self.is_due():
            self._seal("seal")

    def is_due(self) -> bool:
        """Whether many entries, or old ones, stand unsealed."""
        assert self._last is not None  # noqa: S101  written when the segment was opened
        unsealed = self.tip.sequence - self._last.sequence
        is_old = unsealed > 0 and time.monotonic() - self._sealed_at > SEAL_AFTER_SECONDS
        return unsealed >= SEAL_AFTER_ENTRIES or is_old

    def close(self) -> None:
        """Write the last checkpoint."""
        self._seal("close")

    def _seal(self, kind: Literal["open", "seal", "close"], witnesses: dict[str, list[object]] | None = None) -> None:
        """Outside first: what only stands in the database would prove nothing, and what is committed stays true."""
        last = self._last
        checkpoint = Checkpoint(
            segment_id=self.tip.segment_id,
            number=0 if last is None else last.number + 1,
            kind=kind,
            writer=self.writer,
            sequence=self.tip.sequence,
            head=self.tip.head,
            sealed_at=datetime.now(UTC).isoformat(timespec="microseconds"),
            previous="" if last is None else last.digest(),
            witnesses=witnesses or {},
        ).signed(self._keys)
        append_outside(self._outside, checkpoint)
        row = {"segment_id": checkpoint.segment_id, "number": checkpoint.number, "line": checkpoint.line()}
        with self._database.writing() as connection:
            connection.execute(insert(checkpoints), row)
        self._last, self._sealed_at = checkpoint, time.monotonic()


def _open_tips(connection: Connection, but: int) -> dict[str, list[object]]:
    """Where each other segment stands that was not closed; its writer may live, or have been killed."""
    newest = (
        select(checkpoints.c.segment_id, func.max(checkpoints.c.number).label("number"))
        .group_by(checkpoints.c.segment_id)
        .subquery()
    )
    lines = connection.execute(
        select(checkpoints.c.line).join(
            newest,
            (checkpoints.c.segment_id == newest.c.segment_id) & (checkpoints.c.number == newest.c.number),
        )
    ).scalars()
    closed = {one.segment_id for one in map(Checkpoint.of, lines) if one.kind == "close"}
    found: dict[str, list[object]] = {}
    for segment_id in connection.execute(select(segments.c.segment_id)).scalars():
        if segment_id not in closed and segment_id != but:
            last = max((_last_of(connection, table, segment_id) for table in (decisions, record_events)), default=None)
            if last is not None and last[0]:
                found[str(segment_id)] = list(last)
    return found


def _last_of(connection: Connection, table: Table, segment_id: int) -> tuple[int, str]:
    query = (
        select(table.c.sequence, table.c.link)
        .where(table.c.segment_id == segment_id)
        .order_by(table.c.sequence.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (0, "") if row is None else (row.sequence, row.link)
