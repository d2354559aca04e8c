"""The name of everything that decides: one hash over code, models, policy, catalogue and features."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from features.catalogue import definitions_hash
from linewise import __version__
from linewise.core.settings import checkout_dir
from linewise.policy.policy import Policy
from serving.scoring.registry import Release

__all__ = ["Versions", "versions_of"]


@dataclass(frozen=True, slots=True)
class Versions:
    """What decided: models by name and version, and short hashes of the rest."""

    models: dict[str, str]
    policy: str
    catalogue: str
    features: str
    release_id: str

    def as_json(self) -> dict[str, object]:
        """The `versions` of an answer."""
        return {
            "models": self.models,
            "policy": self.policy,
            "catalogue": self.catalogue,
            "features": self.features,
        }


def _lock_text() -> str:
    # A checkout and a built bento both carry the lock beside the packages; an installed wheel does not.
    lock: Path = checkout_dir() / "requirements.lock"
    return lock.read_text(encoding="utf-8") if lock.is_file() else ""


def versions_of(models: Release, policy: Policy) -> Versions:
    """The versions of what is loaded, and the release id over all of it."""
    catalogue = f"{policy.catalogue.version}+{policy.catalogue.sha256[:12]}"
    named = {name: str(model.version) for name, model in models.models.items()}
    parts = (__version__, _lock_text(), models.key, policy.version, catalogue, definitions_hash())
    release_id = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return Versions(named, policy.version, catalogue, definitions_hash()[:12], release_id)
