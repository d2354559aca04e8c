"""Serving's one door to MLflow: champions are pulled to local disk once, and served from there without it."""

import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linewise.core.errors import DataCheckFailed, ModelMissing
from linewise.core.files import folder_written_whole, sha256_of, write_text_whole
from linewise.core.home import Home
from linewise.core.settings import refuse_telemetry

if TYPE_CHECKING:
    from mlflow import MlflowClient

__all__ = [
    "MODEL_NAMES",
    "NEEDED",
    "POINTER",
    "REPORT",
    "ModelFiles",
    "Release",
    "champion_versions",
    "fetch_release",
    "local_release",
    "open_release",
    "pull_release",
    "serve_release",
]

MODEL_NAMES = (
    *("card_attrition", "card_balance", "card_declined", "card_default", "card_spend"),
    *("card_take_up", "default", "offer_take_up"),
)
"""All that may serve together; which of them a bank can teach depends on its tables."""

NEEDED = (("card_take_up", "offer_take_up"), ("default", "card_default"))
"""Of each at least one, the first named where none is there: what else is not learnt comes from assumptions."""

FILES = ("model.txt", "spec.json")
POINTER = "current.json"
REPORT = "report.json"
"""What a version was judged by, kept beside it where training has logged it; nothing is decided on it."""

CHAMPION = "champion"
ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """One model on local disk: `folder` holds model.txt and spec.json, `spec` is the latter, read.

    A default's probability follows from the raw margin of model.txt as `spec` says:
    1 / (1 + exp(-(score + slope · dose))), score = calibration.intercept + calibration.slope · raw, dose =
    log1p(principal / scale), scale = max(value of dose.scale_feature, dose.minimum_scale_amt), a missing value
    counting as the minimum; where the calibration names a top_ratio the score is intercept + slope · (z + top_ratio ·
    log1p(exp(z))), z = raw + calibration.centre. It is over spec.horizon_months; over 12 months it is
    1 - (1 - pd) ** (12 / horizon_months).
    Where dose.anchor is `line` the principal is what the limit lies above the line in force, and the dose bends by
    dose.bend_ratio (`Dose`). An amount (spec.kind) is scale · (base + slope · dose), base = max(prediction, 0). The
    slope is dose.slope, or lies on straight lines through (dose.knots, dose.slopes) at the score, at the base, or at
    the index that dose.factor makes of the base and the inputs (`training.effects_of_dose`); where dose.falls it is
    taken off the base, of which nothing less than none is left.
    """

    name: str
    version: int
    run_id: str
    folder: Path
    spec: dict[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The champions that serve together, at least one of each kind NEEDED; the key changes when any of them does.

    policy_of: the archived release whose policy holds beside them, after a rollback; empty where the settings' does.
    """

    key: str
    models: dict[str, ModelFiles]
    policy_of: str = ""


def open_release(home: Home) -> Release:
    """The release on local disk, its files checked; where none lies there, or one is damaged, it is pulled.

    A whole release needs no MLflow, which this then does not import. Raises ModelMissing without a
    champion to pull.
    """
    return local_release(home) or pull_release(home)


def local_release(home: Home) -> Release | None:
    """The release that lies whole on local disk, without asking the registry; None where there is none."""
    pointer = _pointer(home)
    return _read(home, pointer) if pointer is not None else None


def champion_versions(home: Home) -> dict[str, int | None]:
    """The version of each model's champion in the registry, None where it has none."""
    if not (home.mlruns_dir / "mlflow.db").is_file():
        return dict.fromkeys(MODEL_NAMES)
    found = _champions(_client(home))
    return {name: int(found[name].version) if name in found else None for name in MODEL_NAMES}


def pull_release(home: Home) -> Release:
    """Copy every champion from the registry to local disk and make them the current release.

    The policy that a rollback holds goes on being held. Raises as `fetch_release`.
    """
    pointer = _pointer(home) or {}
    release = replace(fetch_release(home), policy_of=pointer.get("policy_of", ""))
    serve_release(home, release)
    return release


def fetch_release(home: Home, changes: Mapping[str, int] | None = None) -> Release:
    """Copy every champion from the registry to local disk, without making them the current release.

    changes: of these models that version in the champion's place; one that decides nothing is no part of it. The
    folder appears whole and is checked against the SHA-256 that training registered. Raises ModelMissing where none of
    the models that do the same has a champion, DataCheckFailed where the files are not those registered.
    """
    if not (home.mlruns_dir / "mlflow.db").is_file():
        raise ModelMissing(NEEDED[0][0])
    client = _client(home)
    chosen = _champions(client) | {
        name: client.get_model_version(name, str(version))
        for name, version in (changes or {}).items()
        if name in MODEL_NAMES
    }
    _enforce_enough(chosen)
    described = {
        name: {"version": int(one.version), "run_id": one.run_id, "sha256": one.tags["artefact_sha256"]}
        for name, one in chosen.items()
    }
    key = sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:16]
    told = {"key": key, "models": described}
    if _read(home, told) is None:
        with folder_written_whole(home.releases_dir / key) as draft:
            for name, one in chosen.items():
                _download(client, one, draft / name)
                _enforce_sha256(draft / name, name, described[name]["sha256"])
    release = _read(home, told)
    if release is None:
        raise ModelMissing(NEEDED[0][0])
    return release


def serve_release(home: Home, release: Release) -> None:
    """Make a fetched release the current one, by one file: a service finds the old or the new one."""
    told = {
        name: {"version": one.version, "run_id": one.run_id, "sha256": one.sha256}
        for name, one in release.models.items()
    }
    pointer = {"key": release.key, "models": told, "policy_of": release.policy_of}
    write_text_whole(home.releases_dir / POINTER, json.dumps(pointer, indent=2, sort_keys=True) + "\n")


def _pointer(home: Home) -> dict[str, Any] | None:
    """What the pointer says, None where there is none."""
    path = home.releases_dir / POINTER
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _read(home: Home, pointer: Mapping[str, Any]) -> Release | None:
    """The release that the pointer names, or None where a file is absent or not what it was."""
    models = {}
    for name, described in pointer["models"].items():
        folder = home.releases_dir / pointer["key"] / name
        if not _is_whole(folder, described["sha256"]):
            return None
        spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
        models[name] = ModelFiles(name, described["version"], described["run_id"], folder, spec, described["sha256"])
    # A pointer of before policies were held beside their models names none.
    return Release(pointer["key"], models, pointer.get("policy_of", "")) if _missing(models) is None else None


def _missing(models: Mapping[str, Any]) -> str | None:
    """The first model of those NEEDED of which none is there."""
    return next((names[0] for names in NEEDED if not set(names) & set(models)), None)


def _enforce_enough(models: Mapping[str, Any]) -> None:
    if name := _missing(models):
        raise ModelMissing(name)


def _is_whole(folder: Path, expected_sha256: str) -> bool:
    paths = [folder / file for file in FILES]
    return all(path.is_file() for path in paths) and sha256_of(*paths) == expected_sha256


def _enforce_sha256(folder: Path, name: str, expected_sha256: str) -> None:
    if not _is_whole(folder, expected_sha256):
        raise DataCheckFailed(
            f"The files of the model {name!r} in the registry are not those that training registered.",
            "The release that serves stays as it is.",
            "Train it anew with: linewise model train",
        )


def _champions(client: "MlflowClient") -> dict[str, Any]:
    """The champion of each of MODEL_NAMES that has one."""
    from mlflow.exceptions import MlflowException  # noqa: PLC0415

    found = {}
    for name in MODEL_NAMES:
        try:
            found[name] = client.get_model_version_by_alias(name, CHAMPION)
        except MlflowException as err:
            if err.error_code not in ABSENT:
                raise
    return found


def _download(client: "MlflowClient", version: Any, folder: Path) -> None:
    folder.mkdir()
    last = version.source.rstrip("/").rpartition("/")[2]
    for file in FILES:
        found = Path(client.download_artifacts(version.run_id, f"{last}/{file}"))
        (folder / file).write_bytes(found.read_bytes())
    if REPORT in {one.path for one in client.list_artifacts(version.run_id)}:
        (folder / REPORT).write_bytes(Path(client.download_artifacts(version.run_id, REPORT)).read_bytes())


def _client(home: Home) -> "MlflowClient":
    refuse_telemetry()
    from mlflow import MlflowClient  # noqa: PLC0415  3 s, and never in a service whose release lies on local disk
    from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR  # noqa: PLC0415

    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.set(False)
    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        # MLflow's own use of a deprecated word of SQLAlchemy, which no user of ours can do anything about.
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
        return MlflowClient(tracking_uri=home.tracking_uri, registry_uri=home.tracking_uri)
