"""The least bonus for favouring anybody with which no group is passed over."""

import numpy as np
import pytest

from training.fairness import least_bonus
from training.report.segments import Groups

COUNT = 2_000
IS_YOUNG = np.arange(COUNT) % 2 == 0
AGE = Groups("age_band", True, tuple(np.where(IS_YOUNG, "young", "old").tolist()))
WORTH = np.linspace(-100.0, 60.0, COUNT) - 20.0 * IS_YOUNG


def by_worth(bonus: float) -> np.ndarray:
    return np.asarray(bonus + WORTH > 0.0)


def ratio(bonus: float) -> float:
    chosen = by_worth(bonus)
    rates = chosen[IS_YOUNG].mean(), chosen[~IS_YOUNG].mean()
    return float(min(rates) / max(rates))


@pytest.mark.parametrize("asked", [0.7, 0.8, 0.9])
def test_the_bonus_is_the_least_that_reaches_what_is_asked(asked: float) -> None:
    found = least_bonus(by_worth, [AGE], asked, 200.0)
    assert found.is_reached
    assert found.impact_ratio == pytest.approx(ratio(found.bonus_amt))
    assert ratio(found.bonus_amt) >= asked > ratio(0.98 * found.bonus_amt - 0.5)


def test_a_large_bonus_that_is_unfair_does_not_hide_a_small_one_that_is_fair() -> None:
    def only_some(bonus: float) -> np.ndarray:
        return by_worth(bonus) if bonus < 60.0 else ~IS_YOUNG

    found = least_bonus(only_some, [AGE], 0.8, 200.0)
    assert found.is_reached
    assert 0.0 < found.bonus_amt < 60.0


def test_nothing_is_paid_where_nobody_is_passed_over() -> None:
    found = least_bonus(by_worth, [AGE], 0.5, 200.0)
    assert (found.bonus_amt, found.is_reached) == (0.0, True)


def test_what_no_bonus_reaches_is_said() -> None:
    found = least_bonus(lambda bonus: ~IS_YOUNG, [AGE], 0.8, 200.0)
    assert (found.is_reached, found.impact_ratio, found.bonus_amt) == (False, 0.0, 0.0)


def test_without_attributes_nothing_is_asked() -> None:
    assert least_bonus(by_worth, [], 0.8, 200.0).is_reached
