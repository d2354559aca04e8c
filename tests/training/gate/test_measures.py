from datetime import UTC, datetime

import pytest

from tests.training.builders import a_dataset, a_spec, an_amount_dataset, an_amount_spec, an_offer_dataset
from training.amount_evaluation import cross_validate_amount
from training.evaluation import Evaluation, cross_validate
from training.gate.measures import Measure, measured_by_report, measured_when_trained
from training.gate.thresholds import load_thresholds
from training.intervals import Measured
from training.report.figures import Calibration, Cell, Curve, Profit, Ranking, Split, Uplift, Window
from training.report.model_report import ModelReport, Segment, Stability, Standing

THRESHOLDS = load_thresholds(None)
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
        design="out_of_time", reason="", ripening_days=365, fold_count=1, fit=window, level=None, test=window,
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


def by_check(measures: list[Measure]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for one in measures:
        found.setdefault(one.check, []).append(one)
    return found


def test_a_report_tells_of_the_loss_beside_the_champion():
    found = by_check(measured_by_report(a_report(), THRESHOLDS))
    assert [found[name][0].value for name in ("auc_loss", "average_precision_loss")] == pytest.approx([0.02, -0.01])
    assert found["profit_loss_ratio"][0].value == pytest.approx(0.1)
    assert found["registered_correlation"][0].value == 0.7


def test_a_cell_counts_where_its_test_says_that_it_is_no_chance_and_months_are_only_told():
    found = by_check(measured_by_report(a_report(), THRESHOLDS))
    assert [(one.cell, one.value, one.is_by_chance) for one in found["pd_cell"]] == [("band 5", 1.2, False)]
    assert [(one.value, one.is_by_chance) for one in found["pd_overall"]] == [(1.0, True)]


def test_a_gap_is_looked_for_in_what_is_judged_and_never_an_input():
    (gap,) = by_check(measured_by_report(a_report(), THRESHOLDS))["slice_gap"]
    assert (gap.cell, gap.value) == ("age_band 18-24", pytest.approx(0.4))


def test_of_take_up_the_distance_and_the_low_end_of_qini_are_told():
    curve = Curve(x=(0.0, 1.0), y=(0.0, 1.0))
    uplift = Uplift(
        row_count=9, shown_count=5, control_count=4, effect=near(0.1), auuc=near(0.2), qini=near(0.05), curve=curve
    )
    found = by_check(measured_by_report(a_report("offer_take_up", a_standing("model", 1.0, uplift)), THRESHOLDS))
    assert found["take_up_ece"][0].value == 0.01
    assert found["qini_low"][0].value == pytest.approx(-0.05)
    assert "pd_cell" not in found


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return cross_validate(a_spec(), a_dataset(), 0).evaluation


def test_without_a_report_the_training_speaks_and_of_no_loss_where_the_champion_saw_other_rows(evaluation: Evaluation):
    found = by_check(measured_when_trained("default", evaluation, evaluation, THRESHOLDS))
    assert found["auc_loss"][0].value == 0
    assert len(found["pd_cell"]) == 5
    assert found["pd_overall"][0].value == pytest.approx(1.0, abs=0.25)
    assert "auc_loss" not in by_check(measured_when_trained("default", evaluation, None, THRESHOLDS))


def test_without_a_report_take_up_and_amounts_are_told_too():
    offers = cross_validate(a_spec("card_take_up"), an_offer_dataset(), 0).evaluation
    (ece,) = by_check(measured_when_trained("card_take_up", offers, None, THRESHOLDS))["take_up_ece"]
    assert 0 <= ece.value < 0.2
    amount = cross_validate_amount(an_amount_spec(), an_amount_dataset(), 0).evaluation
    assert [one.check for one in measured_when_trained("card_balance", amount, amount, THRESHOLDS)] == ["r2_loss"]
    assert measured_when_trained("card_balance", amount, None, THRESHOLDS) == []
