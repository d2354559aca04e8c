"""Writing so that nothing half-written is ever seen: beside the target first, then one rename."""

import errno
import fcntl
import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from linewise.core.errors import StorageFull

__all__ = ["folder_written_whole", "sha256_of", "write_text_whole", "written_whole"]


def sha256_of(*paths: Path) -> str:
    """The SHA-256 of the files' bytes, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A path to write to that becomes `target` only if the block ends without an error.

    Raises StorageFull where the disk is.
    """
    # Not mkstemp: its files are readable by their maker alone, and `target` would inherit that.
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
    with _full_disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield draft
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def write_text_whole(target: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    with written_whole(target) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def folder_written_whole(target: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of `target` only if the block ends without an error.

    The old folder is moved aside before the new one takes its name and removed afterwards, so a reader
    finds the old or the new one. What a killed process left is put right by the next one that writes
    `target`: its draft is removed, and the old folder, if moved aside, takes its name again.

    Raises StorageFull where the disk is.
    """
    with _full_disk_told(target), ExitStack() as held:
        target.parent.mkdir(parents=True, exist_ok=True)
        _put_right(target)
        draft = _new_draft(target, held)
        aside = draft.with_name(draft.name.replace(".new-", ".old-"))
        try:
            yield draft
            draft.chmod(0o755)
            # Held until it is removed, lest another process takes it for one that was left.
            while target.exists() and not held.enter_context(_held(target, waits=True)):
                pass
            if target.exists():
                target.rename(aside)
            draft.rename(target)
        finally:
            if aside.exists() and not target.exists():
                aside.rename(target)
            shutil.rmtree(draft, ignore_errors=True)
            shutil.rmtree(aside, ignore_errors=True)


def _new_draft(target: Path, held: ExitStack) -> Path:
    # Made anew where another process, clearing up, saw the folder before it was held.
    while True:
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        if held.enter_context(_held(draft, waits=True)):
            return draft


def _put_right(target: Path) -> None:
    """Clear away what killed processes left of their writing; what a living one writes is held by it."""
    name = glob.escape(target.name)
    for draft in target.parent.glob(f".{name}.new-*"):
        with _held(draft, waits=False) as is_ours:
            if is_ours:
                shutil.rmtree(draft, ignore_errors=True)
    for aside in target.parent.glob(f".{name}.old-*"):
        with _held(aside, waits=False) as is_ours, suppress(OSError):
            if is_ours and target.exists():
                shutil.rmtree(aside)
            elif is_ours:
                aside.rename(target)


@contextmanager
def _held(folder: Path, *, waits: bool) -> Iterator[bool]:
    """Hold the folder for the block; False where another process holds it or has taken it away.

    The lock is the kernel's and ends with the process, however that ends, so no lock outlives its holder.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _lock(handle, waits=waits) and _is_still(folder, handle)
    finally:
        os.close(handle)


def _lock(handle: int, *, waits: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(folder: Path, handle: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


@contextmanager
def _full_disk_told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        # Some libraries tell the reason in words alone.
        if err.errno not in (errno.ENOSPC, errno.EDQUOT) and os.strerror(errno.ENOSPC) not in str(err):
            raise
        place = next(folder for folder in target.parents if folder.exists())
        raise StorageFull(str(target.parent), shutil.disk_usage(place).free) from err
