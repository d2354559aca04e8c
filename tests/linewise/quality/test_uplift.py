import numpy as np
import pytest

from linewise.quality.uplift import uplift_of


def shown_to_some(count: int = 40_000, seed: int = 0, uneven: bool = False) -> dict[str, np.ndarray]:
    """The offer adds 0.2 for half of the people and takes 0.1 from the others."""
    draw = np.random.default_rng(seed)
    x = draw.integers(0, 2, count)
    chance = np.where(uneven & (x == 1), 0.9, np.where(uneven, 0.2, 0.5))
    shown = (draw.random(count) < chance).astype(np.int64)
    effect = np.where(x == 1, 0.2, -0.1)
    y = (draw.random(count) < 0.3 + effect * shown).astype(np.int64)
    return {"x": x, "effect": effect, "chance": chance, "shown": shown, "y": y, "groups": np.arange(count)}


@pytest.mark.parametrize("uneven", [False, True], ids=["even chances", "shown oftener to those whom it helps"])
def test_the_areas_are_those_of_the_truth_whoever_was_shown_the_offer(uneven: bool):
    told = shown_to_some(uneven=uneven)
    found = uplift_of(told["y"], told["shown"], told["chance"], told["effect"], told["groups"], 1)
    assert found is not None
    # Half of the rows add 0.2 each, then the other half takes 0.1 each: V rises to 0.10 and falls to 0.05.
    assert found.effect.value == pytest.approx(0.05, abs=0.012)
    assert found.curve.at(0.5) == pytest.approx(0.10, abs=0.012)
    assert found.auuc.value == pytest.approx(0.0625, abs=0.008)
    assert found.qini.value == pytest.approx(0.0375, abs=0.008)
    for one in (found.effect, found.auuc, found.qini):
        assert one.low <= one.value <= one.high
    assert found.qini.low > 0


def test_of_orders_by_chance_the_intervals_hold_nothing_as_often_as_they_say():
    held = 0
    for seed in range(40):
        told = shown_to_some(1_500, seed)
        score = np.random.default_rng(seed).random(1_500)
        found = uplift_of(told["y"], told["shown"], told["chance"], score, told["groups"], 1)
        assert found is not None
        held += found.qini.low < 0 < found.qini.high
    assert held >= 34


def test_an_order_upside_down_loses():
    told = shown_to_some()
    wrong = uplift_of(told["y"], told["shown"], told["chance"], -told["effect"], told["groups"], 1)
    assert wrong is not None
    assert wrong.qini.high < 0


def test_a_score_that_is_the_same_for_all_is_the_straight_line():
    told = shown_to_some(5_000)
    found = uplift_of(told["y"], told["shown"], told["chance"], np.zeros(5_000), told["groups"], 1)
    assert found is not None
    assert found.qini.value == pytest.approx(0, abs=1e-12)
    assert found.curve.at(0.25) == pytest.approx(found.effect.value / 4)


@pytest.mark.parametrize("shown", [0, 1])
def test_where_all_or_none_were_shown_the_offer_nothing_is_known_of_uplift(shown: int):
    told = shown_to_some(100)
    assert uplift_of(told["y"], np.full(100, shown), told["chance"], told["effect"], told["groups"], 1) is None
