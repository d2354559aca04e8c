"""The smoke form of the report: the real generator, too few customers to judge, every figure measured."""

import math

import pytest

from linewise.simulation.report import calibration
from linewise.simulation.report.calibration import JUDGED_FROM, Report, calibration_report, report_of
from linewise.simulation.report.measures import CUSTOMERS_AT_ONCE, MEASURES, measured
from linewise.simulation.report.sums import Estimate, Sums
from linewise.simulation.report.targets import Target, Tolerance
from linewise.simulation.world import World

WORLD = World(customer_count=CUSTOMERS_AT_ONCE + 500)


@pytest.fixture(scope="module")
def sums() -> Sums:
    return measured(WORLD, workers=2)


@pytest.fixture(scope="module")
def report(sums: Sums) -> Report:
    return report_of(WORLD, sums)


def test_every_published_figure_is_measured_on_the_lives(report: Report):
    unmeasured = [row.id for row in report.rows if row.simulated is None or row.standard_error is None]
    assert unmeasured == []


def test_every_figure_has_a_finite_value_for_both_countries(sums: Sums):
    totals = sums.totals()
    asked = [target for country in ("cn", "us") for target in calibration.targets_of(country)]
    wild = [one.id for one in asked if not math.isfinite(MEASURES[one.measure](totals, WORLD, **one.of))]
    assert wild == []


def test_few_customers_are_shown_and_not_judged(report: Report):
    assert not report.is_judged
    assert "too few to judge" in report.reason_not_judged
    assert report.out_of_range == ()
    assert any(row.is_in_range for row in report.rows)


def test_no_figure_is_wildly_off(report: Report):
    # Far wider than the report's own tolerances, which 2,500 customers cannot hold: this finds a broken equation.
    def distance(row: calibration.Row) -> float:
        assert row.simulated is not None
        return abs(row.simulated - row.published) / row.tolerance

    far = {row.id: distance(row) for row in report.rows if row.bound == "about" and distance(row) > 4}
    assert far == {}


def test_what_a_raise_did_is_told_in_six_ways(report: Report):
    assert [effect.title.split()[0] for effect in report.limit_effects] == [
        "naive:", "adjusted", "true,", "randomised", "true,", "true,",
    ]  # fmt: skip
    assert all(effect.borrowed_ratio is not None for effect in report.limit_effects)


def test_figures_do_not_depend_on_the_number_of_workers(sums: Sums):
    done: list[int] = []
    again = measured(WORLD, workers=1, advance=done.append)
    assert done == [CUSTOMERS_AT_ONCE, 500]
    assert {name: total.tolist() for name, total in again.totals().items()} == {
        name: total.tolist() for name, total in sums.totals().items()
    }


def test_a_short_bank_says_what_it_cannot_measure():
    report = calibration_report(World(customer_count=400, month_count=4))
    rows = {row.id: row for row in report.rows}
    assert rows["mid_year_sale"].simulated is None
    assert rows["mid_year_sale"].note == "Needs 7 months of data."
    assert rows["mid_year_sale"].is_in_range is None
    assert [effect.borrowed_ratio for effect in report.limit_effects] == [None] * 6


def test_the_shortest_bank_is_measured_as_far_as_it_goes():
    report = calibration_report(World(customer_count=200, month_count=2))
    rows = {row.id: row for row in report.rows}
    assert rows["line_mean_amt"].simulated is not None
    assert rows["raised_revolvers"].simulated is None


def test_a_world_that_was_made_to_differ_is_not_judged(sums: Sums):
    downturn = World(customer_count=JUDGED_FROM, name="downturn")
    report = report_of(downturn, sums)
    assert report.out_of_range == ()
    assert "downturn" in report.reason_not_judged


def test_enough_customers_are_judged(sums: Sums):
    report = report_of(World(customer_count=JUDGED_FROM), sums)
    assert report.is_judged
    assert all(row.is_in_range is not None for row in report.rows)


def target(**changes: object) -> Target:
    fields = {
        "id": "one", "title": "one", "country": "both", "measure": "line_use", "value": 0.40,
        "tolerance": Tolerance(absolute=0.03), "source": "a source", "grade": "verified",
    } | changes  # fmt: skip
    return Target(**fields)


@pytest.mark.parametrize(
    ("asked", "simulated", "error", "is_judged", "verdict"),
    [
        (target(), 0.429, 0.001, True, True),
        (target(), 0.431, 0.001, True, False),
        (target(), 0.369, 0.001, True, False),
        (target(), 0.431, 0.011, True, True),  # within three standard errors
        (target(), 0.429, 0.001, False, True),
        (target(), 0.431, 0.001, False, None),
        (target(tolerance=Tolerance(relative=0.1)), 0.439, 0.001, True, True),
        (target(tolerance=Tolerance(relative=0.1)), 0.441, 0.001, True, False),
        (target(bound="at_least"), 0.9, 0.001, True, True),
        (target(bound="at_least"), 0.36, 0.001, True, False),
        (target(), math.nan, 0.001, True, None),
        (target(), 0.40, math.nan, True, None),
    ],
)
def test_a_figure_is_in_range_within_the_larger_of_its_tolerance_and_three_standard_errors(
    asked: Target, simulated: float, error: float, is_judged: bool, verdict: bool | None
):
    row = calibration._row(asked, Estimate(simulated, error), is_judged=is_judged)
    assert row.is_in_range is verdict
