"""The evaluation report of a version on the terminal: the model beside its peers on the judged rows."""

from typing import TYPE_CHECKING

from cli.console import say, show_table

if TYPE_CHECKING:
    from training.report.amount_report import AmountReport
    from training.report.model_report import ModelReport

__all__ = ["show_report"]


def show_report(title: str, report: "ModelReport | AmountReport") -> None:
    """The figures of the model and of its peers on the same rows, with 95% intervals."""
    from training.report.amount_report import AmountReport

    split = report.split
    when = f"{'on a later time' if split.design == 'out_of_time' else 'out of fold'}, 95% interval"
    if isinstance(report, AmountReport):
        _show_amount(title, when, report)
    else:
        _show_probability(title, when, report)
    say(f"Judged on {split.test.row_count:,} rows, {split.test.positive_count:,} with the label; {split.reason}.")


def _named(name: str, version: int | None) -> str:
    return name if version is None else f"{name} (recipe of version {version})"


def _show_amount(title: str, when: str, report: "AmountReport") -> None:
    rows = [
        (_named(one.name, one.version), one.r2, one.difference, one.mean_error_ratio)
        for one in (report.model, *report.peers)
    ]
    show_table(title, (when, "R²", "model less this one", "mean error, share of the line"), rows)


def _show_probability(title: str, when: str, report: "ModelReport") -> None:
    rows = [
        (
            _named(one.name, one.version),
            one.ranking.auc,
            one.ranking.average_precision,
            one.calibration.of("overall")[0].observed_to_expected,
            f"{one.calibration.ece.value:.4f}",
            None if one.uplift is None else f"{one.uplift.qini.value:.4f}",
        )
        for one in (report.model, *report.peers)
    ]
    show_table(title, (when, "AUC", "average precision", "observed ÷ expected", "ECE", "Qini"), rows)
