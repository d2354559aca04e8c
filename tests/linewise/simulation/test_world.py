import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from linewise.core.errors import UsageError
from linewise.simulation.lives.living import live
from linewise.simulation.lives.parameters import EQUATIONS
from linewise.simulation.profile import profile_of
from linewise.simulation.world import BANK_NAME_PREFIX, WORLDS, World, world_of


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("customer_count", 0, "from 1 to 10,000,000"),
        ("customer_count", -5, "greater than or equal to 1"),
        ("customer_count", 10_000_001, "from 1 to 10,000,000"),
        ("customer_count", 2.5, "valid integer"),
        ("customer_count", "many", "valid integer"),
        ("month_count", 1, "months from 2 to 60"),
        ("month_count", 61, "months from 2 to 60"),
        ("seed", -1, r"a seed from 0 to 2\^63 - 1"),
        ("seed", 2**63, r"a seed from 0 to 2\^63 - 1"),
        ("hidden_confounding", -0.1, "greater than or equal to 0"),
        ("hidden_confounding", 2.1, "less than or equal to 2"),
        ("hidden_confounding", math.nan, "finite number"),
        ("exploration_ratio", 0.51, "less than or equal to 0.5"),
        ("exploration_ratio", math.inf, "less than or equal to 0.5|finite number"),
        ("country", "de", "country cn or us"),
        ("name", "boom", "'base', 'downturn'"),
        ("colour", "red", "colour"),
    ],
)
def test_an_impossible_setting_is_refused_with_what_was_given_and_the_range(setting, value, told):
    with pytest.raises(UsageError, match=told) as caught:
        world_of(**{setting: value})
    assert setting in str(caught.value)
    assert repr(value) in str(caught.value)


def test_every_impossible_setting_is_told_at_once():
    with pytest.raises(UsageError) as caught:
        world_of(customer_count=0, month_count=99)
    assert "customer_count 0" in str(caught.value)
    assert "month_count 99" in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"customer_count": 1, "month_count": 2, "seed": 0},
        {"customer_count": 10_000_000, "month_count": 60, "seed": 2**63 - 1},
        {"hidden_confounding": 0, "exploration_ratio": 0},
        {"hidden_confounding": 2, "exploration_ratio": 0.5},
    ],
)
def test_the_ends_of_each_range_are_allowed(settings):
    world = world_of(**settings)
    assert {name: getattr(world, name) for name in settings} == settings


def test_a_world_cannot_be_changed_once_made():
    with pytest.raises(ValueError, match="frozen"):
        World().seed = 2


def test_the_name_of_a_bank_tells_its_settings_and_that_it_is_simulated():
    name = world_of(country="us", name="downturn", customer_count=7, month_count=3, seed=9).bank_name
    assert name == "simulated-us-downturn-7x3-9"
    assert name.startswith(BANK_NAME_PREFIX)


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("country", ["cn", "us"])
def test_each_world_changes_what_it_says_and_nothing_else(country, name):
    base, other = (World(country=country, name=one).equations[0] for one in ("base", name))
    changed = {field for field in EQUATIONS if base[field] != other[field]}
    assert changed == {field.removesuffix("_add") for field in WORLDS[name]}
    for field, change in WORLDS[name].items():
        plain = field.removesuffix("_add")
        expected = base[plain] + change if field.endswith("_add") else base[plain] * change
        assert other[plain] == pytest.approx(expected)


def test_the_settings_of_the_past_reach_the_equations():
    one = World(hidden_confounding=1.5, exploration_ratio=0.25).equations[0]
    assert (one["hidden_confounding"], one["exploration_ratio"]) == (1.5, 0.25)


def test_behaviour_drifts_within_the_data_in_one_world_alone():
    assert World(name="drift", month_count=24).drift_month == 12
    assert all(World(name=name).drift_month > 60 for name in WORLDS if name != "drift")


def test_a_resized_world_differs_in_its_size_alone():
    world = World(seed=4, month_count=6)
    assert world.resized(3).model_dump() == world.model_dump() | {"customer_count": 3}


@pytest.mark.parametrize("country", ["cn", "us"])
def test_chances_of_delinquency_are_whole(country):
    for bucket, row in enumerate(profile_of(country).delinquency, start=1):
        assert len(row) == bucket + 2
        assert sum(row) == pytest.approx(1.0, abs=0.011)


@dataclass(frozen=True)
class Year:
    """What a year was like in a world: shares of account-months, and profit an account (minor units)."""

    in_arrears: float
    jobless: float
    profit_amt: float


@cache
def a_year(name: str) -> Year:
    months = live(World(name=name, month_count=13, seed=8), np.arange(1, 4001), with_postings=False).months[:, :12]
    is_open = months["is_open"] == 1
    return Year(
        float((months["bucket"] > 0)[is_open].mean()),
        float(months["is_jobless"].mean()),
        float(months["profit_amt"].sum(axis=1).mean()),
    )


def test_in_a_downturn_more_are_without_work_and_more_in_arrears() -> None:
    assert a_year("downturn").jobless > 2 * a_year("base").jobless
    assert a_year("downturn").in_arrears > 1.5 * a_year("base").in_arrears


def test_where_margins_are_thin_an_account_brings_a_fraction_of_the_usual() -> None:
    assert a_year("base").profit_amt > 0
    assert a_year("thin-margin").profit_amt < 0.25 * a_year("base").profit_amt
    assert a_year("thin-margin").in_arrears > 2 * a_year("base").in_arrears
