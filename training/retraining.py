"""From the loaded bank to registered versions: what `linewise model train` runs."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from linewise.bank.tables import Bank, open_bank
from linewise.core.errors import DataCheckFailed
from linewise.core.home import Home
from linewise.core.settings import Settings
from linewise.policy.catalogue import load_catalogue
from training.artefact import headline_metrics, write_artefact
from training.dataset import Dataset, build_dataset
from training.evaluation import CrossValidation, Evaluation, cross_validate
from training.fitting import FittedModel, fit_model
from training.labels import Labels, card_take_up_labels, default_labels
from training.lineage import lineage_tags
from training.plots import draw_plots
from training.promotion import make_champion
from training.specs import ModelSpec, chosen_specs
from training.tracking import EVALUATION_FILE, MODEL_FOLDER, Registry, RunRecord

__all__ = ["TrainReport", "Trained", "fold_count", "train"]

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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A model that is fitted and judged, and not registered yet."""

    spec: ModelSpec
    data: Dataset
    checked: CrossValidation
    fitted: FittedModel
    seed: int


def train(
    settings: Settings,
    names: Sequence[str] = (),
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> TrainReport:
    """Train, cross-validate and register the named models (all where none is named).

    All models are fitted and judged before any is registered, so what goes wrong with one leaves every
    champion and the registry as they were. The first version of a name becomes champion by itself.
    Raises BankMissing, FeaturesMissing, DataCheckFailed (a label absent or too rare) and UsageError.
    """
    home = settings.paths
    specs = chosen_specs(names, overrides)
    bank = open_bank(home)
    datasets = [build_dataset(home, spec, _labels(settings, bank, spec)) for spec in specs]
    candidates = [
        _Candidate(
            spec=spec,
            data=data,
            checked=cross_validate(spec, data, settings.seed, progress),
            fitted=fit_model(spec, data, settings.seed),
            seed=settings.seed,
        )
        for spec, data in zip(specs, datasets, strict=True)
    ]
    registry = Registry(home)
    return TrainReport(models=tuple(_register(home, registry, candidate) for candidate in candidates))


def fold_count(names: Sequence[str] = (), overrides: Sequence[str] = ()) -> int:
    """How many folds such a training walks, for a progress bar."""
    return sum(spec.fold_count * spec.repeat_count for spec in chosen_specs(names, overrides))


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
    return card_take_up_labels(bank, catalogue.modelled, now)


def _register(home: Home, registry: Registry, candidate: _Candidate) -> Trained:
    name = candidate.spec.name
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), candidate)
        version = registry.register(_record(Path(folder), candidate))
    is_first = registry.champion(name) is None
    if is_first:
        make_champion(home, registry, version, "the first version of its name")
    else:
        registry.set_challenger(name, version.version)
    return Trained(
        name=name,
        version=version.version,
        run_id=version.run_id,
        is_champion=is_first,
        data_hash=candidate.data.data_hash,
        evaluation=candidate.checked.evaluation,
    )


def _write_files(folder: Path, candidate: _Candidate) -> None:
    spec, data, fitted, checked = candidate.spec, candidate.data, candidate.fitted, candidate.checked
    write_artefact(folder / MODEL_FOLDER, spec, data, fitted, checked.evaluation, datetime.now(UTC))
    draw_plots(folder / "plots", spec, data, fitted, checked)
    (folder / EVALUATION_FILE).write_text(checked.evaluation.model_dump_json(indent=2), encoding="utf-8")


def _record(folder: Path, candidate: _Candidate) -> RunRecord:
    spec, data, evaluation = candidate.spec, candidate.data, candidate.checked.evaluation
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
