"""Writing so that nothing half-written is ever seen: beside the target first, then one rename."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

__all__ = ["folder_written_whole", "sha256_of", "write_text_whole", "written_whole"]


def sha256_of(*paths: Path) -> str:
    """The SHA-256 of the files' bytes, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A path to write to that becomes `target` only if the block ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not mkstemp: its files are readable by their maker alone, and `target` would inherit that.
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
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
    finds the old or the new one, and an interruption between the two renames leaves the old one
    recoverable beside its name.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    aside = draft.with_name(draft.name.replace(".new-", ".old-"))
    try:
        yield draft
        draft.chmod(0o755)
        if target.exists():
            target.rename(aside)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)
