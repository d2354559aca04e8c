"""The frontier: more budget never brings less, each unit more brings less, and the picture shows it."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from linewise.core.errors import UsageError
from serving.portfolio.budgets import Given
from serving.portfolio.drawing import draw_frontier
from serving.portfolio.frontier import SHARES, SWEPT, Frontier, frontier_of
from serving.portfolio.solving import solve_portfolio
from tests.serving.portfolio.builders import some_candidates

CANDIDATES = some_candidates()
BUDGETS = {"exposure": Given(40_000_000.0, "test"), "money": Given(60_000.0, "test")}


@pytest.fixture(scope="module")
def frontier() -> Frontier:
    return frontier_of(CANDIDATES, BUDGETS, "CNY", 1)


@pytest.mark.parametrize("name", SWEPT)
def test_more_of_what_is_scarce_brings_more_and_each_unit_less(frontier: Frontier, name: str):
    points = frontier.points[name]
    assert len(points) == len(SHARES) + 1
    values, prices = (np.array([getattr(one, of) for one in points]) for of in ("value_amt", "price"))
    assert (np.diff(values) >= -1e-3 * values.max()).all()
    assert (np.diff(prices) <= 1e-3 * prices.max()).all()
    assert prices[-1] == pytest.approx(0.0, abs=1e-9)
    assert all(one.used <= one.allowed * (1 + 1e-12) for one in points)


def test_the_price_is_the_slope_of_the_curve(frontier: Frontier):
    one, two = frontier.points["loss"][8:10]
    slope = (two.value_amt - one.value_amt) / (two.used - one.used)
    assert two.price <= slope * 1.05
    assert slope <= one.price * 1.05


def test_the_point_under_the_budgets_lies_on_the_curve_of_what_binds(frontier: Frontier):
    points = frontier.points["exposure"]
    value = np.interp(frontier.solved.used["exposure"], [one.used for one in points], [one.value_amt for one in points])
    assert frontier.solved.value_amt == pytest.approx(value, rel=0.02)


def test_without_a_budget_nothing_has_a_price_and_with_one_it_is_used():
    free = solve_portfolio(CANDIDATES, {}, 1)
    assert set(free.as_json()["used"].values()) == set(free.as_json()["used_without_budgets"].values())
    assert max(free.prices.of(name) for name in free.used) == 0.0
    bound = solve_portfolio(CANDIDATES, BUDGETS, 1)
    assert bound.prices.exposure_ratio > 0
    assert bound.prices.contact_amt == 0.0
    assert bound.value_amt < free.value_amt
    assert bound.used["exposure"] == pytest.approx(40_000_000.0, rel=0.01)
    assert bound.counts["raise"] < free.counts["raise"] + 1


def test_an_empty_budget_lets_nothing_through_that_uses_it():
    found = solve_portfolio(CANDIDATES, {"exposure": Given(0.0, "test"), "money": Given(0.0, "test")}, 1)
    assert found.counts == {"offer": 0, "raise": 0}
    assert found.prices.exposure_ratio > 0
    assert found.prices.money_ratio > 0


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_picture_is_the_same_each_time(frontier: Frontier, tmp_path: Path, ending: str):
    drawn = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for path in drawn:
        draw_frontier(path, frontier, "A bank")
    assert drawn[0].read_bytes()[:4] in {b"\x89PNG", b"<?xm"}
    if ending == "png":
        assert drawn[0].read_bytes() == drawn[1].read_bytes()
    else:
        ElementTree.parse(drawn[0])


def test_the_picture_of_a_base_with_nothing_to_propose_is_drawn_too(tmp_path: Path):
    nothing = some_candidates(3)
    nothing.values_amt[:] = -np.inf
    draw_frontier(tmp_path / "empty.png", frontier_of(nothing, BUDGETS, "JPY", 1), "An empty bank")
    assert (tmp_path / "empty.png").is_file()


def test_another_kind_of_picture_is_refused(frontier: Frontier, tmp_path: Path):
    with pytest.raises(UsageError, match=r"\.png or \.svg"):
        draw_frontier(tmp_path / "frontier.gif", frontier, "A bank")
