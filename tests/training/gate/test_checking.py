import pytest

from training.gate.checking import OF_DECISIONS, Check, checked
from training.gate.measures import Measure
from training.gate.thresholds import Profile, load_thresholds

RISK, TAKE_UP, AMOUNT = ("probability", "risk"), ("probability", "take_up"), ("amount", "limit")


def found(*measures: Measure, kinds: tuple[str, str] = RISK, profile: Profile = "embedded") -> dict[str, list[Check]]:
    by_name: dict[str, list[Check]] = {}
    for one in checked(measures, load_thresholds(None), profile, kinds):
        by_name.setdefault(one.name, []).append(one)
    return by_name


@pytest.mark.parametrize(
    ("measure", "verdict", "stops"),
    [
        (Measure("auc_loss", 0.005), "passed", False),
        (Measure("auc_loss", 0.0051), "failed", True),
        (Measure("auc_loss", -0.2), "passed", False),
        (Measure("pd_overall", 1.06), "failed", True),
        (Measure("pd_overall", 1.06, is_by_chance=True), "by chance", False),
        (Measure("pd_overall", 1.04, is_by_chance=True), "passed", False),
        (Measure("policy_violations_count", 1), "failed", True),
        (Measure("latency_p95_ms", 200.0), "passed", False),
        (Measure("impact_ratio", 0.8, "sex"), "passed", False),
        (Measure("impact_ratio", 0.79, "sex"), "failed", True),
        (Measure("impact_ratio", 0.79, "sex", is_by_chance=True), "by chance", False),
        (Measure("opportunity_gap", 0.21, "sex"), "failed", True),
    ],
)
def test_a_figure_passes_fails_or_is_chance(measure: Measure, verdict: str, stops: bool):
    (one,) = found(measure)[measure.check]
    assert (one.verdict, one.stops) == (verdict, stops)


def test_of_a_model_that_decides_nothing_it_is_not_asked_how_decisions_would_change():
    asked = {one.name for one in checked((), load_thresholds(None), "production", TAKE_UP, decides=False)}
    assert asked & {*OF_DECISIONS} == set()
    assert {"auc_loss", "take_up_ece", "open_findings_count", "card_gaps_count"} <= asked
    assert {*OF_DECISIONS} <= {one.name for one in checked((), load_thresholds(None), "production", TAKE_UP)}


def test_each_cell_is_a_row_of_its_own():
    cells = found(Measure("pd_cell", 1.0, "band 1"), Measure("pd_cell", 1.3, "action raise"))["pd_cell"]
    assert [(one.cell, one.verdict) for one in cells] == [("band 1", "passed"), ("action raise", "failed")]


def test_what_was_not_measured_stops_where_it_is_needed_and_is_told_where_not():
    (score,) = found()["score_psi"]
    assert (score.verdict, score.stops) == ("missing", True)
    (profit,) = found()["profit_loss_ratio"]
    assert (profit.verdict, profit.stops) == ("not measured", False)


def test_a_challenger_waits_in_the_shadow_in_production_alone():
    days = Measure("shadow_days", 13)
    assert "shadow_days" not in found(days)
    assert found(days, profile="production")["shadow_days"][0].verdict == "failed"
    assert found(Measure("shadow_days", 14), profile="production")["shadow_days"][0].verdict == "passed"
    assert found(profile="production")["shadow_days"][0].verdict == "missing"


@pytest.mark.parametrize(
    ("kinds", "asked", "unasked"),
    [
        (RISK, {"auc_loss", "pd_overall", "pd_cell"}, {"take_up_ece", "qini_low", "r2_loss"}),
        (TAKE_UP, {"auc_loss", "take_up_ece", "qini_low"}, {"pd_overall", "r2_loss"}),
        (AMOUNT, {"r2_loss", "score_psi"}, {"auc_loss", "take_up_ece", "pd_cell"}),
    ],
)
def test_of_each_kind_of_model_its_own_checks_are_asked(kinds: tuple[str, str], asked: set[str], unasked: set[str]):
    names = set(found(kinds=kinds))
    assert asked <= names
    assert not unasked & names
