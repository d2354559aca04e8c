"""What a training leaves of itself, so that it can be told from another and made again."""

import hashlib
import json
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from linewise.bank.tables import open_bank
from linewise.core.files import sha256_of
from linewise.core.home import Home
from training.artefact import MODEL_FILE, SPEC_FILE
from training.specs import ModelSpec
from training.tracking import MODEL_FOLDER, RunRecord

__all__ = ["RUN_FILE", "RunFacts", "Snapshot", "config_hash_of", "snapshot_of", "write_run"]

RUN_FILE = "run.json"
LIBRARY = "library_"
OF_TAGS = ("git_sha", "git_is_dirty", "lock_sha256", "python", "machine", "data_hash", "definitions_hash")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Snapshot(_Frozen):
    """The bank that was learnt from: its name, the hash of its tables, and how many rows each has."""

    bank: str
    snapshot_id: str
    row_counts: dict[str, int]


class RunFacts(_Frozen):
    """One training.

    config_hash: of the spec with all overrides, and of the seed. data_hash: of the rows that were fitted;
    artefact_sha256: of model.txt and spec.json. git_sha and lock_sha256 are `unknown` where there is no git or no
    lock. The same commit, lock, snapshot and config_hash give the same artefact on the same kind of machine.
    """

    name: str
    made_at: datetime
    seed: int
    config: dict[str, object]
    config_hash: str
    git_sha: str
    git_is_dirty: str
    lock_sha256: str
    libraries: dict[str, str]
    python: str
    machine: str
    snapshot: Snapshot
    data_hash: str
    definitions_hash: str
    fitted_row_count: int
    metrics: dict[str, float]
    artefact_sha256: str


def snapshot_of(home: Home) -> Snapshot:
    """The loaded bank's name, hash and row counts; raises BankMissing."""
    manifest = open_bank(home).manifest
    counts = {name: table.rows for name, table in sorted(manifest.tables.items()) if not table.is_absent}
    return Snapshot(bank=manifest.name, snapshot_id=manifest.data_hash, row_counts=counts)


def config_hash_of(spec: ModelSpec, seed: int) -> str:
    """SHA-256 over every field of the spec, and the seed."""
    told = json.dumps([spec.model_dump(mode="json"), seed], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def write_run(record: RunRecord, spec: ModelSpec, seed: int, snapshot: Snapshot) -> RunFacts:
    """Write the record of a training beside the rest of what its run leaves, and give it."""
    tags, model = record.tags, record.folder / MODEL_FOLDER
    facts = RunFacts(
        name=spec.name,
        made_at=datetime.now(UTC),
        seed=seed,
        config=spec.model_dump(mode="json"),
        config_hash=config_hash_of(spec, seed),
        libraries={name.removeprefix(LIBRARY): said for name, said in tags.items() if name.startswith(LIBRARY)},
        snapshot=snapshot,
        fitted_row_count=int(record.metrics["training_rows"]),
        metrics=dict(record.metrics),
        artefact_sha256=sha256_of(model / MODEL_FILE, model / SPEC_FILE),
        **{name: tags[name] for name in OF_TAGS},
    )
    (record.folder / RUN_FILE).write_text(facts.model_dump_json(indent=2), encoding="utf-8")
    return facts
