import numpy as np
import pytest

from linewise.core.errors import UsageError
from linewise.simulation.logged import FEATURE_NAMES, LOGGED_WORLDS, People, draw_people, logged_world
from linewise.simulation.logged.people import AGE_BANDS, REGIONS, SEXES
from tests.linewise.simulation.logged.drawing import bears_the_products_names, is_the_same_alone

COUNT = 20_000


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(logged_world(), COUNT)


def test_a_customer_is_the_same_whoever_else_is_drawn(people: People) -> None:
    is_the_same_alone(draw_people, people, "risk")
    np.testing.assert_array_equal(people.only(np.arange(500, 510)).risk, people.risk[500:510])


def test_another_seed_draws_other_people(people: People) -> None:
    assert not np.array_equal(draw_people(logged_world(seed=2), 10).features, people.features[:10])


def test_features_bear_the_products_own_names_and_keep_to_its_ranges(people: People) -> None:
    bears_the_products_names(people, FEATURE_NAMES, {"risk", "limit"})


def test_nothing_that_only_a_judge_of_fairness_sees_is_a_feature(people: People) -> None:
    assert not [name for name in FEATURE_NAMES if "age_years" in name or "sex" in name or "region" in name]
    for protected, names in ((people.sex, SEXES), (people.age_band, AGE_BANDS), (people.region, REGIONS)):
        assert set(np.unique(protected)) == set(range(len(names)))


@pytest.mark.parametrize(
    ("hidden", "feature", "least"),
    [
        ("risk", "past_due_count_365d", 0.3),
        ("impatience", "utilisation_ratio", 0.5),
        ("need", "purchase_sum_amt_365d", 0.3),
        ("revolves", "payment_ratio_180d", -1.0),
    ],
)
def test_features_are_noisy_readings_of_what_nobody_sees(
    people: People, hidden: str, feature: str, least: float
) -> None:
    together = np.corrcoef(getattr(people, hidden), people.feature(feature))[0, 1]
    assert least < together < 0.999


def test_in_the_drift_people_grow_impatient_from_one_month_on() -> None:
    world = logged_world(name="drift")
    drifted, base = draw_people(world, COUNT), draw_people(logged_world(), COUNT)
    before = drifted.month < world.drift_month
    np.testing.assert_array_equal(drifted.features[before], base.features[before])
    assert (drifted.impatience[~before] > base.impatience[~before]).all()
    assert 0.4 < before.mean() < 0.6


def test_every_world_has_a_name_and_numbers() -> None:
    assert set(LOGGED_WORLDS) == {"base", "downturn", "thin-margin", "drift"}
    assert all(logged_world(name=name).numbers == numbers for name, numbers in LOGGED_WORLDS.items())


@pytest.mark.parametrize(
    "setting", [{"name": "boom"}, {"floor_ratio": 1.5}, {"log_count": 0}, {"hidden_confounding": -1}]
)
def test_an_impossible_world_is_refused_with_what_is_allowed(setting: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="No such world"):
        logged_world(**setting)
