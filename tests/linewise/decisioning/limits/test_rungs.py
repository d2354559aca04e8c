"""The walks over the rungs: which is best, what stands before the next, and which cap is the lowest."""

import numpy as np
import pytest

from linewise.decisioning.limits.rungs import BLOCK, CAP, PRICE, RISK, VALUE, best_rung, gravest, lowest_cap, what_stops

RUNGS = np.array([[100, 150, 200, 250]])
EVERY, NONE = np.ones((1, 4), dtype=bool), np.zeros((1, 4), dtype=bool)


def but(*closed: int) -> np.ndarray:
    return np.array([[place not in closed for place in range(4)]])


@pytest.mark.parametrize(
    ("allowed", "bearable", "net", "best"),
    [
        (EVERY, EVERY, [0.0, 3.0, 5.0, 5.0], 200),
        (but(2), EVERY, [0.0, 3.0, 5.0, 4.0], 250),
        (EVERY, but(2, 3), [0.0, 3.0, 5.0, 5.0], 150),
        (EVERY, EVERY, [0.0, 0.0, -1.0, -2.0], 100),
        (NONE, EVERY, [0.0, 3.0, 5.0, 5.0], 100),
    ],
)
def test_the_best_rung_is_the_lowest_open_one_of_highest_worth(allowed, bearable, net, best):
    assert best_rung(RUNGS, allowed, bearable, np.array([net])).tolist() == [best]


@pytest.mark.parametrize(
    ("chosen", "unpriced", "allowed", "bearable", "blocked", "stops"),
    [
        (150, 150, EVERY, EVERY, True, BLOCK),
        (250, 250, EVERY, EVERY, False, CAP),
        (150, 200, but(2), EVERY, False, CAP),
        (150, 200, EVERY, but(2), False, PRICE),
        (150, 150, EVERY, but(2), False, RISK),
        (150, 150, EVERY, but(3), False, VALUE),
    ],
)
def test_what_stands_before_the_next_rung_has_a_name(chosen, unpriced, allowed, bearable, blocked, stops):
    amounts = (np.array([one]) for one in (chosen, unpriced, 250))
    assert what_stops(RUNGS, allowed, bearable, np.array([blocked]), *amounts).tolist() == [stops]


@pytest.mark.parametrize(
    ("affordable", "line", "hit", "cap", "lowest", "place"),
    [
        (900, 400, False, 50.0, 800, 1),
        (700, 400, False, 50.0, 700, 0),
        (900, 400, True, 50.5, 50, 2),
        (900, 0, False, 1.0, 600, 1),
    ],
)
def test_the_lowest_cap_is_affordability_one_raise_or_a_rule_that_hits(affordable, line, hit, cap, lowest, place):
    found = lowest_cap(
        np.array([affordable]), np.array([line]), np.array([[hit]]), np.array([[cap]]), np.array([0]), 1.0, 600.0, 10
    )
    assert [one.tolist() for one in found] == [[lowest], [place]]


def test_a_hold_is_passed_over_for_who_asks():
    hit, order = np.ones((2, 3), dtype=bool), np.array([2, 0, 1])
    proposed, asked = np.array([True, False, True]), np.array([True, False, False])
    assert gravest(hit, order, proposed, asked, np.array([False, True])).tolist() == [2, 0]
    assert gravest(~hit, order, proposed, asked, np.array([False, True])).tolist() == [3, 3]
