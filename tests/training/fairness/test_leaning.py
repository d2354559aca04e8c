"""A bonus that leans to whom inputs tell of: the ratio at less cost than one for everybody, and no attribute read."""

import numpy as np
import pytest

from training.fairness import least_bonus, least_leaning
from training.report.segments import Groups

COUNT = 8_000
DRAW = np.random.default_rng(4)
IS_YOUNG = DRAW.random(COUNT) < 0.3
X = np.column_stack([DRAW.normal(size=COUNT) - 1.5 * IS_YOUNG, DRAW.normal(size=COUNT), np.full(COUNT, 7.0)])
X[::50, 1] = np.nan
AGE = Groups("age_band", True, tuple(np.where(IS_YOUNG, "young", "old").tolist()))
WORTH = DRAW.normal(size=COUNT) * 50.0 - 30.0 - 25.0 * IS_YOUNG
MOST_AMT = 200.0


def by_worth(bonus: float | np.ndarray) -> tuple[np.ndarray, float]:
    chosen = WORTH + bonus > 0.0
    return chosen, float((WORTH * chosen).sum())


def ratio_of(chosen: np.ndarray) -> float:
    rates = chosen[IS_YOUNG].mean(), chosen[~IS_YOUNG].mean()
    return float(min(rates) / max(rates))


@pytest.mark.parametrize("asked", [0.6, 0.8, 0.9])
def test_what_is_asked_is_reached_at_less_than_a_bonus_for_everybody_costs(asked: float) -> None:
    found = least_leaning(by_worth, X, [AGE], asked, MOST_AMT)
    chosen, worth = by_worth(found.bonus_amt(X))
    assert found.is_reached
    assert (ratio_of(chosen), worth) == pytest.approx((found.impact_ratio, found.worth))
    assert found.impact_ratio >= asked
    free = by_worth(0.0)[1]
    evenly = least_bonus(lambda bonus: by_worth(bonus)[0], [AGE], asked, MOST_AMT)
    assert evenly.is_reached
    assert free - worth < 0.5 * (free - by_worth(evenly.bonus_amt)[1])


def test_the_bonus_hangs_on_inputs_alone_and_is_larger_where_they_tell_of_the_passed_over() -> None:
    found = least_leaning(by_worth, X, [AGE], 0.8, MOST_AMT)
    line = np.column_stack([np.linspace(-3.0, 3.0, 50), np.zeros(50), np.full(50, 7.0)])
    bonus = found.bonus_amt(line)
    assert (np.diff(bonus) < 0.0).all()
    np.testing.assert_array_equal(found.bonus_amt(line[::-1]), bonus[::-1])


def test_several_attributes_are_held_at_once() -> None:
    region = Groups("region", True, tuple(np.array(["east", "north", "west"])[np.arange(COUNT) % 3].tolist()))
    found = least_leaning(by_worth, X, [AGE, region], 0.8, MOST_AMT)
    assert found.is_reached
    assert [len(one) for one in found.weights] == [2, 3]


def test_nothing_is_added_where_nobody_is_passed_over() -> None:
    found = least_leaning(by_worth, X, [AGE], 0.2, MOST_AMT)
    assert found.is_reached
    assert not found.bonus_amt(X).any()


def test_what_no_bonus_reaches_is_said_and_no_weight_is_without_end() -> None:
    found = least_leaning(lambda bonus: (~IS_YOUNG, float(bonus.mean())), X, [AGE], 0.8, MOST_AMT)
    assert not found.is_reached
    assert found.impact_ratio == 0.0
    assert np.abs(found.bonus_amt(X)).max() < 10 * MOST_AMT


def test_without_attributes_and_for_one_group_nothing_is_asked() -> None:
    alone = Groups("age_band", True, ("young",) * COUNT)
    for groups in ([], [alone]):
        found = least_leaning(by_worth, X, groups, 0.8, MOST_AMT)
        assert found.is_reached
        assert not found.bonus_amt(X).any()
