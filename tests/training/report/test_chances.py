from dataclasses import replace

import numpy as np

from training.dataset import Dataset
from training.report.chances import chances_of_showing
from training.showings import IS_SHOWN


def showings(count: int = 4_000) -> Dataset:
    """Two offers, of which one is shown to eight in ten and the other to two."""
    draw = np.random.default_rng(0)
    tier = draw.integers(1, 3, count).astype(float)
    shown = (draw.random(count) < np.where(tier == 1, 0.8, 0.2)).astype(float)
    x = np.column_stack([draw.normal(size=count), tier, shown])
    y = (draw.random(count) < 0.2).astype(np.int64)
    numbers = np.arange(count)
    return Dataset("offer_take_up", ("x0",), ("offer_tier", IS_SHOWN), x, y, numbers, numbers)


def test_an_offer_that_is_shown_often_has_a_high_chance_and_a_rare_one_a_low():
    rows = showings()
    chance = chances_of_showing(rows, 1)
    tier = rows.x[:, 1]
    assert abs(chance[tier == 1].mean() - 0.8) < 0.03
    assert abs(chance[tier == 2].mean() - 0.2) < 0.03
    assert np.abs(chance - np.where(tier == 1, 0.8, 0.2)).mean() < 0.08


def test_what_a_customer_was_shown_says_nothing_of_the_chance_of_his_own_rows():
    rows = showings(400)
    one = chances_of_showing(rows, 1)
    x = rows.x.copy()
    x[0, 2] = 1 - x[0, 2]
    assert chances_of_showing(replace(rows, x=x), 1)[0] == one[0]
