"""The pictures of a report: does it rank, does it come true, what does acting on it bring, for whom."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import lightgbm as lgb
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter, ScalarFormatter
from sklearn.metrics import precision_recall_curve, roc_curve

from linewise.core.money import to_major
from linewise.quality.calibration import Cell
from linewise.quality.curves import Curve
from linewise.quality.intervals import Measured
from training.report.amount_report import AmountReport
from training.report.drawing import COLOURS, LINES, forest, share_axis, with_intervals
from training.report.making import Judged
from training.report.model_report import ModelReport, Standing
from training.report.peers import MODEL

__all__ = ["amount_came_true", "as_png", "draw_pictures", "looked_at"]

SHOWN_INPUTS = 20
PERCENT = PercentFormatter(xmax=1.0, decimals=0)


def draw_pictures(judged: Judged) -> dict[str, Figure]:
    """Every picture that the report has something for, by name; none stays open in the process."""
    report = judged.report
    everyone = (report.model, *report.peers)
    found = {
        "ranking": _ranking(judged, everyone),
        "gain": _gain(everyone),
        "calibration": _calibration(report),
        "observed_to_expected": _came_true(report),
        "scores": _scores(judged),
    }
    if report.model.uplift is not None:
        found["uplift"] = _uplift(everyone)
    if report.model.profit is not None:
        found["profit"] = _profit(everyone)
    if report.segments:
        found["segments"] = _segments(report)
    return found


def amount_came_true(report: AmountReport) -> Figure:
    """Observed over expected of every cell of an amount's report that expects anything."""
    cells = [cell for cell in report.model.cells if cell.expected_ratio > 0]
    rows = []
    for cell in cells:
        ends = {end: getattr(cell.observed_ratio, end) / cell.expected_ratio for end in ("value", "low", "high")}
        rows.append((f"{cell.cell}  ({cell.row_count:,})", Measured(**ends)))
    below = "observed ÷ expected, 95% interval over customers; shaded: 0.90 to 1.10"
    return forest(rows, [cell.by for cell in cells], below)


def looked_at(registered: lgb.Booster) -> Figure:
    """The inputs by which the trees of the registered version gained most."""
    gain = registered.feature_importance(importance_type="gain")
    order = np.argsort(gain, kind="stable")[-SHOWN_INPUTS:]
    figure = Figure(figsize=(7, 0.9 + 0.22 * len(order)))
    axes = figure.subplots()
    axes.barh(np.array(registered.feature_name())[order], gain[order], color=COLOURS[0])
    axes.tick_params(axis="y", labelsize=8)
    axes.set(xlabel="total gain")
    return figure


def as_png(figure: Figure) -> bytes:
    """The picture as a PNG; the same figure gives the same bytes."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})
    return buffer.getvalue()


def _ranking(judged: Judged, everyone: Sequence[Standing]) -> Figure:
    figure = Figure(figsize=(10, 4.6))
    left, right = figure.subplots(1, 2)
    y = judged.rows.y
    for at, one in enumerate(everyone):
        score = judged.scored[one.name].test
        false_rate, true_rate, _ = roc_curve(y, score)
        precision, recall, _ = precision_recall_curve(y, score)
        style = _style(at)
        left.plot(false_rate, true_rate, label=f"{_name(one)}: {one.ranking.auc}", **style)
        # The first point of no row at all says nothing and swings to 0 or 1.
        right.plot(recall[:-1], precision[:-1], label=f"{_name(one)}: {one.ranking.average_precision}", **style)
    left.plot([0, 1], [0, 1], color="0.75", linewidth=1)
    right.axhline(float(y.mean()), color="0.75", linewidth=1)
    left.set(xlabel="share of rows without the label", ylabel="share of rows with it", title="ROC; key: AUC")
    right.set(
        xlabel="share of labels reached", ylabel="share with the label", title="Precision; key: average precision"
    )
    right.set_ylim(bottom=0)
    for axes, place in ((left, "lower right"), (right, "upper right")):
        axes.legend(loc=place, fontsize=7.5)
    return figure


def _gain(everyone: Sequence[Standing]) -> Figure:
    figure = Figure(figsize=(10, 4.2))
    left, right = figure.subplots(1, 2)
    for at, one in enumerate(everyone):
        curve = one.ranking.gain
        left.plot(curve.x, curve.y, label=_name(one), **_style(at))
        x, y = np.array(curve.x[1:]), np.array(curve.y[1:])
        right.plot(x, y / x, label=f"{_name(one)}: {one.ranking.top_decile_lift}", **_style(at))
    left.plot([0, 1], [0, 1], color="0.75", linewidth=1)
    right.axhline(1.0, color="0.75", linewidth=1)
    left.set(xlabel="share of rows, the highest scores first", ylabel="share of labels reached", title="Gain")
    right.set(
        xlabel="share of rows, the highest scores first",
        ylabel="times the share of all",
        title="Lift; key: of the first tenth",
    )
    for axes in (left, right):
        axes.xaxis.set_major_formatter(PERCENT)
        axes.legend(fontsize=7.5)
    left.yaxis.set_major_formatter(PERCENT)
    return figure


def _calibration(report: ModelReport) -> Figure:
    figure = Figure(figsize=(5.4, 4.8))
    axes = figure.subplots()
    cells = report.model.calibration.of("band")
    expected = np.array([cell.expected for cell in cells])
    with_intervals(axes, expected, [cell.observed for cell in cells], is_upright=True)
    seen = [end for cell in cells for end in (cell.observed.low, cell.observed.high) if end > 0] + expected.tolist()
    low, high = 0.8 * min(seen), min(1.25 * max(seen), 1.0)
    axes.plot([low, high], [low, high], color="0.75", linewidth=1)
    axes.set(
        xscale="log", yscale="log", xlim=(low, high), ylim=(low, high),
        xlabel="expected share", ylabel="observed share, 95% Jeffreys interval",
        title="Calibration; bands of equally many expected labels",
    )  # fmt: skip
    share_axis(axes.xaxis, low, high)
    share_axis(axes.yaxis, low, high)
    return figure


def _came_true(report: ModelReport) -> Figure:
    """Observed over expected of every cell, with the bounds that are asked for."""
    cells = report.model.calibration.cells
    return forest(
        [(f"{cell.cell}  ({_short(cell)})", cell.observed_to_expected) for cell in cells],
        [cell.by for cell in cells],
        "observed ÷ expected, 95% Jeffreys interval; shaded: 0.90 to 1.10",
    )


def _segments(report: ModelReport) -> Figure:
    parts = report.segments
    return forest(
        [(f"{one.value}  ({_short(one.calibration)})", one.calibration.observed_to_expected) for one in parts],
        [one.attribute for one in parts],
        "observed ÷ expected, 95% Jeffreys interval; shaded: 0.90 to 1.10",
    )


def _scores(judged: Judged) -> Figure:
    scored = judged.scored[MODEL]
    figure = Figure(figsize=(5.4, 4.2))
    axes = figure.subplots()
    floor = 1e-5
    both = [np.maximum(one, floor) for one in (scored.fit, scored.test)]
    edges = np.geomspace(min(one.min() for one in both), max(one.max() for one in both) + 1e-9, 40)
    for at, (scores, word) in enumerate(zip(both, ("fitted window, unseen customers", "judged window"), strict=True)):
        axes.hist(
            scores, bins=edges.tolist(), weights=np.full(len(scores), 1 / len(scores)), histtype="step", label=word,
            color=COLOURS[at], linestyle=LINES[at], linewidth=1.5,
        )  # fmt: skip
    axes.set(
        xscale="log", xlabel="score", ylabel="share of rows", title=f"Scores; PSI {judged.report.stability.psi:.3f}"
    )
    share_axis(axes.xaxis, float(edges[0]), float(edges[-1]))
    axes.legend(fontsize=8)
    return figure


def _uplift(everyone: Sequence[Standing]) -> Figure:
    with_it = [(one, one.uplift) for one in everyone if one.uplift is not None]
    curves = [(f"{_name(one)}: {_small(uplift.qini)}", uplift.curve) for one, uplift in with_it]
    figure = _curves(curves, "share shown the offer, the highest uplift first", "orders added per row of all")
    axes = figure.axes[0]
    axes.plot([0, 1], [0, with_it[0][1].curve.y[-1]], color="0.6", linewidth=1, label="by chance")
    axes.set_title("Uplift; key: Qini with 95% interval")
    axes.legend(fontsize=8)
    return figure


def _profit(everyone: Sequence[Standing]) -> Figure:
    profits = [(one, one.profit) for one in everyone if one.profit is not None]
    curves = [(_name(one), profit.curve) for one, profit in profits]
    currency = profits[0][1].currency
    scale = float(to_major(1_000_000, currency)) / 1_000_000
    figure = _curves(curves, "share acted on, the most worth first", f"{currency} a row of all", scale)
    axes = figure.axes[0]
    axes.axvline(profits[0][1].chosen_ratio, color="0.6", linewidth=1, linestyle=":")
    axes.set_title("Profit; dotted: where the model expects nothing more")
    return figure


def _curves(curves: Sequence[tuple[str, Curve]], below: str, beside: str, scale: float = 1.0) -> Figure:
    figure = Figure(figsize=(5.4, 4.4))
    axes = figure.subplots()
    for at, (word, curve) in enumerate(curves):
        axes.plot(curve.x, [scale * value for value in curve.y], label=word, **_style(at))
    axes.axhline(0.0, color="0.75", linewidth=1)
    axes.set(xlabel=below, ylabel=beside)
    axes.xaxis.set_major_formatter(PERCENT)
    axes.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    axes.legend(fontsize=8)
    return figure


def _style(at: int) -> dict[str, Any]:
    return {
        "color": COLOURS[at % len(COLOURS)],
        "linestyle": LINES[at % len(LINES)],
        "linewidth": 2 if at == 0 else 1.4,
    }


def _name(one: Standing) -> str:
    return one.name if one.version is None else f"{one.name} (recipe of version {one.version})"


def _short(cell: Cell) -> str:
    return f"{cell.positive_count:,} of {cell.row_count:,}"


def _small(one: Measured) -> str:
    return f"{one.value:.4f} [{one.low:.4f}, {one.high:.4f}]"
