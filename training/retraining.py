"""From the loaded bank to registered versions: what `linewise model train` runs."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from threadpoolctl import threadpool_limits

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.core.settings import Settings
from training.alone import alone
from training.amount_evaluation import AmountEvaluation
from training.candidates import Candidate, make_candidate
from training.evaluation import Evaluation
from training.learnable import learnables
from training.promotion import Beside, make_champion
from training.reporting import Reporting
from training.run_record import snapshot_of, write_run
from training.search import Budget, Search
from training.specs import ModelSpec, chosen_specs
from training.tracking import Registry

__all__ = ["Patience", "Skipped", "TrainReport", "Trained", "fold_count", "train"]

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long another training is waited for, and who is told of it."""

    seconds: float = 0.0
    tell: Callable[[str], None] = lambda _: None


AT_ONCE = Patience()


class Trained(BaseModel):
    """One model that was trained, and whether it serves from now on."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    run_id: str
    is_champion: bool
    data_hash: str
    evaluation: Evaluation | AmountEvaluation
    search: Search | None = None


class Skipped(BaseModel):
    """One model that this bank cannot teach, and why."""

    model_config = ConfigDict(frozen=True)

    name: str
    why: str


class TrainReport(BaseModel):
    """What `train` did, model by model."""

    model_config = ConfigDict(frozen=True)

    models: tuple[Trained, ...]
    skipped: tuple[Skipped, ...] = ()


def train(
    settings: Settings,
    names: Sequence[str] = (),
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
    patience: Patience = AT_ONCE,
    budget: Budget | None = None,
) -> TrainReport:
    """Train, cross-validate and register the named models (all where none is named); search with this budget first.

    All models are fitted and judged before any is registered, so what goes wrong with one leaves every
    champion and the registry as they were. The first version of a name becomes champion by itself. Where none is
    named, a model that the bank cannot teach is left out, and the report says why. Another training in this home is
    waited for as `patience` says; what a killed one left is put right first.
    Raises Conflict where it does not end in that time, RegistryLocked, BankMissing, FeaturesMissing, UsageError and
    DataCheckFailed (of a named model, or of all, see `training.learnable`).
    """
    home = settings.paths
    specs = chosen_specs(names, overrides)
    bank, registry = open_bank(home), Registry(home)
    with alone(home, patience.seconds, patience.tell):
        registry.put_right()
        found, skipped = learnables(settings, bank, specs, is_named=bool(names))
        if progress is not None:
            progress(sum(_steps(spec, budget) for spec in specs if spec.name in skipped))
        reporting = Reporting(settings, bank, registry)
        at = bank.clock(settings).now()
        # On matrices this small the threads of the linear algebra cost seven times what they save.
        with threadpool_limits(limits=1, user_api="blas"):
            candidates = [make_candidate(one, settings.seed, reporting, progress, budget) for one in found]
        return TrainReport(
            models=tuple(_register(home, registry, candidate, at) for candidate in candidates),
            skipped=tuple(Skipped(name=name, why=str(err)) for name, err in skipped.items()),
        )


def fold_count(names: Sequence[str] = (), overrides: Sequence[str] = (), budget: Budget | None = None) -> int:
    """How many folds and searched sets such a training walks, for a progress bar."""
    return sum(_steps(spec, budget) for spec in chosen_specs(names, overrides))


def _steps(spec: ModelSpec, budget: Budget | None) -> int:
    return spec.fold_count * spec.repeat_count + (0 if budget is None else budget.trials)


def _register(home: Home, registry: Registry, candidate: Candidate, at: datetime) -> Trained:
    name = candidate.spec.name
    with tempfile.TemporaryDirectory() as folder:
        record = candidate.record(Path(folder), at)
        write_run(record, candidate.spec, candidate.seed, snapshot_of(home))
        version = registry.register(record)
    is_first = registry.champion(name) is None
    if is_first:
        make_champion(home, registry, version, "the first version of its name", beside=Beside(act="first"))
    else:
        registry.set_challenger(name, version.version)
    return Trained(
        name=name,
        version=version.version,
        run_id=version.run_id,
        is_champion=is_first,
        data_hash=candidate.data.data_hash,
        evaluation=candidate.evaluation,
        search=candidate.search,
    )
