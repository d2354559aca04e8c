"""The slice on which chance alone decided, counted by hand and in the reports that hold it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.training.builders import an_amount_dataset, an_amount_spec
from tests.training.report.builders import a_history, a_risk_spec
from tests.training.report.test_amount_making import over_time
from training.amounts import fit_amount
from training.dataset import ShowingDataset
from training.fitting import fit_model
from training.input_checks import check_inputs
from training.report.amount_making import make_amount_report
from training.report.by_chance import by_chance_of
from training.report.making import Beside, make_report
from training.report.page import amount_page, report_page
from training.report.pictures import as_png, draw_pictures

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def a_showing_dataset(pscore: list[float], is_shown: list[int], weight: list[float] | None = None) -> ShowingDataset:
    count = len(pscore)
    return ShowingDataset(
        name="offer_take_up",
        feature_names=("x0",),
        offer_attributes=("offer_tier", "is_shown"),
        x=np.column_stack([np.zeros(count), np.arange(count) % 2 + 1.0, is_shown]),
        y=np.zeros(count, dtype=np.int64),
        groups=np.arange(count),
        cases=np.arange(count),
        is_shown=np.array(is_shown),
        is_pitched=np.ones(count),
        is_censored=np.zeros(count, dtype=np.bool_),
        agents=np.zeros(count, dtype=np.int64),
        weight=None if weight is None else np.array(weight),
        pscore=np.array(pscore),
    )


def test_who_was_drawn_by_lot_tells_of_a_raise_by_the_plain_difference():
    data = a_history(10, rows_each=1)
    raised, drawn = np.arange(10) < 3, np.arange(10) < 8
    data = replace(data, principal_amt=np.where(raised, 5e5, 0.0), is_randomised=drawn)
    seen = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 9.0, 9.0])
    found = by_chance_of(data, seen, np.where(raised, 0.5, 0.1), 1)
    assert found is not None
    assert (found.how, found.row_count, found.customer_count, found.given_count) == ("lot", 8, 8, 3)
    assert found.effective_count == pytest.approx(8)
    assert found.effect_expected == pytest.approx(0.4)
    assert found.effect_observed is not None
    assert found.effect_observed.value == pytest.approx(2 / 3 - 1 / 5)
    assert found.effect_observed.low < found.effect_observed.value < found.effect_observed.high
    assert [(cell.by, cell.cell, cell.row_count) for cell in found.cells] == [
        ("overall", "all", 8), ("action", "nothing given", 5), ("action", "up to 50%", 3),
    ]  # fmt: skip
    assert [cell.observed.value for cell in found.cells] == pytest.approx([3 / 8, 1 / 5, 2 / 3])


def test_a_showing_counts_by_one_over_its_logged_probability_and_by_what_was_put_off():
    data = a_showing_dataset([0.5, 0.25, np.nan, np.nan, 0.001], [1, 1, 1, 0, 1], [1.0, 2.0, 1.0, 1.0, 1.0])
    found = by_chance_of(data, np.array([1.0, 0.0, 1.0, 1.0, 0.0]), np.array([0.5, 0.1, 9.0, 9.0, 0.2]), 1)
    assert found is not None
    # 2, 4 · 2 and, cut at a hundredth, 100.
    assert (found.how, found.row_count, found.given_count) == ("logged", 3, 3)
    assert found.cells[0].observed.value == pytest.approx(2 / 110)
    assert found.cells[0].expected == pytest.approx((2 * 0.5 + 8 * 0.1 + 100 * 0.2) / 110)
    assert found.effective_count == pytest.approx(110**2 / (4 + 64 + 10_000))
    assert found.effect_observed is None


@pytest.mark.parametrize("of_all", [True, False])
def test_where_all_or_none_were_raised_nothing_is_said_of_a_raise(of_all: bool):
    data = a_history(4, rows_each=1)
    data = replace(data, principal_amt=np.full(4, 5e5 if of_all else 0.0), is_randomised=np.ones(4, np.bool_))
    found = by_chance_of(data, np.zeros(4), np.zeros(4), 1)
    assert found is not None
    assert found.effect_observed is None


def test_without_a_slice_there_is_nothing_to_tell():
    data = a_history(10, rows_each=1)
    assert by_chance_of(data, data.y.astype(np.float64), np.zeros(10), 1) is None
    nobody = replace(data, is_randomised=np.zeros(10, np.bool_))
    assert by_chance_of(nobody, data.y.astype(np.float64), np.zeros(10), 1) is None
    unlogged = a_showing_dataset([np.nan], [1])
    assert by_chance_of(unlogged, np.zeros(1), np.zeros(1), 1) is None
    assert by_chance_of(replace(unlogged, pscore=None), np.zeros(1), np.zeros(1), 1) is None


def test_the_report_of_a_probability_tells_of_its_slice():
    data, spec = a_history(900), a_risk_spec()
    data = replace(data, is_randomised=np.arange(len(data.y)) % 5 == 0)
    judged = make_report(spec, data, fit_model(spec, data, 1), Beside(check_inputs(spec, data)), 1, NOW)
    found = judged.report.by_chance
    assert found is not None
    assert judged.rows.is_randomised is not None
    assert found.row_count == judged.rows.is_randomised.sum()
    assert found.cells[0].observed.low < found.cells[0].expected < found.cells[0].observed.high
    pictures = {name: as_png(figure) for name, figure in draw_pictures(judged).items()}
    assert "Where chance alone decided" in report_page(judged.report, pictures)


def test_the_report_of_an_amount_tells_of_its_slice():
    spec, data = an_amount_spec(), over_time(an_amount_dataset(1_500))
    data = replace(data, is_randomised=np.arange(len(data.y)) % 3 == 0)
    report = make_amount_report(spec, data, fit_amount(spec, data, 1), check_inputs(spec, data), None, 1, NOW)
    assert report.by_chance is not None
    assert report.by_chance.effect_expected is not None
    assert "Raised less held" in amount_page(report, {})
