"""The manifest makes an export: what is in it, by what and whom, and the hash of every file."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from linewise.core.files import sha256_of

__all__ = ["MANIFEST", "files_told", "manifest_bytes", "problems_of", "read_manifest"]

MANIFEST = "manifest.json"
FORM = "linewise campaign export 1"


def manifest_bytes(told: Mapping[str, Any]) -> bytes:
    """The manifest in its one spelling, so that the same export has the same one."""
    spelled = json.dumps({"form": FORM, **told}, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (spelled + "\n").encode()


def files_told(folder: Path, about: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every file below the folder with its hash and size, and what is known `about` its name without ending."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        known = about[name.removesuffix(path.suffix)]
        yield {"path": name, "sha256": sha256_of(path), "bytes": path.stat().st_size, **known}


def read_manifest(folder: Path) -> tuple[dict[str, Any], str] | None:
    """What the manifest of an export says, and its own hash; None where there is none and so no export."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    content = path.read_bytes()
    told: dict[str, Any] = json.loads(content)
    return told, hashlib.sha256(content).hexdigest()


def problems_of(folder: Path, manifest_sha256: str | None = None) -> list[str]:
    """What is not as the manifest says: files that are gone, changed, or more than it names.

    manifest_sha256: what the record knows of the manifest itself.
    """
    found = read_manifest(folder)
    if found is None:
        return [f"{MANIFEST} is gone"]
    if manifest_sha256 is not None and found[1] != manifest_sha256:
        return [f"{MANIFEST} was changed"]
    named = {one["path"]: one["sha256"] for one in found[0]["files"]}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    gone = [f"{name} is gone" for name in sorted(set(named) - there)]
    more = [f"{name} is none of its files" for name in sorted(there - set(named))]
    changed = [f"{name} was changed" for name in sorted(there & set(named)) if sha256_of(folder / name) != named[name]]
    return [*gone, *changed, *more]
