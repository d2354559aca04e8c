"""Chance that can be repeated: by seed, purpose and name, and by nothing else."""

import numpy as np

from linewise.decisioning.draws import tie_breaks, uniform_draw

IDS = np.array(["A", "B"])


def test_a_draw_depends_on_seed_purpose_and_customer_alone():
    assert uniform_draw(IDS, 1, "x")[1] == uniform_draw(IDS[1:], 1, "x")[0]
    assert uniform_draw(IDS, 1, "x")[0] != uniform_draw(IDS, 1, "y")[0] != uniform_draw(IDS, 2, "x")[0]


def test_a_tie_is_broken_by_seed_customer_and_offer_wherever_the_offer_stands():
    found = tie_breaks(IDS, ("one", "two"), 1)
    assert (tie_breaks(IDS[1:], ("two", "one"), 1) == found[1:, ::-1]).all()
    assert len(np.unique(np.concatenate([found, tie_breaks(IDS, ("one", "two"), 2)]))) == 8


def test_no_offer_wins_more_ties_than_another():
    people = np.array([f"C{i}" for i in range(20_000)])
    first = tie_breaks(people, ("a", "b", "c", "d"), 7).argmin(axis=1)
    assert np.bincount(first).min() > 0.24 * len(people)
