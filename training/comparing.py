"""Champion beside the latest version, as both were judged when they were trained."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from linewise.core.errors import ModelMissing
from linewise.core.files import write_text_whole
from linewise.core.settings import Settings
from linewise.quality.intervals import Measured, corrected_resampled
from training.amount_evaluation import AmountEvaluation
from training.evaluation import Evaluation
from training.report.amount_report import AmountReport
from training.report.model_report import ModelReport
from training.specs import chosen_specs
from training.tracking import Registry, Version

__all__ = ["EvaluationReport", "Standing", "evaluate", "write_pages"]


class Standing(BaseModel):
    """A registered version as it was judged when it was trained; report: on a later time, None where it has none."""

    model_config = ConfigDict(frozen=True)

    version: int
    run_id: str
    trained_at: datetime
    data_hash: str
    evaluation: Evaluation | AmountEvaluation
    report: ModelReport | AmountReport | None = None


class EvaluationReport(BaseModel):
    """Champion beside the latest version of one model.

    `latest_minus_champion_auc` (of an amount `latest_minus_champion_r2`) compares them fold by fold. It is None
    where they are the same version or were judged on other data or other folds, for then the two figures do not
    answer the same question.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    champion: Standing
    latest: Standing
    latest_minus_champion_auc: Measured | None = None
    latest_minus_champion_r2: Measured | None = None


def evaluate(settings: Settings, names: Sequence[str] = ()) -> tuple[EvaluationReport, ...]:
    """Champion and latest version of each model by their cross-validated figures.

    Where none is named, of those that have a champion: a bank cannot teach every model. Raises ModelMissing
    where a named model has no champion, and where none has.
    """
    registry = Registry(settings.paths)
    asked = [spec.name for spec in chosen_specs(names)]
    known = [name for name in asked if names or registry.champion(name) is not None]
    return tuple(_report(registry, name) for name in known or asked)


def _report(registry: Registry, name: str) -> EvaluationReport:
    champion = registry.champion(name)
    if champion is None:
        raise ModelMissing(name)
    latest = registry.versions(name)[-1]
    one, other = _standing(registry, champion), _standing(registry, latest)
    compared = (
        "latest_minus_champion_r2" if isinstance(one.evaluation, AmountEvaluation) else "latest_minus_champion_auc"
    )
    return EvaluationReport(name=name, champion=one, latest=other, **{compared: _difference(one, other)})


def _standing(registry: Registry, version: Version) -> Standing:
    return Standing(
        version=version.version,
        run_id=version.run_id,
        trained_at=version.created_at,
        data_hash=version.tags["data_hash"],
        evaluation=registry.evaluation(version),
        report=registry.report(version),
    )


def write_pages(settings: Settings, reports: Sequence[EvaluationReport], folder: Path) -> tuple[Path, ...]:
    """Write the page of each champion's and latest version's report into `folder`, and give the files.

    What was registered without a report has no page.
    """
    registry = Registry(settings.paths)
    written = []
    for report in reports:
        for number in sorted({report.champion.version, report.latest.version}):
            page = registry.report_page(registry.version(report.name, number))
            if page is not None:
                path = folder / f"{report.name}-{number}.html"
                write_text_whole(path, page)
                written.append(path)
    return tuple(written)


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
    gaps = [late - now for late, now in zip(_by_fold(other), _by_fold(one), strict=True)]
    return corrected_resampled(gaps, 1 / (one.fold_count - 1))


def _by_fold(evaluation: Evaluation | AmountEvaluation) -> tuple[float, ...]:
    return evaluation.fold_r2 if isinstance(evaluation, AmountEvaluation) else evaluation.fold_auc
