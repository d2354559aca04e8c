import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.simulation.chance import Chance

CUSTOMERS = np.arange(1, 40_001)


@given(st.integers(0, 2**63 - 1), st.integers(1, 100_000), st.integers(0, 10**9))
def test_a_draw_lies_strictly_between_zero_and_one(seed: int, customer: int, index: int) -> None:
    draw = Chance(seed).uniform("anything", np.array([customer]), index)
    assert 0 < draw[0] < 1


def test_a_customers_draw_does_not_depend_on_who_else_is_drawn() -> None:
    alone = Chance(5).uniform("payday", np.array([77]))
    among_others = Chance(5).uniform("payday", np.arange(1, 200))
    assert alone[0] == among_others[76]


@pytest.mark.parametrize(("seed", "purpose", "index"), [(2, "payday", 0), (1, "income", 0), (1, "payday", 1)], ids=str)
def test_another_seed_purpose_or_index_gives_unrelated_numbers(seed: int, purpose: str, index: int) -> None:
    one = Chance(1).uniform("payday", CUSTOMERS, 0)
    other = Chance(seed).uniform(purpose, CUSTOMERS, index)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02


def test_neighbouring_customers_are_unrelated() -> None:
    draws = Chance(1).uniform("payday", CUSTOMERS)
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 0.02


def test_normal_draws_have_mean_zero_and_spread_one() -> None:
    draws = Chance(3).normal("risk", CUSTOMERS)
    assert draws.mean() == pytest.approx(0, abs=0.02)
    assert draws.std() == pytest.approx(1, abs=0.02)


def test_whole_numbers_take_every_value_of_their_range_alike() -> None:
    counts = np.bincount(Chance(3).between(2, 5, "day", CUSTOMERS))
    assert list(counts[:2]) == [0, 0]
    assert counts[2:] == pytest.approx(np.full(4, 10_000), rel=0.04)


def test_a_choice_follows_its_weights_and_never_falls_on_a_weight_of_zero() -> None:
    weights = np.broadcast_to(np.array([3.0, 0.0, 1.0]), (len(CUSTOMERS), 3))
    shares = np.bincount(Chance(3).pick(weights, "shop", CUSTOMERS), minlength=3) / len(CUSTOMERS)
    assert shares == pytest.approx([0.75, 0.0, 0.25], abs=0.02)
