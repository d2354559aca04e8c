"""The figures that the gate looks at, whatever they were measured by."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import beta

from linewise.quality.intervals import Measured
from training.amount_evaluation import AmountEvaluation
from training.evaluation import Band, Evaluation
from training.gate.thresholds import CheckName, Thresholds
from training.report.amount_report import AmountReport
from training.report.model_report import ModelReport
from training.report.peers import CHAMPION
from training.specs import SPECS

__all__ = ["Measure", "measured_by_report", "measured_when_trained"]

LEAST_RATIO = 0.01


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: of which check, of which cell (empty where of all), its value, and in what words it was found.

    is_by_chance: what lies outside its bounds is within what chance does, by the cell's own test.
    """

    check: CheckName
    value: float
    cell: str = ""
    says: str = ""
    is_by_chance: bool = False


def measured_by_report(report: ModelReport | AmountReport, thresholds: Thresholds) -> list[Measure]:
    """What the evaluation report says of rows that the judged fit has not seen."""
    if isinstance(report, AmountReport):
        return _of_amount(report)
    found = _beside_the_champion(report, thresholds)
    calibration = report.model.calibration
    if _is_of_take_up(report.name):
        found.append(Measure("take_up_ece", calibration.ece.value, says=f"95% {calibration.ece}"))
    else:
        for cell in calibration.cells:
            if cell.by == "month":
                continue
            low, high = thresholds.calibration_test_p, 1 - thresholds.calibration_test_p
            found.append(
                Measure(
                    "pd_overall" if cell.by == "overall" else "pd_cell",
                    cell.observed_to_expected.value,
                    "" if cell.by == "overall" else f"{cell.by} {cell.cell}",
                    f"{cell.positive_count} of {cell.row_count} rows, 95% {cell.observed_to_expected}, "
                    f"Jeffreys p {cell.jeffreys_p:.3f}",
                    is_by_chance=low <= cell.jeffreys_p <= high,
                )
            )
    if report.model.uplift is not None:
        qini = report.model.uplift.qini
        found.append(Measure("qini_low", qini.low, says=f"Qini, 95% {qini}"))
    found.append(Measure("registered_correlation", report.stability.registered_correlation))
    return found + _slices(report, thresholds) + _passed_over(report, thresholds)


def _is_of_take_up(name: str) -> bool:
    """Whether a model foretells what customers or agents do with an offer."""
    return SPECS[name].purpose == "take_up"


def _of_amount(report: AmountReport) -> list[Measure]:
    found = [Measure("registered_correlation", report.registered_correlation)]
    champion = report.peer(CHAMPION)
    if champion is not None and champion.difference is not None:
        told = f"the version less the champion, 95% {champion.difference}"
        found.append(Measure("r2_loss", -champion.difference.value, says=told))
    return found


def measured_when_trained(
    name: str,
    evaluation: Evaluation | AmountEvaluation,
    champion: Evaluation | AmountEvaluation | None,
    thresholds: Thresholds,
) -> list[Measure]:
    """What the cross-validation of the training says, for a version that nobody has evaluated since.

    champion: the champion's own, where it was judged on the same rows and folds; else nothing is told of a loss.
    """
    if isinstance(evaluation, AmountEvaluation):
        if not isinstance(champion, AmountEvaluation):
            return []
        return [Measure("r2_loss", champion.r2.model.value - evaluation.r2.model.value)]
    found = []
    if isinstance(champion, Evaluation):
        found.append(Measure("auc_loss", champion.auc.model.value - evaluation.auc.model.value))
    if _is_of_take_up(name):
        return [*found, Measure("take_up_ece", _distance(evaluation), says="out of fold, five bands")]
    found.append(_in_the_end("pd_overall", "", evaluation, evaluation.bands, thresholds))
    return found + [
        _in_the_end("pd_cell", f"band {place}", evaluation, [band], thresholds)
        for place, band in enumerate(evaluation.bands, start=1)
    ]


def _in_the_end(
    check: CheckName, cell: str, evaluation: Evaluation, bands: Sequence[Band], thresholds: Thresholds
) -> Measure:
    """Observed to expected of the rows of these bands, by the Jeffreys test of the share that was seen.

    Rows of one customer tell of the same person: together they are worth as many rows as there are customers.
    """
    rows, positives = sum(band.row_count for band in bands), sum(band.positive_count for band in bands)
    expected = sum(band.expected * band.row_count for band in bands)
    worth = evaluation.customer_count / evaluation.row_count
    p = float(beta.cdf(expected / rows, worth * positives + 0.5, worth * (rows - positives) + 0.5))
    by_chance = thresholds.calibration_test_p <= p <= 1 - thresholds.calibration_test_p
    told = f"out of fold, {positives} of {rows} rows, Jeffreys p {p:.3f}"
    return Measure(check, positives / expected, cell, told, is_by_chance=by_chance)


def _distance(evaluation: Evaluation) -> float:
    """The mean distance between expected and observed over the bands."""
    apart = sum(abs(band.observed.value - band.expected) * band.row_count for band in evaluation.bands)
    return apart / evaluation.row_count


def _beside_the_champion(report: ModelReport, thresholds: Thresholds) -> list[Measure]:
    champion = report.peer(CHAMPION)
    if champion is None or champion.difference is None:
        return []
    checks: tuple[tuple[CheckName, str], ...] = (
        ("auc_loss", "auc"),
        ("average_precision_loss", "average_precision"),
    )
    found = [
        Measure(check, -champion.difference[figure].value, says=f"the version less the champion, 95% "
                f"{champion.difference[figure]}")
        for check, figure in checks
        if figure in champion.difference
    ]  # fmt: skip
    ours, theirs = report.model.profit, champion.profit
    if ours is not None and theirs is not None:
        share = thresholds.capacity_share_ratio
        now, would = theirs.curve.at(share), ours.curve.at(share)
        lost = (now - would) / max(abs(now), 1.0)
        found.append(
            Measure("profit_loss_ratio", lost, says=f"{would:,.0f} beside {now:,.0f} minor units a row of the base")
        )
    return found


def _passed_over(report: ModelReport, thresholds: Thresholds) -> list[Measure]:
    """Whom acting on it passes over, by attribute; chance does as much where the interval reaches the bounds."""
    found = []
    for one in report.fairness:
        rates = ", ".join(f"{group.value} {group.favoured_ratio:.3f}" for group in one.groups)
        checks: tuple[tuple[CheckName, Measured | None], ...] = (
            ("impact_ratio", one.impact_ratio),
            ("opportunity_gap", one.opportunity_gap),
        )
        for check, figure in checks:
            if figure is not None:
                holds = thresholds.checks[check].holds
                found.append(
                    Measure(
                        check, figure.value, one.attribute, f"favoured {rates}; 95% {figure}",
                        is_by_chance=holds(figure.low) or holds(figure.high),
                    )
                )  # fmt: skip
    return found


def _slices(report: ModelReport, thresholds: Thresholds) -> list[Measure]:
    """How far observed to expected of each group lies from that of all, of what is judged and never an input."""
    (overall,) = report.model.calibration.of("overall")
    everybody = max(overall.observed_to_expected.value, LEAST_RATIO)
    low, high = thresholds.calibration_test_p, 1 - thresholds.calibration_test_p
    found = []
    for one in report.segments:
        ratio = one.calibration.observed_to_expected
        if one.is_protected:
            cell = f"{one.attribute} {one.value}"
            told = f"observed to expected, 95% {ratio}, of all {everybody:.3f}"
            by_chance = low <= one.calibration.jeffreys_p <= high
            found.append(Measure("slice_gap", abs(ratio.value / everybody - 1), cell, told, is_by_chance=by_chance))
    return found
