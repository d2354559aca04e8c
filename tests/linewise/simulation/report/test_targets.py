import inspect
from pathlib import Path

import pytest
from pydantic import ValidationError

from linewise.core.errors import UsageError
from linewise.core.yaml_lines import read_yaml_as
from linewise.simulation.report import targets
from linewise.simulation.report.measures import MEASURES
from linewise.simulation.report.targets import Target, Tolerance, left_out, targets_of
from tests.linewise.simulation.report.builders import a_world

BOTH = [*targets_of("cn"), *(target for target in targets_of("us") if target.country == "us")]


@pytest.mark.parametrize("target", BOTH, ids=lambda target: target.id)
def test_every_published_figure_has_a_measure_that_takes_its_arguments(target: Target):
    inspect.signature(MEASURES[target.measure]).bind({}, None, **target.of)


@pytest.mark.parametrize("target", BOTH, ids=lambda target: target.id)
def test_every_published_figure_has_a_source_and_a_tolerance_that_can_fail(target: Target):
    assert len(target.source) > 10
    tolerance = target.tolerance.of(target.value)
    assert 0 <= tolerance < target.value or target.id == "borrowed_best"
    assert tolerance > 0 or target.bound == "at_least"


def test_every_measure_is_asked_for():
    assert {target.measure for target in BOTH} == set(MEASURES)


def test_a_country_is_compared_with_its_own_figures_and_the_common_ones():
    ids = {country: {target.id for target in targets_of(country)} for country in ("cn", "us")}
    assert "stock_half_year" in ids["cn"] - ids["us"]
    assert "utilisation_p50" in ids["us"] - ids["cn"]
    assert "borrowed_mean" in ids["us"] & ids["cn"]


def test_kinds_of_shop_that_are_compared_exist():
    shops = {group.name for group in a_world().profile.merchant_groups}
    asked = {target.of["group"] for target in targets_of("cn") if target.of.get("group")}
    assert asked <= shops


def test_what_is_not_compared_says_why():
    assert len(left_out()) > 5
    assert all(len(one.reason) > 20 for one in left_out())


def test_a_tolerance_is_absolute_or_a_share_of_the_figure():
    assert Tolerance(absolute=0.02).of(0.4) == 0.02
    assert Tolerance(relative=0.1).of(-40.0) == pytest.approx(4.0)
    for wrong in ({}, {"absolute": 0.1, "relative": 0.1}, {"relative": -0.1}):
        with pytest.raises(ValidationError):
            Tolerance(**wrong)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("    grade: verified", "    grade: sure"), "grade"),
        (("source: CFPB", "sauce: CFPB"), "source"),
        (("id: revolver_share", "id: transactor_share"), "transactor_share"),
    ],
)
def test_a_faulty_row_is_refused_with_its_file(tmp_path: Path, changed: tuple[str, str], said: str):
    text = Path(targets.__file__).with_name("targets.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "targets.yaml"
    wrong.write_text(text.replace(*changed, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=said) as caught:
        read_yaml_as(wrong, targets._File, UsageError)
    assert "targets.yaml" in str(caught.value)
