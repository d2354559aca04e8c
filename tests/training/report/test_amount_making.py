from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.training.builders import an_amount_dataset, an_amount_spec
from training.amounts import fit_amount
from training.dataset import AmountDataset
from training.input_checks import check_inputs
from training.report.amount_making import AmountChampion, make_amount_report
from training.report.amount_report import AmountReport
from training.report.page import amount_page
from training.report.pictures import amount_came_true, as_png

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def over_time(data: AmountDataset) -> AmountDataset:
    """The same rows spread over thirty months, each known a year later."""
    month = np.random.default_rng(4).integers(0, 30, len(data.y))
    as_of = (np.datetime64("2023-01", "M") + month).astype("datetime64[us]")
    # Who has nothing at all is rare in these data, and a split asks for both.
    y = (data.amount_amt / data.scale_amt > 0.5).astype(np.int64)
    return replace(data, y=y, as_of=as_of, ripe_at=as_of + np.timedelta64(365, "D"))


@pytest.fixture(scope="module")
def report() -> AmountReport:
    spec, data = an_amount_spec(), over_time(an_amount_dataset(1_500))
    champion = AmountChampion(an_amount_spec(tree_count=2), 4)
    return make_amount_report(spec, data, fit_amount(spec, data, 1), check_inputs(spec, data), champion, 1, NOW)


def test_an_amount_is_judged_on_a_later_time_beside_its_peers(report: AmountReport):
    assert report.split.design == "out_of_time"
    assert [one.name for one in report.peers] == ["champion", "ridge regression", "LightGBM as it comes"]
    assert report.peers[0].version == 4
    assert report.model.r2.low > 0.5
    assert report.model.difference is None
    champion = report.peers[0]
    assert champion.difference is not None
    assert champion.difference.low > 0
    assert champion.difference.value == pytest.approx(report.model.r2.value - champion.r2.value)
    assert report.registered_correlation > 0.9


def test_what_was_expected_of_an_amount_came_true_in_every_fifth(report: AmountReport):
    cells = report.model.cells
    fifths = [cell for cell in cells if cell.by == "band"]
    assert [cell.expected_ratio for cell in fifths] == sorted(cell.expected_ratio for cell in fifths)
    assert sum(cell.row_count for cell in fifths) == report.split.test.row_count
    for cell in fifths[1:]:
        assert cell.observed_ratio.value == pytest.approx(cell.expected_ratio, abs=0.12)
    assert {cell.by for cell in cells} == {"overall", "band", "action", "month"}


def test_the_page_of_an_amount_needs_nothing_else_and_survives_its_file(report: AmountReport):
    page = amount_page(report, {"observed_to_expected": as_png(amount_came_true(report))})
    assert page.count("data:image/png;base64,") == 1
    assert "recipe of version 4" in page
    assert "Judged on a later time" in page
    assert AmountReport.model_validate_json(report.model_dump_json()) == report
