"""The source files that decide: what a release's hash goes over and what its archive keeps."""

import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from linewise.core.settings import checkout_dir

__all__ = ["code_files", "hash_of_files", "hash_of_zip", "zip_code"]

KEPT = ("linewise", "features", "serving/__init__.py", "serving/scoring")
LEFT_OUT = (
    "linewise/simulation", "linewise/policy/standard", "linewise/bank/mappings", "features/profiling",
    "linewise/decisioning/portfolio",
)  # fmt: skip
"""What no decision reads; the policy, standard or the bank's own, is a part of the release by itself."""

SUFFIXES = frozenset({".py", ".yaml"})
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The one date of every file in a zip, so that the same files make the same bytes."""


def code_files(root: Path | None = None) -> list[tuple[str, Path]]:
    """Name below the packages' folder (default: this checkout's) and path of each file that decides, by name."""
    root = checkout_dir() if root is None else root
    found = [
        path
        for kept in KEPT
        for path in ([root / kept] if kept.endswith(".py") else (root / kept).rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
    ]
    named = sorted((path.relative_to(root).as_posix(), path) for path in found)
    return [(name, path) for name, path in named if not name.startswith(tuple(f"{one}/" for one in LEFT_OUT))]


def hash_of_files(files: Iterable[tuple[str, bytes]]) -> str:
    """The SHA-256 over names and contents, in the order given; each with its length, so that no seam can move."""
    digest = sha256()
    for name, content in files:
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def zip_code(target: Path, files: Iterable[tuple[str, Path]]) -> None:
    """Write the files into a zip whose bytes depend on them alone."""
    with zipfile.ZipFile(target, "w") as packed:
        for name, path in files:
            entry = zipfile.ZipInfo(name, date_time=EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())


def hash_of_zip(packed: Path) -> str:
    """What `hash_of_files` gives for the files in the zip."""

    def entries() -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(packed) as opened:
            for name in sorted(opened.namelist()):
                yield name, opened.read(name)

    return hash_of_files(entries())
