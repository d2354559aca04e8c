"""The allocation under budgets: none broken, prices that explain it, and the same answer however it is asked for."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.portfolio import NONE, solve
from linewise.decisioning.portfolio.solving import HIGHS_UP_TO, Allocation
from tests.linewise.decisioning.portfolio.builders import Portfolio, a_portfolio, portfolios

METHODS = ["highs", "decomposed"]


def value_and_use(portfolio: Portfolio, choice: np.ndarray) -> tuple[float, np.ndarray]:
    rows = np.flatnonzero(choice != NONE)
    taken = choice[rows]
    return float(portfolio.values[rows, taken].sum()), portfolio.uses[rows, taken].sum(axis=0)


def best_of_all(portfolio: Portfolio) -> float:
    """The best value by trying every choice."""
    n_customers, n_actions = portfolio.values.shape
    best = 0.0
    for choice in product(range(-1, n_actions), repeat=n_customers):
        value, used = value_and_use(portfolio, np.array(choice, dtype=int))
        if (used <= portfolio.budgets).all():
            best = max(best, value)
    return best


def assert_sound(portfolio: Portfolio, found: Allocation) -> None:
    value, used = value_and_use(portfolio, found.choice)
    assert (used <= portfolio.budgets * (1 + 1e-12)).all(), "a budget is broken"
    assert (found.prices >= 0).all()
    assert np.isfinite(found.prices).all()
    assert found.primal == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert np.allclose(found.used, used)
    assert found.dual >= found.primal - 1e-6 * max(1.0, found.dual)
    assert 0.0 <= found.gap_ratio <= 1.0


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None)
@given(portfolio=portfolios(), seed=st.integers(0, 3))
def test_no_budget_is_broken_and_no_price_is_negative(method, portfolio: Portfolio, seed: int):
    assert_sound(portfolio, solve(*portfolio, method=method, seed=seed))


@settings(max_examples=60, deadline=None)
@given(portfolio=portfolios(most_customers=4, least_budgets=1))
def test_the_bound_holds_over_every_choice_that_could_be_made(portfolio: Portfolio):
    best = best_of_all(portfolio)
    for method in METHODS:
        found = solve(*portfolio, method=method)
        assert found.primal <= best + 1e-9
        assert found.dual >= best - 1e-6 * max(1.0, best)


@settings(max_examples=60, deadline=None)
@given(portfolio=portfolios())
def test_both_methods_prove_the_same_bound(portfolio: Portfolio):
    by_highs, decomposed = (solve(*portfolio, method=method) for method in METHODS)
    assert decomposed.dual == pytest.approx(by_highs.dual, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None)
@given(portfolio=portfolios())
def test_a_price_that_asks_for_something_stands_on_a_budget_that_is_used(method, portfolio: Portfolio):
    found = solve(*portfolio, method=method)
    binding = np.isfinite(portfolio.budgets) & (portfolio.budgets > 0)
    unused = (portfolio.budgets - found.used)[binding]
    # gap = Σ price × unused + Σ what customers lose by their choice, both never negative.
    assert (found.prices[binding] * unused <= found.dual - found.primal + 1e-6 * max(1.0, found.dual)).all()


@settings(max_examples=40, deadline=None)
@given(portfolio=portfolios(least_budgets=1), place=st.integers(0, 2), more=st.integers(1, 5))
def test_more_budget_never_promises_less(portfolio: Portfolio, place: int, more: int):
    larger = portfolio.budgets.copy()
    larger[place % len(larger)] += more
    for method in METHODS:
        less = solve(*portfolio, method=method)
        grown = solve(portfolio.values, portfolio.uses, larger, method=method)
        assert grown.dual >= less.dual - 1e-5 * max(1.0, less.dual)
        # The choice itself may fall short of its bound by what one whole customer is worth, and no more.
        assert grown.primal >= less.primal - (grown.dual - grown.primal) - 1e-6


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=60, deadline=None)
@given(portfolio=portfolios(), data=st.data())
def test_who_stands_where_changes_nobodys_choice(method, portfolio: Portfolio, data: st.DataObject):
    count = len(portfolio.values)
    keys = np.array(data.draw(st.permutations(range(count))), dtype=np.uint64)
    shuffled = np.array(data.draw(st.permutations(range(count))), dtype=int)
    one = solve(*portfolio, keys=keys, method=method, seed=5)
    other = solve(
        portfolio.values[shuffled], portfolio.uses[shuffled], portfolio.budgets, keys=keys[shuffled],
        method=method, seed=5,
    )  # fmt: skip
    assert other.choice.tolist() == one.choice[shuffled].tolist()
    assert other.prices.tolist() == one.prices.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_a_realistic_base_comes_near_its_bound_with_every_budget_used(method):
    portfolio = a_portfolio(800)
    found = solve(*portfolio, method=method)
    assert_sound(portfolio, found)
    assert found.gap_ratio < 5e-3
    assert (found.prices > 0).all()
    assert (found.used > 0.97 * portfolio.budgets).all()


def test_the_larger_the_base_the_smaller_the_gap():
    portfolio = a_portfolio(60_000)
    found = solve(*portfolio, threads=2)
    assert found.method == "decomposed"
    assert_sound(portfolio, found)
    assert found.gap_ratio < 1e-4


def test_more_threads_change_nothing():
    portfolio = a_portfolio(25_000)
    one, two = solve(*portfolio, threads=1), solve(*portfolio, threads=2)
    assert one.choice.tolist() == two.choice.tolist()
    assert one.prices.tolist() == two.prices.tolist()


def test_both_methods_agree_on_the_prices_of_a_realistic_base():
    portfolio = a_portfolio(900)
    by_highs, decomposed = (solve(*portfolio, method=method) for method in METHODS)
    assert decomposed.dual == pytest.approx(by_highs.dual, rel=1e-6)
    assert decomposed.prices == pytest.approx(by_highs.prices, rel=1e-2)


def test_the_price_is_what_one_more_unit_earns():
    portfolio = a_portfolio(30_000, seed=4)
    found = solve(*portfolio)
    for budget in range(3):
        more = portfolio.budgets.copy()
        more[budget] *= 1.01
        earned = solve(portfolio.values, portfolio.uses, more).dual - found.dual
        assert earned == pytest.approx(found.prices[budget] * 0.01 * portfolio.budgets[budget], rel=0.05)


def test_prices_to_begin_at_change_no_bound():
    portfolio = a_portfolio(5_000)
    found = solve(*portfolio, method="decomposed")
    again = solve(*portfolio, method="decomposed", begin=found.prices * 3.0)
    assert again.dual == pytest.approx(found.dual, rel=1e-6)


def test_a_small_base_goes_to_highs_and_a_larger_one_does_not():
    assert solve(*a_portfolio(20)).method == "highs"
    assert solve(*a_portfolio(HIGHS_UP_TO + 1)).method == "decomposed"


@pytest.mark.parametrize("method", METHODS)
class TestAtTheEdges:
    def test_nobody_gets_nothing_at_no_price(self, method):
        found = solve(np.zeros((0, 3)), np.zeros((0, 3, 2)), np.array([1.0, 2.0]), method=method)
        assert (found.primal, found.dual, found.gap_ratio) == (0.0, 0.0, 0.0)
        assert found.prices.tolist() == [0.0, 0.0]

    def test_without_budgets_everyone_gets_the_best(self, method):
        values = np.array([[1.0, 3.0], [-1.0, -2.0], [2.0, -np.inf]])
        found = solve(values, np.zeros((3, 2, 0)), np.zeros(0), method=method)
        assert found.choice.tolist() == [1, NONE, 0]

    def test_a_budget_without_end_has_no_price(self, method):
        portfolio = a_portfolio(50)
        found = solve(portfolio.values, portfolio.uses, np.full(3, np.inf), method=method)
        assert found.prices.tolist() == [0.0, 0.0, 0.0]
        assert found.gap_ratio == 0.0

    def test_what_is_worth_nothing_is_given_to_nobody(self, method):
        found = solve(-np.ones((5, 2)), np.ones((5, 2, 1)), np.array([3.0]), method=method)
        assert set(found.choice.tolist()) == {NONE}
        assert found.prices.tolist() == [0.0]

    def test_an_empty_budget_closes_what_uses_it_at_the_price_of_its_first_unit(self, method):
        values, uses = np.array([[4.0, 1.0], [9.0, -1.0]]), np.array([[[2.0], [0.0]], [[3.0], [0.0]]])
        found = solve(values, uses, np.array([0.0]), method=method)
        assert found.choice.tolist() == [1, NONE]
        assert found.prices.tolist() == [3.0]

    def test_customers_who_are_all_alike_share_a_budget_by_their_draw(self, method):
        values, uses = np.full((100, 1), 2.0), np.ones((100, 1, 1))
        one, other = (solve(values, uses, np.array([30.0]), method=method, seed=seed) for seed in (1, 2))
        assert (one.choice == 0).sum() == (other.choice == 0).sum() == 30
        assert one.prices.tolist() == pytest.approx([2.0])
        assert one.choice.tolist() != other.choice.tolist() or method == "highs"

    def test_two_actions_alike_go_by_the_draw_and_not_by_their_place(self, method):
        values, uses = np.full((200, 2), 1.0), np.zeros((200, 2, 1))
        found = solve(values, uses, np.array([1.0]), method=method)
        if method == "decomposed":
            assert 60 < (found.choice == 0).sum() < 140
        assert (found.choice != NONE).all()


BAD = [
    (lambda v, u, b: (np.where(v > 0, v, np.nan), u, b), "value of action"),
    (lambda v, u, b: (v + np.inf, u, b), "value of action"),
    (lambda v, u, b: (v, u - 100.0, b), "A finite use of at least 0"),
    (lambda v, u, b: (v, u * np.inf, b), "A finite use of at least 0"),
    (lambda v, u, b: (v, u * np.nan, b), "A finite use of at least 0"),
    (lambda v, u, b: (v, u, -b), "Budget 0 is -"),
    (lambda v, u, b: (v, u, b * np.nan), "Budget 0 is nan"),
    (lambda v, u, b: (v, u[:, :, :2], b), "were expected"),
    (lambda v, u, b: (v[:, :1], u, b), "were expected"),
    (lambda v, u, b: (v[0], u, b), "were expected"),
]


@pytest.mark.parametrize(("spoilt", "told"), BAD)
def test_what_is_no_portfolio_is_refused_in_words(spoilt, told: str):
    from linewise.core.errors import UsageError

    with pytest.raises(UsageError, match=told):
        solve(*spoilt(*a_portfolio(6)))
