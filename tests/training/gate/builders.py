"""Evaluation reports written by hand."""

from datetime import UTC, datetime

from linewise.quality.calibration import Cell
from linewise.quality.curves import Curve
from linewise.quality.intervals import Measured
from linewise.quality.uplift import Uplift
from training.report.amount_report import AmountReport, AmountStanding
from training.report.figures import Calibration, Profit, Ranking, Split, Window
from training.report.model_report import ModelReport, Segment, Stability, Standing

AT = datetime(2026, 11, 20, tzinfo=UTC)


def near(value: float) -> Measured:
    return Measured(value=value, low=value - 0.1, high=value + 0.1)


def a_cell(by: str, cell: str, ratio: float, p: float = 0.5) -> Cell:
    return Cell(
        by=by, cell=cell, row_count=100, positive_count=10, effective_count=90, expected=0.1,
        observed=near(0.1 * ratio), observed_to_expected=near(ratio), jeffreys_p=p,
    )  # fmt: skip


def a_standing(name: str, profit: float, uplift: Uplift | None = None, **differences: float) -> Standing:
    cells = (a_cell("overall", "", 1.0), a_cell("band", "5", 1.2, 0.001), a_cell("month", "2026-01", 3.0, 0.0))
    curve = Curve(x=(0.0, 1.0), y=(0.0, profit))
    return Standing(
        name=name,
        version=1,
        ranking=Ranking(
            auc=near(0.8),
            average_precision=near(0.3),
            ks=near(0.4),
            brier=near(0.1),
            log_loss=near(0.2),
            top_decile_lift=near(3.0),
            case_auc=None,
            gain=curve,
        ),
        difference={figure: near(value) for figure, value in differences.items()} or None,
        calibration=Calibration(ece=near(0.01), ece_cell_count=10, intercept=0.0, slope=1.0, cells=cells),
        uplift=uplift,
        profit=Profit(
            currency="CNY",
            assumption="each",
            chosen_ratio=0.1,
            chosen_amt=profit,
            curve=curve,
        ),
    )


def a_report(name: str = "card_default", model: Standing | None = None) -> ModelReport:
    window = Window(first_as_of=AT, last_as_of=AT, row_count=100, positive_count=10, customer_count=90)
    split = Split(
        design="out_of_time", reason="", ripening_days=365, fold_count=1, fit=window, test=window,
        left_out_count=0,
    )  # fmt: skip
    segments = (
        Segment(attribute="age_band", is_protected=True, value="18-24", row_count=50, positive_count=5, auc=None,
                calibration=a_cell("overall", "", 1.4)),
        Segment(attribute="tenure", is_protected=False, value="new", row_count=50, positive_count=5, auc=None,
                calibration=a_cell("overall", "", 2.0)),
    )  # fmt: skip
    stability = Stability(psi=0.01, other_seed_correlation=0.99, other_seed_moved_ratio=0.0, registered_correlation=0.7)
    return ModelReport(
        name=name, label="asked", made_at=AT, seed=1, data_hash="d", split=split,
        model=model or a_standing("model", 90.0),
        peers=(a_standing("champion", 100.0, auc=-0.02, average_precision=0.01),),
        segments=segments, stability=stability, idle_inputs=(), alone_auc={},
    )  # fmt: skip


def an_amount_report(loss: float = 0.03) -> AmountReport:
    def standing(name: str, difference: Measured | None) -> AmountStanding:
        return AmountStanding(
            name=name, version=None, r2=near(0.5), mean_error_ratio=near(0.1), difference=difference, cells=()
        )

    return AmountReport(
        name="card_balance", label="asked", made_at=AT, seed=1, data_hash="d", split=a_report().split,
        model=standing("model", None), peers=(standing("champion", near(-loss)), standing("ridge", near(0.2))),
        psi=0.01, registered_correlation=0.7, idle_inputs=(), alone_r2={},
    )  # fmt: skip
