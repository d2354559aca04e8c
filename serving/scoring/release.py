"""The name of everything that decides: one hash over its parts, each of which has a short hash of its own."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

from features.catalogue import definitions_hash
from linewise.core.settings import checkout_dir
from linewise.decisioning.prices import NO_PRICES, Prices
from linewise.policy.policy import Policy
from serving.scoring.deciding_code import code_files, hash_of_files
from serving.scoring.registry import Release

__all__ = [
    "Versions",
    "lock_path",
    "models_digest",
    "policy_digests",
    "prices_digest",
    "release_id_of",
    "solved_for",
    "versions_of",
    "with_prices",
]

SHORT = 12


@dataclass(frozen=True, slots=True)
class Versions:
    """What decided: models by name and version, and short hashes of the rest.

    digests: name of a part to its whole hash; the release id is one hash over all of them, so two releases
    differ exactly where a part does.
    """

    models: dict[str, str]
    policy: str
    catalogue: str
    features: str
    release_id: str
    digests: Mapping[str, str]

    @property
    def parts(self) -> dict[str, str]:
        """Name of a part to its short hash, as a person compares them."""
        return {name: digest[:SHORT] for name, digest in sorted(self.digests.items())}

    def as_json(self) -> dict[str, object]:
        """The `versions` of an answer."""
        return {
            "models": self.models,
            "policy": self.policy,
            "catalogue": self.catalogue,
            "features": self.features,
        }


def lock_path() -> Path:
    """The lock of the libraries; a checkout and a built bento carry one beside the packages, a wheel does not."""
    return checkout_dir() / "requirements.lock"


def _hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def policy_digests(folder: Path) -> dict[str, str]:
    """A hash for each file of a policy folder, and one for each folder in it, such as the rules."""
    files = sorted((path.relative_to(folder), path.read_bytes()) for path in folder.rglob("*.yaml"))
    names = sorted({path.parts[0].removesuffix(".yaml") for path, _ in files})
    return {
        name: hash_of_files(
            (path.as_posix(), content) for path, content in files if path.parts[0].removesuffix(".yaml") == name
        )
        for name in names
    }


def _in_force(policy: Policy) -> str:
    """What of the policy's files holds on this day, for this bank: the files alone do not say it."""
    rules = [entry.rule_id for entry in policy.rules.entries]
    return json.dumps([policy.currency, rules, list(policy.decision.offers.offer_id)])


def _disclosures(policy: Policy) -> str:
    said = [[offer.offer_id, offer.disclosure.model_dump(mode="json")] for offer in policy.catalogue.offers]
    return json.dumps(said, sort_keys=True)


def models_digest(sha256_of_model: Mapping[str, str]) -> str:
    """The one hash over the files of all models."""
    return _hash_of(json.dumps(sorted(sha256_of_model.items())))


def release_id_of(digests: Mapping[str, str]) -> str:
    """The one hash over all parts."""
    return _hash_of("\n".join(f"{name}={digests[name]}" for name in sorted(digests)))[:16]


def prices_digest(prices: Mapping[str, float]) -> str:
    """The hash of prices by the names of their fields, as they are written down."""
    return _hash_of(json.dumps(prices, sort_keys=True))


def solved_for(versions: Versions) -> str:
    """The name of all parts but the prices: what prices are solved for, and are good for."""
    return release_id_of({name: digest for name, digest in versions.digests.items() if name != "prices"})


def with_prices(versions: Versions, prices: Prices) -> Versions:
    """The same parts with other prices: another release."""
    digests = {**versions.digests, "prices": prices_digest(asdict(prices))}
    return replace(versions, digests=digests, release_id=release_id_of(digests))


def versions_of(models: Release, policy: Policy, folder: Path, prices: Prices = NO_PRICES) -> Versions:
    """The versions of what is loaded, and the release id over all of it.

    `folder` is the policy's. Models count by their files, not by their number in a registry, so that the
    same files make the same release on every machine.
    """
    lock = lock_path()
    digests = policy_digests(folder) | {
        "code": hash_of_files((name, path.read_bytes()) for name, path in code_files()),
        "lock": _hash_of(lock.read_text(encoding="utf-8") if lock.is_file() else ""),
        "features": definitions_hash(),
        "models": models_digest({name: model.sha256 for name, model in models.models.items()}),
        "prices": prices_digest(asdict(prices)),
        "disclosures": _hash_of(_disclosures(policy)),
        "in_force": _hash_of(_in_force(policy)),
    }
    return Versions(
        models={name: str(model.version) for name, model in models.models.items()},
        policy=policy.version,
        catalogue=f"{policy.catalogue.version}+{policy.catalogue.sha256[:SHORT]}",
        features=definitions_hash()[:SHORT],
        release_id=release_id_of(digests),
        digests=digests,
    )
