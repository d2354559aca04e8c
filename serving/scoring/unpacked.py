"""The code of an archived release as files that Python runs, kept beside its zip."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linewise.core.files import folder_written_whole
from serving.scoring.archive import ArchivedRelease
from serving.scoring.deciding_code import hash_of_files

__all__ = ["unpacked"]

UNPACKED = "unpacked"
COMPILED = "__pycache__"


@contextmanager
def unpacked(release: ArchivedRelease) -> Iterator[Path]:
    """The folder of the release's code, held against its hash.

    It stays beside the zip: its equations are compiled for the files that they stand in, which takes longer than
    replaying a thousand decisions and is done once. An archive that may only be read is unpacked for this time.
    """
    if not os.access(release.folder, os.W_OK):
        with tempfile.TemporaryDirectory(prefix="linewise-replay-") as made:
            yield _unpack(release, Path(made))
        return
    kept = release.folder / UNPACKED
    if _hash_of_sources(kept) != release.versions.digests["code"]:
        with folder_written_whole(kept) as draft:
            _unpack(release, draft)
    yield kept.resolve()


def _unpack(release: ArchivedRelease, folder: Path) -> Path:
    with zipfile.ZipFile(release.code_zip) as packed:
        packed.extractall(folder)
    return folder.resolve()


def _hash_of_sources(folder: Path) -> str:
    """Over every file but what was compiled: one more than the release had is not the release either."""
    paths = (path for path in folder.rglob("*") if path.is_file() and COMPILED not in path.parts)
    return hash_of_files(sorted((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths))
