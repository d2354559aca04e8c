"""Standing cells, holdouts and controls: fixed by customer, seed and salt, and drawn apart from each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.cells import (
    BUSINESS_AS_USUAL,
    EXPLORATION,
    LINEWISE,
    CellPolicy,
    cells_of,
    global_holdout,
    is_drawn_control,
    turnover_of,
)

POLICY = CellPolicy(0.05, 0.10, {"spring": 0.2, "cards": 0.2}, 0.05)
YEAR = 2026
MANY = np.array([f"C{i:06}" for i in range(20_000)])


def test_the_cells_have_the_shares_that_the_policy_names():
    cells = cells_of(MANY, POLICY, seed=1, year=YEAR)
    found = {cell: float((cells.cell == cell).mean()) for cell in (BUSINESS_AS_USUAL, EXPLORATION, LINEWISE)}
    assert found == pytest.approx({BUSINESS_AS_USUAL: 0.05, EXPLORATION: 0.10, LINEWISE: 0.85}, abs=0.01)
    assert cells.held_out_by["spring"].mean() == pytest.approx(0.2, abs=0.01)


def test_a_holdout_is_a_fair_sample_of_every_cell_and_of_the_other_holdouts():
    cells = cells_of(MANY, POLICY, seed=1, year=YEAR)
    spring, cards = cells.held_out_by["spring"], cells.held_out_by["cards"]
    assert spring[cards].mean() == pytest.approx(0.2, abs=0.02)
    assert spring[cells.cell == EXPLORATION].mean() == pytest.approx(0.2, abs=0.03)


@given(seed=st.integers(0, 2**31), rows=st.lists(st.integers(0, 19_999), min_size=1, max_size=20))
def test_a_customer_stands_in_the_same_cell_alone_and_in_any_company(seed: int, rows: list[int]):
    together = cells_of(MANY[rows], POLICY, seed, YEAR)
    for i, row in enumerate(rows):
        alone = cells_of(MANY[[row]], POLICY, seed, YEAR)
        assert (alone.cell[0], alone.holdouts_of(0)) == (together.cell[i], together.holdouts_of(i))


def test_who_is_held_out_is_the_first_cell_and_every_holdout():
    cells = cells_of(MANY, POLICY, seed=3, year=YEAR)
    for row in range(200):
        expected = cells.cell[row] == BUSINESS_AS_USUAL or bool(cells.holdouts_of(row))
        assert bool(cells.is_held_out[row]) is expected


def test_without_shares_everybody_is_decided_by_linewise():
    cells = cells_of(MANY, CellPolicy(), seed=1, year=YEAR)
    assert not cells.is_held_out.any()
    assert set(cells.cell.tolist()) == {LINEWISE}


def test_cells_that_want_more_than_everybody_are_refused():
    with pytest.raises(ValueError, match="more than all customers"):
        CellPolicy(0.6, 0.5)


# ---- the global holdout of a year ------------------------------------------------------------------------


def test_the_global_holdout_is_another_fair_sample_every_year_and_named_by_it():
    of_two_years = [cells_of(MANY, POLICY, seed=1, year=year).held_out_by[f"global-{year}"] for year in (YEAR, 2027)]
    for members in of_two_years:
        assert members.mean() == pytest.approx(0.05, abs=0.005)
    now, later = of_two_years
    assert later[now].mean() == pytest.approx(0.05, abs=0.02)


def test_nothing_but_the_global_holdout_turns_over_with_the_year():
    now, later = (cells_of(MANY, POLICY, seed=1, year=year) for year in (YEAR, 2027))
    assert (now.cell == later.cell).all()
    assert all((now.held_out_by[name] == later.held_out_by[name]).all() for name in POLICY.holdouts)


def test_the_turn_of_the_year_is_counted_customer_by_customer():
    found = turnover_of(MANY, POLICY, 1, 2027)
    now, before = (global_holdout(MANY, POLICY, 1, year) for year in (2027, YEAR))
    assert found.member_count == now.sum()
    assert found.former_count == before.sum()
    assert found.both_count == len({*MANY[now]} & {*MANY[before]})
    assert found.both_count == pytest.approx(found.expected_both_count, abs=4 * found.expected_both_count**0.5)


def test_of_no_customers_no_turnover_is_expected():
    assert turnover_of(MANY[:0], POLICY, 1, YEAR).expected_both_count == 0.0


# ---- controls of campaigns -------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**31), salt=st.text(min_size=1, max_size=20), share=st.floats(0.0, 0.5))
def test_a_control_has_the_share_that_was_asked_for(seed: int, salt: str, share: float):
    drawn = is_drawn_control(MANY, seed, salt, share)
    assert drawn.sum() == pytest.approx(share * len(MANY), abs=5 * (share * (1 - share) * len(MANY)) ** 0.5 + 1)


@given(
    seed=st.integers(0, 2**31), salts=st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=2, unique=True)
)
def test_the_controls_of_two_campaigns_tell_nothing_of_each_other(seed: int, salts: list[str]):
    one, other = (is_drawn_control(MANY, seed, salt, 0.2) for salt in salts)
    # The table of two independent draws: chi-square of one degree of freedom; one in ten million is above 28.
    table = np.array([[(one & other).sum(), (one & ~other).sum()], [(~one & other).sum(), (~one & ~other).sum()]])
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / len(MANY)
    assert ((table - expected) ** 2 / expected).sum() < 28


def test_a_control_is_a_fair_sample_of_every_cell_and_of_the_global_holdout():
    cells, drawn = cells_of(MANY, POLICY, seed=1, year=YEAR), is_drawn_control(MANY, 1, "spring-gold", 0.2)
    assert drawn[cells.cell == EXPLORATION].mean() == pytest.approx(0.2, abs=0.03)
    assert drawn[cells.held_out_by[f"global-{YEAR}"]].mean() == pytest.approx(0.2, abs=0.05)
    assert drawn[cells.held_out_by["spring"]].mean() == pytest.approx(0.2, abs=0.02)


def test_a_greater_share_keeps_everybody_who_was_drawn_before():
    small, great = (is_drawn_control(MANY, 1, "spring-gold", share) for share in (0.1, 0.3))
    assert great[small].all()


@given(rows=st.lists(st.integers(0, 19_999), min_size=1, max_size=20))
def test_a_customer_is_drawn_alike_alone_and_in_any_company(rows: list[int]):
    together = is_drawn_control(MANY[rows], 1, "spring-gold", 0.3)
    assert [bool(is_drawn_control(MANY[[row]], 1, "spring-gold", 0.3)[0]) for row in rows] == together.tolist()
