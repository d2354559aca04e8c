"""From the loaded bank to registered versions: what `linewise model train` runs."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from linewise.bank.tables import open_bank
from linewise.core.errors import DataCheckFailed
from linewise.core.home import Home
from linewise.core.settings import Settings
from training.amount_evaluation import AmountEvaluation, cross_validate_amount
from training.amounts import FittedAmount, fit_amount
from training.artefact import headline_metrics, write_artefact
from training.dataset import AmountDataset, Dataset, build_dataset, enforce_learnable, read_frames
from training.evaluation import Evaluation, cross_validate
from training.fitting import FittedModel, fit_model
from training.labels import Labels
from training.lineage import lineage_tags
from training.plots import draw_amount_plots, draw_plots
from training.promotion import Beside, make_champion
from training.sources import LabelSources
from training.specs import AmountSpec, ModelSpec, chosen_specs
from training.tracking import EVALUATION_FILE, MODEL_FOLDER, Registry, RunRecord

__all__ = ["Skipped", "TrainReport", "Trained", "fold_count", "train"]

Progress = Callable[[int], None]
Made = TypeVar("Made")


class Trained(BaseModel):
    """One model that was trained, and whether it serves from now on."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    run_id: str
    is_champion: bool
    data_hash: str
    evaluation: Evaluation | AmountEvaluation


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A model that is fitted and judged, and not registered yet; `draw` makes its pictures in a folder."""

    spec: ModelSpec
    data: Dataset
    evaluation: Evaluation | AmountEvaluation
    fitted: FittedModel | FittedAmount
    draw: Callable[[Path], None]
    seed: int


def train(
    settings: Settings,
    names: Sequence[str] = (),
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> TrainReport:
    """Train, cross-validate and register the named models (all where none is named).

    All models are fitted and judged before any is registered, so what goes wrong with one leaves every
    champion and the registry as they were. The first version of a name becomes champion by itself. Where none is
    named, a model that the bank cannot teach is left out, and the report says why.
    Raises BankMissing, FeaturesMissing, UsageError and DataCheckFailed (of a named model, or of all, a label is
    absent or too rare).
    """
    home = settings.paths
    specs = chosen_specs(names, overrides)
    datasets, skipped = _datasets(settings, specs, is_named=bool(names))
    if progress is not None:
        progress(sum(spec.fold_count * spec.repeat_count for spec in specs if spec.name in skipped))
    candidates = [_candidate(spec, data, settings.seed, progress) for spec, data in datasets]
    registry = Registry(home)
    return TrainReport(
        models=tuple(_register(home, registry, candidate) for candidate in candidates),
        skipped=tuple(Skipped(name=name, why=str(err)) for name, err in skipped.items()),
    )


def fold_count(names: Sequence[str] = (), overrides: Sequence[str] = ()) -> int:
    """How many folds such a training walks, for a progress bar."""
    return sum(spec.fold_count * spec.repeat_count for spec in chosen_specs(names, overrides))


def _datasets(
    settings: Settings, specs: Sequence[ModelSpec], *, is_named: bool
) -> tuple[list[tuple[ModelSpec, Dataset]], dict[str, DataCheckFailed]]:
    """What each model learns from, and of those that the bank cannot teach the reason."""
    sources = LabelSources(settings, open_bank(settings.paths))
    skipped: dict[str, DataCheckFailed] = {}

    def tried(spec: ModelSpec, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except DataCheckFailed as err:
            if is_named:
                raise
            skipped[spec.name] = err
            return None

    labelled = [
        (spec, labels) for spec in specs if (labels := tried(spec, partial(_labels, sources, spec))) is not None
    ]
    if not labelled:
        raise next(iter(skipped.values()))
    frames = read_frames(settings.paths, [labels for _, labels in labelled])
    datasets = [
        (spec, data)
        for (spec, labels), frame in zip(labelled, frames, strict=True)
        if (data := tried(spec, partial(build_dataset, spec, labels, frame))) is not None
    ]
    if not datasets:
        raise next(iter(skipped.values()))
    return datasets, skipped


def _labels(sources: LabelSources, spec: ModelSpec) -> Labels:
    """The labels; what can be told to be too rare before any feature is built is refused here."""
    labels = sources.labels(spec)
    if spec.kind == "probability":
        enforce_learnable(spec.name, labels.y, labels.customer_id)
    return labels


def _candidate(spec: ModelSpec, data: Dataset, seed: int, progress: Progress | None) -> _Candidate:
    if isinstance(spec, AmountSpec) and isinstance(data, AmountDataset):
        of_amount, amount = cross_validate_amount(spec, data, seed, progress), fit_amount(spec, data, seed)
        drawn = partial(draw_amount_plots, spec=spec, fitted=amount, checked=of_amount)
        return _Candidate(spec, data, of_amount.evaluation, amount, drawn, seed)
    checked, fitted = cross_validate(spec, data, seed, progress), fit_model(spec, data, seed)
    draw = partial(draw_plots, spec=spec, data=data, fitted=fitted, checked=checked)
    return _Candidate(spec, data, checked.evaluation, fitted, draw, seed)


def _register(home: Home, registry: Registry, candidate: _Candidate) -> Trained:
    name = candidate.spec.name
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), candidate)
        version = registry.register(_record(Path(folder), candidate))
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
    )


def _write_files(folder: Path, candidate: _Candidate) -> None:
    spec, data, evaluation = candidate.spec, candidate.data, candidate.evaluation
    write_artefact(folder / MODEL_FOLDER, spec, data, candidate.fitted, evaluation, datetime.now(UTC))
    candidate.draw(folder / "plots")
    (folder / EVALUATION_FILE).write_text(evaluation.model_dump_json(indent=2), encoding="utf-8")


def _record(folder: Path, candidate: _Candidate) -> RunRecord:
    spec, data, evaluation = candidate.spec, candidate.data, candidate.evaluation
    return RunRecord(
        name=spec.name,
        folder=folder,
        parameters={
            **{key: json.dumps(value) for key, value in spec.model_dump(mode="json").items()},
            "seed": candidate.seed,
            "input_count": len(data.inputs),
        },
        metrics={
            **headline_metrics(evaluation),
            "training_rows": evaluation.row_count,
            "positives": evaluation.positive_count,
            "customers": evaluation.customer_count,
            "horizon_months": data.horizon_months,
        },
        tags={
            "data_hash": data.data_hash,
            "definitions_hash": data.definitions_hash,
            **lineage_tags(),
        },
    )
