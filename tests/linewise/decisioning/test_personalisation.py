"""Without personalisation the same list stands before everybody; with an exploring cell the primary one is drawn."""

from dataclasses import replace

import numpy as np

from linewise.decisioning.cells import EXPLORATION, LINEWISE
from linewise.decisioning.types import Customers
from tests.builders import FixedScorers, decided, some_customers


def crowd(count: int, **facts: object) -> Customers:
    customers = some_customers(*[{}] * count)
    return replace(customers, facts={**customers.facts, **{k: np.full(count, v) for k, v in facts.items()}})


def test_who_switched_personalisation_off_sees_offers_in_the_order_of_the_catalogue():
    backwards = FixedScorers(propensity=(0.01, 0.2, 0.9))
    usual = decided(crowd(50), backwards).offers
    listed = decided(crowd(50, is_personalisation_off=1.0), backwards).offers
    assert not np.array_equal(usual.rank, listed.rank)
    shown = [np.flatnonzero(row >= 0) for row in listed.rank]
    assert all(len(row) for row in shown)
    for row, columns in zip(listed.rank, shown, strict=True):
        assert row[columns].tolist() == sorted(row[columns].tolist())
    # Nothing is drawn, and nothing of the customer is given as a reason.
    assert {1.0} == set(listed.pscore.max(axis=1).tolist())
    assert not any(listed.contributions)


def test_the_list_does_not_depend_on_the_models():
    off = crowd(5, is_personalisation_off=1.0)
    one, other = (decided(off, FixedScorers(propensity=p)).offers.rank for p in ((0.9, 0.2, 0.1), (0.1, 0.2, 0.9)))
    assert np.array_equal(one, other)


def test_in_the_cell_of_exploration_every_open_offer_is_as_likely_to_be_the_primary_one():
    explored = decided(crowd(400, standing_cell=EXPLORATION)).offers
    usual = decided(crowd(400, standing_cell=LINEWISE)).offers
    for row in explored.pscore:
        chances = row[row > 0]
        assert np.allclose(chances, 1.0 / len(chances))
    first = (explored.rank == 0).mean(axis=0)
    assert (first[first > 0] > 0.5 / (first > 0).sum()).all()
    assert usual.pscore.max() > 0.9
