from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tests.training.builders import a_dataset, a_spec
from tests.training.report.builders import a_history, a_risk_spec
from training.dataset import Dataset
from training.fitting import fit_model
from training.input_checks import check_inputs
from training.report.making import Beside, Champion, Judged, make_report
from training.report.model_report import ModelReport
from training.report.page import report_page
from training.report.pictures import as_png, draw_pictures, looked_at
from training.report.profit import Stakes
from training.report.segments import Groups
from training.specs import ModelSpec

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SEXES = ("female", "male")


def judge(spec: ModelSpec, data: Dataset, **beside: Any) -> Judged:
    checks = check_inputs(spec, data)
    return make_report(spec, data, fit_model(spec, data, 1), Beside(checks, **beside), 1, NOW)


@pytest.fixture(scope="module")
def judged() -> Judged:
    data = a_history()
    customers = int(data.groups.max()) + 1
    return judge(
        a_risk_spec(),
        data,
        champion=Champion(a_risk_spec(tree_count=5), 3),
        stakes=Stakes(np.full(len(data.y), -60_000.0), np.full(len(data.y), 10_000.0), "CNY", "by hand"),
        groups=(Groups("sex", True, tuple(SEXES[at % 2] for at in range(customers))),),
    )


def test_the_report_says_on_which_time_and_rows_it_rests(judged: Judged):
    split = judged.report.split
    assert split.design == "out_of_time"
    assert split.fit.last_as_of is not None
    assert split.test.first_as_of is not None
    assert (split.test.first_as_of - split.fit.last_as_of).days >= 365
    assert split.fit.row_count + split.test.row_count + split.left_out_count == 6_000
    assert judged.rows.y.sum() == split.test.positive_count


def test_peers_stand_on_the_same_rows_and_the_champion_is_named_with_its_version(judged: Judged):
    report = judged.report
    assert [one.name for one in report.peers] == ["champion", "logistic regression", "LightGBM as it comes"]
    assert [one.version for one in report.peers] == [3, None, None]
    assert {one.calibration.of("overall")[0].row_count for one in (report.model, *report.peers)} == {
        report.split.test.row_count
    }
    assert report.model.difference is None
    for peer in report.peers:
        assert peer.difference is not None
        gap = report.model.ranking.auc.value - peer.ranking.auc.value
        assert peer.difference["auc"].value == pytest.approx(gap)


def test_a_model_that_has_learnt_the_truth_ranks_and_comes_true(judged: Judged):
    model = judged.report.model
    assert model.ranking.auc.low > 0.75
    assert 0.8 < model.calibration.of("overall")[0].observed_to_expected.value < 1.2
    assert 0.7 < model.calibration.slope < 1.3
    assert judged.report.stability.psi < 0.1
    assert judged.report.stability.other_seed_correlation > 0.95
    assert judged.report.stability.registered_correlation > 0.9


def test_defaults_are_told_by_action_and_time_and_segment(judged: Judged):
    calibration = judged.report.model.calibration
    assert [cell.cell for cell in calibration.of("action")][:2] == ["nothing given", "up to 10%"]
    assert sum(cell.row_count for cell in calibration.of("month")) == judged.report.split.test.row_count
    assert [(one.attribute, one.value, one.is_protected) for one in judged.report.segments] == [
        ("sex", "female", True),
        ("sex", "male", True),
    ]
    assert all(one.auc is not None for one in judged.report.segments)


def test_whom_acting_on_it_passes_over_is_told_by_what_is_protected(judged: Judged):
    (found,) = judged.report.fairness
    assert found.attribute == "sex"
    assert found.impact_ratio is not None
    assert found.impact_ratio.low > 0.8


def test_profit_is_highest_where_the_model_expects_nothing_more(judged: Judged):
    profit = judged.report.model.profit
    assert profit is not None
    assert profit.chosen_amt > profit.curve.y[-1]
    assert profit.chosen_amt >= 0.9 * max(profit.curve.y)
    assert profit.curve.at(profit.chosen_ratio) == pytest.approx(profit.chosen_amt, rel=0.05)


def test_another_version_than_the_judged_recipe_is_told_by_its_ranks():
    data, spec = a_history(), a_risk_spec()
    planted = fit_model(spec, replace(data, y=1 - data.y), 1)
    report = make_report(spec, data, planted, Beside(check_inputs(spec, data)), 1, NOW).report
    assert report.stability.registered_correlation < 0


def test_a_report_is_the_same_when_it_is_made_again_and_survives_its_file(judged: Judged):
    again = judge(a_risk_spec(), a_history(600)).report
    assert judge(a_risk_spec(), a_history(600)).report == again
    assert ModelReport.model_validate_json(again.model_dump_json()) == again


def test_the_inputs_are_shown_from_the_one_that_the_trees_gained_most_by():
    booster = fit_model(a_risk_spec(), a_history(), 1).booster
    (axes,) = looked_at(booster).axes
    widths = [bar.get_width() for bar in axes.patches]
    gains = dict(zip(booster.feature_name(), booster.feature_importance(importance_type="gain"), strict=True))
    assert widths == sorted(widths)
    assert [label.get_text() for label in axes.get_yticklabels()][-1] == max(gains, key=lambda name: gains[name])


def test_rows_without_time_are_judged_out_of_fold_without_months():
    report = judge(a_spec(), a_dataset()).report
    assert report.split.design == "out_of_fold"
    assert report.split.test.row_count == 300
    assert report.model.calibration.of("month") == ()


def test_the_page_shows_every_figure_and_needs_nothing_else(judged: Judged):
    figures = draw_pictures(judged)
    assert set(figures) == {"ranking", "gain", "calibration", "observed_to_expected", "scores", "profit", "segments"}
    figures["inputs"] = looked_at(fit_model(a_risk_spec(), a_history(), 1).booster)
    pictures = {name: as_png(figure) for name, figure in figures.items()}
    page = report_page(judged.report, pictures)
    assert page.count("data:image/png;base64,") == len(pictures)
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "recipe of version 3" in page
    assert "sex: female" in page
    assert "Whom acting on it passes over" in page
    assert f"{judged.report.model.ranking.auc.value:.3f} [" in page
    assert page == report_page(judged.report, pictures)
