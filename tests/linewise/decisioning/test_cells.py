"""Standing cells and holdouts: fixed by customer and seed, and drawn apart from each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.cells import BUSINESS_AS_USUAL, EXPLORATION, LINEWISE, CellPolicy, cells_of

POLICY = CellPolicy(0.05, 0.10, {"spring": 0.2, "cards": 0.2})
MANY = np.array([f"C{i:06}" for i in range(20_000)])


def test_the_cells_have_the_shares_that_the_policy_names():
    cells = cells_of(MANY, POLICY, seed=1)
    found = {cell: float((cells.cell == cell).mean()) for cell in (BUSINESS_AS_USUAL, EXPLORATION, LINEWISE)}
    assert found == pytest.approx({BUSINESS_AS_USUAL: 0.05, EXPLORATION: 0.10, LINEWISE: 0.85}, abs=0.01)
    assert cells.held_out_by["spring"].mean() == pytest.approx(0.2, abs=0.01)


def test_a_holdout_is_a_fair_sample_of_every_cell_and_of_the_other_holdouts():
    cells = cells_of(MANY, POLICY, seed=1)
    spring, cards = cells.held_out_by["spring"], cells.held_out_by["cards"]
    assert spring[cards].mean() == pytest.approx(0.2, abs=0.02)
    assert spring[cells.cell == EXPLORATION].mean() == pytest.approx(0.2, abs=0.03)


@given(seed=st.integers(0, 2**31), rows=st.lists(st.integers(0, 19_999), min_size=1, max_size=20))
def test_a_customer_stands_in_the_same_cell_alone_and_in_any_company(seed: int, rows: list[int]):
    together = cells_of(MANY[rows], POLICY, seed)
    for i, row in enumerate(rows):
        alone = cells_of(MANY[[row]], POLICY, seed)
        assert (alone.cell[0], alone.holdouts_of(0)) == (together.cell[i], together.holdouts_of(i))


def test_who_is_held_out_is_the_first_cell_and_every_holdout():
    cells = cells_of(MANY, POLICY, seed=3)
    for row in range(200):
        expected = cells.cell[row] == BUSINESS_AS_USUAL or bool(cells.holdouts_of(row))
        assert bool(cells.is_held_out[row]) is expected


def test_without_shares_everybody_is_decided_by_linewise():
    cells = cells_of(MANY, CellPolicy(), seed=1)
    assert not cells.is_held_out.any()
    assert set(cells.cell.tolist()) == {LINEWISE}


def test_cells_that_want_more_than_everybody_are_refused():
    with pytest.raises(ValueError, match="more than all customers"):
        CellPolicy(0.6, 0.5)
