"""Signed checkpoints: what a segment held at a moment, also written outside the database."""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Self

from linewise.core.errors import NotReady, RecordFull
from linewise.ledger.keys import KeyStore, is_signed

__all__ = ["CHECKPOINTS_FILE", "Checkpoint", "append_outside", "read_outside"]

CHECKPOINTS_FILE = "checkpoints.jsonl"
UNSIGNED = {"signature"}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `sequence` entries of a segment end in the link `head`, says the holder of the signing key.

    `previous` is the digest of the segment's checkpoint before this one. The opening of a segment witnesses
    where every segment stood that no `close` had ended (`witnesses`: segment_id to sequence and head), so
    that the tail of a writer that was killed cannot be cut off once another one has begun.
    """

    segment_id: int
    number: int
    kind: Literal["open", "seal", "close"]
    writer: str
    sequence: int
    head: str
    sealed_at: str
    previous: str
    witnesses: dict[str, list[Any]] = field(default_factory=dict)
    signature: str = ""

    def message(self) -> bytes:
        """What is signed."""
        said = {name: value for name, value in asdict(self).items() if name not in UNSIGNED}
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()

    def line(self) -> str:
        """As it stands in the database and outside."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """What the next checkpoint of the segment carries as `previous`."""
        return sha256(self.line().encode()).hexdigest()

    def signed(self, keys: KeyStore) -> Self:
        """The same, signed."""
        return type(self)(**{**asdict(self), "signature": keys.sign(self.message()).hex()})

    def is_genuine(self, public_key: bytes) -> bool:
        """Whether the holder of the signing key said this."""
        try:
            return is_signed(public_key, self.message(), bytes.fromhex(self.signature))
        except ValueError:
            return False

    @classmethod
    def of(cls, line: str) -> Self:
        """Read a line; raises ValueError where it is none."""
        try:
            return cls(**json.loads(line))
        except TypeError as err:
            raise ValueError("not a checkpoint") from err


def append_outside(folder: Path, checkpoint: Checkpoint) -> None:
    """Append the line durably; a line that a full disk or a power cut left half-written is closed off first.

    Raises RecordFull where the disk is full, NotReady where the folder cannot be written.
    """
    try:
        _append(folder, checkpoint)
    except OSError as err:
        if err.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RecordFull(str(folder)) from err
        raise NotReady(
            f"The record cannot be sealed outside its database: {err}.",
            "A folder for checkpoints that can be written was expected; without it no decision leaves.",
            "See the setting 'checkpoints', and ask again.",
        ) from err


def _append(folder: Path, checkpoint: Checkpoint) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / CHECKPOINTS_FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        content = (b"\n" if is_torn else b"") + checkpoint.line().encode() + b"\n"
        written = os.write(handle, content)
        if written < len(content):
            # A second write of what is left says why the disk would not take it.
            os.write(handle, content[written:])
        os.fsync(handle)
    finally:
        os.close(handle)


def read_outside(folder: Path) -> Iterator[tuple[int, str]]:
    """The lines outside the database, each with its number in the file, from 1."""
    path = folder / CHECKPOINTS_FILE
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from enumerate((line.rstrip("\n") for line in file), start=1)
