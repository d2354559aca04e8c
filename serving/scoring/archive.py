"""Releases as they decided, kept whole: code, lock, policy and models, so that any decision can be replayed.

data/releases/archive/<release_id>/
├── parts.json           what the release is made of, its prices, and what its policy is loaded with
├── code.zip             the source files that decide, by the names they import each other by
├── requirements.lock    the libraries
├── policy/              rules, catalogue, economics, parameters, sentences
├── models/<name>/       model.txt, spec.json
└── unpacked/            the code as files, from when it was replayed after the code had moved on
"""

import json
import platform
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from linewise.core.errors import NotReady, ReleaseDamaged, ReleaseNotArchived
from linewise.core.files import folder_written_whole, sha256_of
from linewise.core.home import Home
from linewise.decisioning.prices import NO_PRICES, Prices
from serving.scoring.deciding_code import code_files, hash_of_zip, zip_code
from serving.scoring.policy_terms import PolicyTerms
from serving.scoring.registry import FILES, ModelFiles, Release
from serving.scoring.release import (
    Versions,
    lock_path,
    models_digest,
    policy_digests,
    prices_digest,
    release_id_of,
)

__all__ = ["ArchivedRelease", "archive_release", "open_archived", "read_archived"]

PARTS, CODE, LOCK, POLICY, MODELS = "parts.json", "code.zip", "requirements.lock", "policy", "models"


@dataclass(frozen=True, slots=True)
class ArchivedRelease:
    """A release on disk, found to be what it was: its models, what its policy is loaded with, and its Python."""

    folder: Path
    versions: Versions
    models: Release
    terms: PolicyTerms
    python: str
    prices: Prices = NO_PRICES

    @property
    def policy_folder(self) -> Path:
        """The policy's files as they decided."""
        return self.folder / POLICY

    @property
    def code_zip(self) -> Path:
        """The source files that decided."""
        return self.folder / CODE

    @property
    def lock_text(self) -> str:
        """The lock of the libraries that decided; empty where the release was installed without one."""
        return (self.folder / LOCK).read_text(encoding="utf-8")


def archive_release(
    home: Home,
    versions: Versions,
    release: Release,
    policy_folder: Path,
    terms: PolicyTerms,
    prices: Prices = NO_PRICES,
) -> Path:
    """Keep the release that is about to decide, once; gives its folder.

    It appears whole or not at all; several processes may do it at once, and all but the first find it
    done. Raises NotReady where the policy's files changed since they were read: what decides must be what
    is kept. Raises StorageFull.
    """
    target = home.archive_dir / versions.release_id
    if (target / PARTS).is_file():
        return target
    with folder_written_whole(target) as draft:
        zip_code(draft / CODE, code_files())
        lock = lock_path()
        (draft / LOCK).write_bytes(lock.read_bytes() if lock.is_file() else b"")
        for path in policy_folder.rglob("*.yaml"):
            kept = draft / POLICY / path.relative_to(policy_folder)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, kept)
        for name, model in release.models.items():
            (draft / MODELS / name).mkdir(parents=True)
            for file in FILES:
                shutil.copyfile(model.folder / file, draft / MODELS / name / file)
        models = {
            name: {"version": model.version, "run_id": model.run_id, "sha256": model.sha256}
            for name, model in release.models.items()
        }
        told = {
            "versions": asdict(versions),
            "models": models,
            "terms": terms.as_json(),
            "prices": asdict(prices),
            "python": platform.python_version(),
        }
        (draft / PARTS).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        changed = _changed_parts(draft, versions.digests, models)
        if changed:
            raise NotReady(
                f"Files of this release changed while it was opened: {', '.join(changed)}.",
                "A release decides only while what decides is what is kept for its replay.",
                "Run it again.",
            )
    return target


def open_archived(home: Home, release_id: str) -> ArchivedRelease:
    """The release as it was kept, its files compared with their hashes.

    Raises ReleaseNotArchived where this home has no archive of it, ReleaseDamaged naming the parts that
    are gone or no longer what they were.
    """
    folder = home.archive_dir / release_id
    # A release id is a name, never a way to somewhere else.
    if not release_id.isalnum() or not (folder / PARTS).is_file():
        raise ReleaseNotArchived(release_id, str(home.archive_dir))
    found = read_archived(folder)
    if found.versions.release_id != release_id:
        raise ReleaseDamaged(release_id, str(folder), [PARTS])
    return found


def read_archived(folder: Path) -> ArchivedRelease:
    """The release in this folder of an archive; raises ReleaseDamaged."""
    told = json.loads((folder / PARTS).read_text(encoding="utf-8"))
    versions = Versions(**told["versions"])
    damaged = _changed_parts(folder, versions.digests, told["models"])
    hashes = {name: said["sha256"] for name, said in told["models"].items()}
    # An archive of before prices were solved keeps none.
    prices = prices_digest(told["prices"]) if "prices" in told else versions.digests["prices"]
    told_parts = (release_id_of(versions.digests), models_digest(hashes), prices)
    if told_parts != (versions.release_id, versions.digests["models"], versions.digests["prices"]):
        damaged.insert(0, PARTS)
    if damaged:
        raise ReleaseDamaged(versions.release_id, str(folder), damaged)
    models = {
        name: ModelFiles(
            name=name,
            folder=folder / MODELS / name,
            spec=json.loads((folder / MODELS / name / "spec.json").read_text(encoding="utf-8")),
            **said,
        )
        for name, said in told["models"].items()
    }
    terms = PolicyTerms.from_json(told["terms"])
    return ArchivedRelease(
        folder,
        versions,
        Release(versions.release_id, models),
        terms,
        told["python"],
        Prices(**told.get("prices", {})),
    )


def _changed_parts(folder: Path, digests: Mapping[str, str], models: Mapping[str, Any]) -> list[str]:
    """The parts whose files are missing or are not those of their hash."""
    changed = []
    if not _is_code(folder / CODE, digests["code"]):
        changed.append("code")
    lock = folder / LOCK
    if not lock.is_file() or sha256(lock.read_bytes()).hexdigest() != digests["lock"]:
        changed.append("lock")
    found = policy_digests(folder / POLICY)
    in_policy = set(digests) - {"code", "lock", "features", "models", "prices", "disclosures", "in_force"}
    changed += [f"policy {name}" for name in sorted(in_policy) if found.get(name) != digests[name]]
    for name, said in models.items():
        paths = [folder / MODELS / name / file for file in FILES]
        if not all(path.is_file() for path in paths) or sha256_of(*paths) != said["sha256"]:
            changed.append(f"model {name}")
    return changed


def _is_code(packed: Path, digest: str) -> bool:
    try:
        return packed.is_file() and hash_of_zip(packed) == digest
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False
