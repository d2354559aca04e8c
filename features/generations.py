"""The online store's folder: generations side by side, and a pointer to the one that is live.

online/
├── live -> 20261201T0102….db              the pointer: a link that names the live generation, replaced in one rename
├── 20261201T010203456789Z-1f2e3d4c.db     a generation (features.packed_rows); never written again
├── .20261202T….db.…                       a draft on its way; what a killed process left goes at the next filling
└── .lock                                  held by the process that fills
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from features.packed_rows import PackedWriter, writing
from linewise.core.errors import Conflict
from linewise.core.files import written_whole

__all__ = ["KEPT", "POINTER", "generation_path", "live_id", "live_path", "new_generation"]

POINTER = "live"
_SUFFIX = ".db"
KEPT = 2
"""How many generations stay, the live one among them: the former one, to look at or to go back to."""


def live_id(folder: Path) -> str | None:
    """The id of the live generation; None where the store was never filled."""
    try:
        # A link, for its target is read in one call: a reader looks before each read, and never takes one for another.
        return os.readlink(folder / POINTER).removesuffix(_SUFFIX)  # noqa: PTH115  a third of the time of Path.readlink
    except FileNotFoundError:
        return None
    except OSError as err:
        # A copy of the file that it led to, as some tools copy a home: no link, and no generation.
        if err.errno == errno.EINVAL:
            return None
        raise


def generation_path(folder: Path, generation_id: str) -> Path:
    """The file of a generation."""
    return folder / f"{generation_id}{_SUFFIX}"


def live_path(folder: Path) -> Path | None:
    """The file of the live generation; None where the store was never filled."""
    generation_id = live_id(folder)
    return None if generation_id is None else generation_path(folder, generation_id)


@contextmanager
def new_generation(folder: Path, *, from_live: bool = False) -> Iterator[PackedWriter]:
    """Write a generation that goes live when the block ends, and is thrown away where it ends with an error.

    It begins empty, or `from_live` with all that the live one holds. Generations but the last KEPT go, unless somebody
    still reads them. Raises Conflict where another process fills, StorageFull where the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        for left in folder.glob(".*.db.*"):
            left.unlink()
        # By time, so that names sort in the order of filling; the rest tells apart those of one moment.
        generation_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{uuid4().hex[:8]}"
        with written_whole(generation_path(folder, generation_id)) as draft:
            live = live_path(folder)
            if from_live and live is not None:
                shutil.copyfile(live, draft)
            with writing(draft) as writer:
                yield writer
        with written_whole(folder / POINTER) as pointer:
            pointer.symlink_to(generation_path(folder, generation_id).name)
        _synced(folder)
        _remove_old(folder, generation_id)


def _remove_old(folder: Path, live: str) -> None:
    former = [path for path in sorted(folder.glob("*.db")) if path != generation_path(folder, live)]
    for path in former[: len(former) - (KEPT - 1)]:
        handle = os.open(path, os.O_RDONLY)
        try:
            # Readers hold what they read (features.packed_reader).
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        except BlockingIOError:
            continue
        finally:
            os.close(handle)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise Conflict(
                f"Another process fills the online store {folder}.",
                "One filling at a time was expected.",
                "Wait until it has ended, then fill again.",
            ) from err
        yield
    finally:
        os.close(handle)


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
