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
        for whose, field in ((label, "model"), ("  logistic regression", "logistic"), ("  difference", "difference")):
            measured = (evaluation.auc, evaluation.case_auc, evaluation.brier)
            rows.append((whose, *(None if one is None else getattr(one, field) for one in measured)))
    show_table(title, ("out of fold, 95% interval", "AUC", "AUC by customer", "Brier score"), rows)
    for label, evaluation in evaluations:
        say(
            f"{label}: {evaluation.positive_count} of {evaluation.row_count} rows have the label, "
            f"calibration slope {evaluation.calibration_slope:.2f}."
        )
