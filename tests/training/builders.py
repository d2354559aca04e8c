"""Small labelled data with a known truth, and a registry filled with models fitted on them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from linewise.core.home import Home
from training.amount_evaluation import cross_validate_amount
from training.amounts import fit_amount
from training.artefact import headline_metrics, write_artefact
from training.dataset import AmountDataset, Dataset
from training.evaluation import CrossValidation, cross_validate
from training.fitting import FittedModel, fit_model
from training.specs import AmountSpec, DoseSpec, ModelSpec
from training.tracking import EVALUATION_FILE, MODEL_FOLDER, Registry, RunRecord, Version

TRAINED_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def a_spec(name: str = "default", **given: Any) -> ModelSpec:
    """A spec that is fitted in a blink."""
    quick = {"tree_count": 20, "fold_count": 3, "repeat_count": 2, "inner_fold_count": 3, "learning_rate": 0.2}
    known = {"default": {"purpose": "risk", "dose": DoseSpec(scale_feature="income_amt")}}.get(
        name, {"purpose": "take_up"}
    )
    return ModelSpec(name=name, label="what is asked", **{**quick, **known, **given})


def a_dataset(row_count: int = 300, seed: int = 0, dose_slope: float = 1.0, name: str = "default") -> Dataset:
    """Loans whose log-odds are -3 + 2·x0 + dose_slope·log1p(principal / income); x1 and x2 say nothing."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(row_count, 3))
    principal = draw.lognormal(11, 1, row_count)
    income = draw.lognormal(11, 0.3, row_count)
    odds = -3 + 2 * x[:, 0] + dose_slope * np.log1p(principal / income)
    y = (draw.random(row_count) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    numbers = np.arange(row_count)
    return Dataset(
        name=name,
        feature_names=("x0", "x1", "x2"),
        offer_attributes=(),
        x=x,
        y=y,
        groups=numbers,
        cases=numbers,
        principal_amt=principal,
        scale_amt=income,
        horizon_months=20.5,
        definitions_hash="d" * 64,
        data_hash="e" * 64,
    )


def an_offer_dataset(case_count: int = 150, seed: int = 0) -> Dataset:
    """Three offers a case: the second is wanted by those with a high x0, the others by nearly nobody."""
    draw = np.random.default_rng(seed)
    x0 = np.repeat(draw.normal(size=case_count), 3)
    tier = np.tile([1.0, 2.0, 3.0], case_count)
    odds = np.where(tier == 2, -0.5 + 2 * x0, -4.0)
    y = (draw.random(3 * case_count) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    cases = np.repeat(np.arange(case_count), 3)
    return Dataset("card_take_up", ("x0",), ("offer_tier",), np.column_stack([x0, tier]), y, cases, cases)


def an_amount_spec(**given: Any) -> AmountSpec:
    """A spec of an amount over the line that is fitted in a blink."""
    quick = {"tree_count": 30, "fold_count": 3, "repeat_count": 1, "inner_fold_count": 3, "learning_rate": 0.2}
    return AmountSpec(name="card_balance", label="owed", **quick | given)


def an_amount_dataset(row_count: int = 600, seed: int = 0, slope: float = 0.2) -> AmountDataset:
    """Share of the line: 0.5 + 0.4·x0, at least 0, + slope·dose; a high x0 is raised oftener; three rows a customer."""
    draw = np.random.default_rng(seed)
    customers = (row_count + 2) // 3
    x = np.repeat(draw.normal(size=(customers, 3)), 3, axis=0)[:row_count]
    line = np.repeat(draw.lognormal(14, 0.5, customers), 3)[:row_count]
    is_raised = draw.random(row_count) < 1 / (1 + np.exp(1.5 - 1.5 * x[:, 0]))
    principal = np.where(is_raised, line * draw.choice([0.25, 0.5, 1.0], row_count), 0.0)
    share = np.maximum(0.5 + 0.4 * x[:, 0], 0) + slope * np.log1p(principal / line) + draw.normal(0, 0.05, row_count)
    numbers = np.repeat(np.arange(customers), 3)[:row_count]
    return AmountDataset(
        name="card_balance",
        feature_names=("x0", "x1", "x2"),
        offer_attributes=(),
        x=x,
        y=(share > 0).astype(np.int64),
        groups=numbers,
        cases=np.arange(row_count),
        principal_amt=principal,
        scale_amt=line,
        amount_amt=np.maximum(share, 0) * line,
        definitions_hash="d" * 64,
        data_hash="f" * 64,
    )


@cache
def _learnt(name: str, seed: int) -> tuple[ModelSpec, Dataset, CrossValidation, FittedModel]:
    """What `registered` registers; the same each time, so that one process learns it once."""
    spec = a_spec(name)
    data = a_dataset(seed=seed) if name == "default" else an_offer_dataset(seed=seed)
    return spec, data, cross_validate(spec, data, seed), fit_model(spec, data, seed)


def registered(registry: Registry, name: str = "default", seed: int = 0) -> Version:
    """A model fitted on small data and registered, with all files that training leaves."""
    with TemporaryDirectory() as folder:
        return registry.register(a_record(Path(folder), *_learnt(name, seed)))


def registered_amount(registry: Registry, seed: int = 0) -> Version:
    """A model of an amount fitted on small data and registered, with all files that training leaves."""
    spec, data = an_amount_spec(), an_amount_dataset(seed=seed)
    evaluation, fitted = cross_validate_amount(spec, data, 5), fit_amount(spec, data, seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_artefact(folder / MODEL_FOLDER, spec, data, fitted, evaluation, TRAINED_AT)
        (folder / EVALUATION_FILE).write_text(evaluation.model_dump_json(), encoding="utf-8")
        tags = {"data_hash": data.data_hash}
        return registry.register(RunRecord(spec.name, folder, {"seed": seed}, headline_metrics(evaluation), tags))


def a_record(folder: Path, spec: ModelSpec, data: Dataset, checked: CrossValidation, fitted: FittedModel) -> RunRecord:
    """The record of one training, its files written into `folder`."""
    write_artefact(folder / MODEL_FOLDER, spec, data, fitted, checked.evaluation, TRAINED_AT)
    (folder / EVALUATION_FILE).write_text(checked.evaluation.model_dump_json(), encoding="utf-8")
    return RunRecord(
        name=spec.name,
        folder=folder,
        parameters={"seed": 0},
        metrics=headline_metrics(checked.evaluation),
        tags={"data_hash": data.data_hash},
    )


def two_champions(home: Home) -> dict[str, Version]:
    """A registry with a champion of each model."""
    registry = Registry(home)
    made = {name: registered(registry, name) for name in ("default", "card_take_up")}
    for name, version in made.items():
        registry.set_champion(name, version.version)
    return made
