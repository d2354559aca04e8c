"""Evaluations as a person reads them: each figure beside the rival's on the same folds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.console import say, show_table

if TYPE_CHECKING:
    from training.amount_evaluation import AmountEvaluation
    from training.evaluation import Evaluation

__all__ = ["headline", "show_figures"]

HEADS = "out of fold, 95% interval"


def headline(evaluation: "Evaluation | AmountEvaluation") -> str:
    """The one figure of a model, beside its rival's."""
    from training.amount_evaluation import AmountEvaluation

    if isinstance(evaluation, AmountEvaluation):
        return f"out-of-fold R² {evaluation.r2.model}, ridge regression {evaluation.r2.linear}"
    return f"out-of-fold AUC {evaluation.auc.model}, logistic regression {evaluation.auc.logistic}"


def show_figures(title: str, evaluations: "Sequence[tuple[str, Evaluation | AmountEvaluation]]") -> None:
    """Each evaluation, all of one kind, beside the rival on its folds, with 95% intervals."""
    from training.amount_evaluation import AmountEvaluation

    amounts = [(label, one) for label, one in evaluations if isinstance(one, AmountEvaluation)]
    if amounts:
        _show_amounts(title, amounts)
    _show_probabilities(title, [(label, one) for label, one in evaluations if not isinstance(one, AmountEvaluation)])


def _show_probabilities(title: str, evaluations: "Sequence[tuple[str, Evaluation]]") -> None:
    rows: list[tuple[object, ...]] = []
    for label, evaluation in evaluations:
        for whose, field in ((label, "model"), ("  logistic regression", "logistic"), ("  difference", "difference")):
            measured = (evaluation.auc, evaluation.case_auc, evaluation.brier)
            rows.append((whose, *(None if one is None else getattr(one, field) for one in measured)))
    if rows:
        show_table(title, (HEADS, "AUC", "AUC by customer", "Brier score"), rows)
    for label, evaluation in evaluations:
        say(
            f"{label}: {evaluation.positive_count} of {evaluation.row_count} rows have the label, "
            f"calibration slope {evaluation.calibration_slope:.2f}."
        )


def _show_amounts(title: str, evaluations: "Sequence[tuple[str, AmountEvaluation]]") -> None:
    rows: list[tuple[object, ...]] = []
    for label, evaluation in evaluations:
        for whose, field in ((label, "model"), ("  ridge regression", "linear"), ("  difference", "difference")):
            measured = (evaluation.r2, evaluation.mean_error_ratio)
            rows.append((whose, *(getattr(one, field) for one in measured)))
    show_table(title, (HEADS, "R²", "mean error, share of the line"), rows)
    for label, evaluation in evaluations:
        say(f"{label}: of {evaluation.row_count} rows {evaluation.raised_count} tell of a raised line.")
