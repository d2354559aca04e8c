"""From the loaded bank to registered versions, and champion beside latest: what `linewise model` runs."""

import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from linewise.bank.tables import Bank, open_bank
from linewise.core.errors import DataCheckFailed, ModelMissing
from linewise.core.home import Home
from linewise.core.settings import Settings
from linewise.policy.catalogue import load_catalogue
from training.artefact import headline_metrics, write_artefact
from training.dataset import Dataset, build_dataset
from training.evaluation import CrossValidation, Evaluation, cross_validate
from training.fitting import FittedModel, fit_model
from training.intervals import Measured, corrected_resampled
from training.labels import Labels, card_take_up_labels, default_labels
from training.lineage import lineage_tags
from training.plots import draw_plots
from training.promotion import make_champion
from training.specs import ModelSpec, chosen_specs
from training.tracking import EVALUATION_FILE, MODEL_FOLDER, Registry, RunRecord, Version

__all__ = ["EvaluationReport", "Standing", "TrainReport", "Trained", "evaluate", "fold_count", "train"]

Progress = Callable[[int], None]

LABEL_TABLES = {"default": ("instalments",), "card_take_up": ("limit_requests", "holdings")}


class Trained(BaseModel):
    """One model that was trained, and whether it serves from now on."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    run_id: str
    is_champion: bool
    data_hash: str
    evaluation: Evaluation


class TrainReport(BaseModel):
    """What `train` did, model by model."""

    model_config = ConfigDict(frozen=True)

    models: tuple[Trained, ...]


class Standing(BaseModel):
    """A registered version as it was judged when it was trained."""

    model_config = ConfigDict(frozen=True)

    version: int
    run_id: str
    trained_at: datetime
    data_hash: str
    evaluation: Evaluation


class EvaluationReport(BaseModel):
    """Champion beside the latest version of one model.

    `latest_minus_champion_auc` compares them fold by fold. It is None where they are the same version or
    were judged on other data or other folds, for then the two figures do not answer the same question.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    champion: Standing
    latest: Standing
    latest_minus_champion_auc: Measured | None


def train(
    settings: Settings,
    names: Sequence[str] = (),
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> TrainReport:
    """Train, cross-validate and register the named models (all where none is named).

    All labels and features are read before anything is fitted, so a label that cannot be learned leaves
    every champion and the registry as they were. The first version of a name becomes champion by itself.
    Raises BankMissing, FeaturesMissing, DataCheckFailed (a label absent or too rare) and UsageError.
    """
    home = settings.paths
    specs = chosen_specs(names, overrides)
    bank = open_bank(home)
    datasets = [build_dataset(home, spec, _labels(settings, bank, spec)) for spec in specs]
    registry = Registry(home)
    return TrainReport(
        models=tuple(
            _train_one(home, registry, spec, data, settings.seed, progress)
            for spec, data in zip(specs, datasets, strict=True)
        )
    )


def fold_count(names: Sequence[str] = (), overrides: Sequence[str] = ()) -> int:
    """How many folds such a training walks, for a progress bar."""
    return sum(spec.fold_count * spec.repeat_count for spec in chosen_specs(names, overrides))


def evaluate(settings: Settings, names: Sequence[str] = ()) -> tuple[EvaluationReport, ...]:
    """Champion and latest version of each model by their cross-validated figures.

    Raises ModelMissing where a model has no champion.
    """
    registry = Registry(settings.paths)
    return tuple(_report(registry, spec.name) for spec in chosen_specs(names))


def _labels(settings: Settings, bank: Bank, spec: ModelSpec) -> Labels:
    for table in LABEL_TABLES[spec.name]:
        if not bank.has(table):
            raise DataCheckFailed(
                f"The model {spec.name!r} cannot be trained: the bank delivers no table {table!r}.",
                "Its label is read from there.",
                "Train the others by name with: linewise model train NAME",
            )
    now = bank.clock(settings).now()
    if spec.name == "default":
        return default_labels(bank, now)
    catalogue = load_catalogue(settings.policy, bank.manifest.currency)
    return card_take_up_labels(bank, catalogue.offers, now)


def _train_one(
    home: Home, registry: Registry, spec: ModelSpec, data: Dataset, seed: int, progress: Progress | None
) -> Trained:
    checked = cross_validate(spec, data, seed, progress)
    fitted = fit_model(spec, data, seed)
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), spec, data, fitted, checked)
        version = registry.register(_record(Path(folder), spec, data, checked.evaluation, seed))
    is_first = registry.champion(spec.name) is None
    if is_first:
        make_champion(home, registry, version, "the first version of its name")
    else:
        registry.set_challenger(spec.name, version.version)
    return Trained(
        name=spec.name,
        version=version.version,
        run_id=version.run_id,
        is_champion=is_first,
        data_hash=data.data_hash,
        evaluation=checked.evaluation,
    )


def _write_files(folder: Path, spec: ModelSpec, data: Dataset, fitted: FittedModel, checked: CrossValidation) -> None:
    write_artefact(folder / MODEL_FOLDER, spec, data, fitted, checked.evaluation, datetime.now(UTC))
    draw_plots(folder / "plots", spec, data, fitted, checked)
    (folder / EVALUATION_FILE).write_text(checked.evaluation.model_dump_json(indent=2), encoding="utf-8")


def _record(folder: Path, spec: ModelSpec, data: Dataset, evaluation: Evaluation, seed: int) -> RunRecord:
    return RunRecord(
        name=spec.name,
        folder=folder,
        parameters={
            **{key: json.dumps(value) for key, value in spec.model_dump(mode="json").items()},
            "seed": seed,
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


def _report(registry: Registry, name: str) -> EvaluationReport:
    champion = registry.champion(name)
    if champion is None:
        raise ModelMissing(name)
    latest = registry.versions(name)[-1]
    one, other = _standing(registry, champion), _standing(registry, latest)
    return EvaluationReport(name=name, champion=one, latest=other, latest_minus_champion_auc=_difference(one, other))


def _standing(registry: Registry, version: Version) -> Standing:
    return Standing(
        version=version.version,
        run_id=version.run_id,
        trained_at=version.created_at,
        data_hash=version.tags["data_hash"],
        evaluation=registry.evaluation(version),
    )


def _difference(champion: Standing, latest: Standing) -> Measured | None:
    one, other = champion.evaluation, latest.evaluation
    is_same_question = (champion.data_hash, one.seed, one.fold_count, one.repeat_count) == (
        latest.data_hash,
        other.seed,
        other.fold_count,
        other.repeat_count,
    )
    if champion.version == latest.version or not is_same_question:
        return None
    gaps = [late - now for late, now in zip(other.fold_auc, one.fold_auc, strict=True)]
    return corrected_resampled(gaps, 1 / (one.fold_count - 1))
