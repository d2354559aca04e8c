"""Evaluations as a person reads them: each figure beside the logistic regression's on the same folds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.console import say, show_table

if TYPE_CHECKING:
    from training.evaluation import Evaluation

__all__ = ["show_figures"]


def show_figures(title: str, evaluations: "Sequence[tuple[str, Evaluation]]") -> None:
    """Each evaluation beside the logistic regression on its folds, with 95% intervals."""
    rows: list[tuple[object, ...]] = []
    for label, evaluation in evaluations:
        auc, brier = evaluation.auc, evaluation.brier
        rows.append((label, auc.model, brier.model))
        rows.append(("  logistic regression", auc.logistic, brier.logistic))
        rows.append(("  difference", auc.difference, brier.difference))
    show_table(title, ("out of fold, 95% interval", "AUC", "Brier score"), rows)
    for label, evaluation in evaluations:
        say(
            f"{label}: {evaluation.positive_count} of {evaluation.row_count} rows have the label, "
            f"calibration slope {evaluation.calibration_slope:.2f}."
        )
