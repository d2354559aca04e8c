"""A model that is fitted and judged, and not registered yet."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from training.amount_evaluation import AmountEvaluation, cross_validate_amount
from training.amounts import FittedAmount, fit_amount
from training.artefact import headline_metrics, write_artefact
from training.dataset import AmountDataset, Dataset
from training.evaluation import Evaluation, cross_validate
from training.fitting import FittedModel
from training.learnable import Learnable
from training.level import level_of
from training.lineage import lineage_tags
from training.renewing import fitted_or_renewed
from training.reporting import Reporting, write_amount_report, write_report
from training.run_record import config_hash_of
from training.search import SEARCH_FILE, Budget, Search, search
from training.specs import AmountSpec, ModelSpec
from training.tracking import EVALUATION_FILE, MODEL_FOLDER, RunRecord

__all__ = ["Candidate", "make_candidate"]

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that is fitted and judged; `draw` writes its report and pictures into a folder."""

    spec: ModelSpec
    data: Dataset
    evaluation: Evaluation | AmountEvaluation
    fitted: FittedModel | FittedAmount
    draw: Callable[[Path], None]
    seed: int
    search: Search | None = None

    def record(self, folder: Path, at: datetime) -> RunRecord:
        """Write all that the run leaves behind into `folder`, and give what is to be registered."""
        spec, data, evaluation = self.spec, self.data, self.evaluation
        write_artefact(folder / MODEL_FOLDER, spec, data, self.fitted, evaluation, at)
        self.draw(folder)
        if self.search is not None:
            (folder / SEARCH_FILE).write_text(self.search.model_dump_json(indent=2), encoding="utf-8")
        (folder / EVALUATION_FILE).write_text(evaluation.model_dump_json(indent=2), encoding="utf-8")
        return RunRecord(
            name=spec.name,
            folder=folder,
            parameters={
                **{key: json.dumps(value) for key, value in spec.model_dump(mode="json").items()},
                "seed": self.seed,
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
                "config_hash": config_hash_of(spec, self.seed),
                **lineage_tags(),
            },
        )


def searched(one: Learnable, seed: int, budget: Budget, progress: Progress | None) -> tuple[Learnable, Search]:
    """The model with the parameters that a search has chosen, and the search."""
    found = search(one.spec, one.data, seed, budget, progress)
    return replace(one, spec=found.applied(one.spec)), found


def make_candidate(
    one: Learnable, seed: int, reporting: Reporting, progress: Progress | None, budget: Budget | None = None
) -> Candidate:
    """Fit the model on all rows, cross-validate it, and judge its recipe on a later time.

    With a budget its parameters are searched first, on rows known before those that are judged. `progress` is told of
    each set that was tried and of each fold.
    """
    if budget is not None:
        chosen, found = searched(one, seed, budget, progress)
        return replace(make_candidate(chosen, seed, reporting, progress), search=found)
    spec, data = one.spec, one.data
    if isinstance(spec, AmountSpec) and isinstance(data, AmountDataset):
        evaluation, amount = cross_validate_amount(spec, data, seed, progress), fit_amount(spec, data, seed)

        told = reporting.judge_amount(spec, data, one.checks, amount, datetime.now(UTC))

        def draw_amount(folder: Path) -> None:
            write_amount_report(folder, told, amount.booster)

        return Candidate(spec, data, evaluation, amount, draw_amount, seed)
    checked = cross_validate(spec, data, seed, progress)
    fitted = fitted_or_renewed(spec, data, seed, level_of(data, checked.probability), reporting.registry)
    judged = reporting.judge(one, fitted, checked.probability, datetime.now(UTC))

    def draw(folder: Path) -> None:
        write_report(folder, judged, fitted.booster)

    return Candidate(spec, data, checked.evaluation, fitted, draw, seed)
