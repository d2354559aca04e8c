"""Which version serves, since when and why: each move of the champion's alias is written down."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from linewise.core.errors import UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings
from training.tracking import Registry, Version

__all__ = ["Promotion", "history", "make_champion", "promote"]

LOG_NAME = "promotions.jsonl"


class Promotion(BaseModel):
    """One move of a champion's alias; times are those of the wall clock, in UTC."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    name: str
    version: int
    previous_version: int | None
    reason: str
    run_id: str
    artefact_sha256: str


def promote(settings: Settings, name: str, version: int, reason: str) -> Promotion:
    """Make this version of the model the champion and write down why.

    Raises NotFound for a version that the registry does not hold, UsageError without a reason or where
    the version is the champion already.
    """
    registry = Registry(settings.paths)
    chosen = registry.version(name, version)
    champion = registry.champion(name)
    if not reason.strip():
        raise UsageError("A promotion needs a reason.", "A sentence was expected that a later reader understands.")
    if champion is not None and champion.version == version:
        raise UsageError(f"Version {version} of {name!r} is the champion already.")
    return make_champion(settings.paths, registry, chosen, reason.strip())


def make_champion(
    home: Home, registry: Registry, chosen: Version, reason: str, clock: Callable[[], datetime] | None = None
) -> Promotion:
    """Move the alias and append the row; where the row cannot be written the alias goes back."""
    before = registry.champion(chosen.name)
    moved = Promotion(
        at=clock() if clock is not None else datetime.now(UTC),
        name=chosen.name,
        version=chosen.version,
        previous_version=before.version if before else None,
        reason=reason,
        run_id=chosen.run_id,
        artefact_sha256=chosen.artefact_sha256,
    )
    registry.set_champion(chosen.name, chosen.version)
    try:
        _append(home, moved)
    except OSError:
        registry.set_champion(chosen.name, before.version if before else None)
        raise
    return moved


def history(settings: Settings) -> tuple[Promotion, ...]:
    """Every promotion in this home, oldest first; empty where none was made."""
    path = settings.paths.mlruns_dir / LOG_NAME
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Promotion.model_validate_json(line) for line in lines if line)


def _append(home: Home, row: Promotion) -> None:
    """One line, on the disk before this returns: MLflow's aliases keep no history of their own."""
    with (home.mlruns_dir / LOG_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row.model_dump(mode="json"), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
