"""The evaluation report of a version on the terminal: the model beside its peers on the judged rows."""

from typing import TYPE_CHECKING

from cli.console import say, show_table

if TYPE_CHECKING:
    from training.report.model_report import ModelReport

__all__ = ["show_report"]


def show_report(title: str, report: "ModelReport") -> None:
    """The figures of the model and of its peers on the same rows, with 95% intervals."""
    split = report.split
    when = "on a later time" if split.design == "out_of_time" else "out of fold"
    rows = [
        (
            one.name if one.version is None else f"{one.name} (recipe of version {one.version})",
            one.ranking.auc,
            one.ranking.average_precision,
            one.calibration.of("overall")[0].observed_to_expected,
            f"{one.calibration.ece.value:.4f}",
            None if one.uplift is None else f"{one.uplift.qini.value:.4f}",
        )
        for one in (report.model, *report.peers)
    ]
    columns = (f"{when}, 95% interval", "AUC", "average precision", "observed ÷ expected", "ECE", "Qini")
    show_table(title, columns, rows)
    say(f"Judged on {split.test.row_count:,} rows, {split.test.positive_count:,} with the label; {split.reason}.")
