"""Parquet has checksums for its pages and none for its footer, by which pages are found and read: it gets one here."""

import os
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq

__all__ = ["note_footer", "opened"]

_END = 8
"""The last bytes of a file: how long its footer is, and the format's mark."""


def note_footer(path: Path) -> None:
    """Lay the digest of the footer of a written file beside it."""
    _note(path).write_text(_digest(path), encoding="ascii")


def opened(path: Path) -> pq.ParquetFile:
    """The file, whose pages are checked when they are read.

    Raises FileNotFoundError where it or its note is not there, and OSError where its footer is not the one noted: read
    all the same, an altered one gives wrong numbers in silence, or ends the process.
    """
    if _note(path).read_bytes().decode("ascii", "replace") != _digest(path):
        raise OSError(f"the footer of {path.name} is another one than was written")
    return pq.ParquetFile(path, page_checksum_verification=True)


def _note(path: Path) -> Path:
    return path.with_suffix(".footer")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(-_END, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-(length + _END), os.SEEK_END)
        return sha256(file.read()).hexdigest()
