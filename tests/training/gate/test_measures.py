import pytest

from linewise.quality.curves import Curve
from linewise.quality.intervals import Measured
from linewise.quality.uplift import Uplift
from tests.training.builders import a_dataset, a_spec, an_amount_dataset, an_amount_spec, an_offer_dataset
from tests.training.gate.builders import a_report, a_standing, an_amount_report, near
from training.amount_evaluation import cross_validate_amount
from training.evaluation import Evaluation, cross_validate
from training.gate.measures import Measure, measured_by_report, measured_when_trained
from training.gate.thresholds import load_thresholds
from training.report.figures import AttributeFairness, GroupRate

THRESHOLDS = load_thresholds(None)


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


def test_the_report_of_an_amount_tells_of_what_it_explains_less_than_the_champion():
    found = by_check(measured_by_report(an_amount_report(), THRESHOLDS))
    assert {name: one.value for name, (one,) in found.items()} == {"r2_loss": 0.03, "registered_correlation": 0.7}
    alone = an_amount_report().model_copy(update={"peers": ()})
    assert "r2_loss" not in by_check(measured_by_report(alone, THRESHOLDS))


def test_a_cell_counts_where_its_test_says_that_it_is_no_chance_and_months_are_only_told():
    found = by_check(measured_by_report(a_report(), THRESHOLDS))
    assert [(one.cell, one.value, one.is_by_chance) for one in found["pd_cell"]] == [("band 5", 1.2, False)]
    assert [(one.value, one.is_by_chance) for one in found["pd_overall"]] == [(1.0, True)]


def test_a_gap_is_looked_for_in_what_is_judged_and_never_an_input():
    (gap,) = by_check(measured_by_report(a_report(), THRESHOLDS))["slice_gap"]
    assert (gap.cell, gap.value) == ("age_band 18-24", pytest.approx(0.4))


@pytest.mark.parametrize(
    ("ratio", "gap", "by_chance"),
    [(near(0.75), near(0.25), True), (near(0.6), near(0.4), False), (near(0.95), near(0.05), True)],
)
def test_whom_acting_on_it_passes_over_is_told_by_attribute(ratio: Measured, gap: Measured, by_chance: bool):
    groups = tuple(
        GroupRate(value=value, customer_count=50, favoured_ratio=rate, favoured_among_good_ratio=None)
        for value, rate in (("female", 0.3), ("male", 0.4))
    )
    fairness = (
        AttributeFairness(attribute="sex", groups=groups, impact_ratio=ratio, opportunity_gap=gap),
        AttributeFairness(attribute="region", groups=groups, impact_ratio=None, opportunity_gap=None),
    )
    report = a_report().model_copy(update={"fairness": fairness})
    found = by_check(measured_by_report(report, THRESHOLDS))
    told = [
        (one.cell, one.value, one.is_by_chance) for name in ("impact_ratio", "opportunity_gap") for one in found[name]
    ]
    assert told == [("sex", ratio.value, by_chance), ("sex", gap.value, by_chance)]
    assert "female 0.300, male 0.400" in found["impact_ratio"][0].says


def test_of_take_up_the_distance_and_the_low_end_of_qini_are_told():
    curve = Curve(x=(0.0, 1.0), y=(0.0, 1.0))
    uplift = Uplift(
        row_count=9, shown_count=5, control_count=4, effect=near(0.1), auuc=near(0.2), qini=near(0.05), curve=curve
    )
    found = by_check(measured_by_report(a_report("offer_take_up", a_standing("model", 1.0, uplift)), THRESHOLDS))
    assert found["take_up_ece"][0].value == 0.01
    assert found["qini_low"][0].value == pytest.approx(-0.05)
    assert "pd_cell" not in found


def test_pitching_is_judged_as_take_up_is_and_not_as_a_risk():
    found = by_check(measured_by_report(a_report("offer_pitch"), THRESHOLDS))
    assert found["take_up_ece"][0].value == 0.01
    assert "pd_overall" not in found


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
    amount = cross_validate_amount(an_amount_spec(), an_amount_dataset(), 0)
    assert [one.check for one in measured_when_trained("card_balance", amount, amount, THRESHOLDS)] == ["r2_loss"]
    assert measured_when_trained("card_balance", amount, None, THRESHOLDS) == []
