"""From decisions to candidates and back: at the solved prices the base proposes about what was solved."""

from dataclasses import replace

import numpy as np
import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.decisioning.prices import NO_PRICES
from serving.portfolio.budgets import Given
from serving.portfolio.callers import Callers, expected_callers
from serving.portfolio.candidates import OFFER, RAISE, USES, Candidates, candidates_of
from serving.portfolio.solving import solve_portfolio
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_decider
from tests.serving.portfolio.builders import some_candidates

DAYS = 90


@pytest.fixture(scope="module")
def desk(served_home: Home) -> Decider:
    return open_decider(load_settings(home=served_home.root))


@pytest.fixture(scope="module")
def base(desk: Decider) -> tuple[Candidates, Callers]:
    now = desk.clock.now()
    return candidates_of(desk, lambda ids: expected_callers(desk.facts, ids, now, DAYS))


def contacts_at(desk: Decider, callers: Callers) -> float:
    """The expected contacts of the whole base as it is decided."""
    decisions = desk.decide(desk.customer_ids(), desk.context("voice", explain=False))
    return float((callers.calling_ratio * (decisions.offers.rank >= 0).any(axis=1)).sum())


def test_each_customer_has_a_row_of_offers_and_one_of_raises_at_most(base: tuple[Candidates, Callers]):
    candidates, _ = base
    named = list(zip(candidates.customer_id.tolist(), candidates.kind.tolist(), strict=True))
    assert len(set(named)) == len(named) > 0
    assert set(candidates.kind.tolist()) <= {OFFER, RAISE}
    assert len(set(candidates.keys.tolist())) == len(candidates.keys)


def test_a_closed_action_uses_nothing_that_counts_and_an_open_one_is_worth_something(base: tuple[Candidates, Callers]):
    candidates, _ = base
    is_open = np.isfinite(candidates.values_amt)
    assert is_open.any(axis=1).all()
    assert (candidates.values_amt[is_open] > 0).all()
    assert (candidates.uses >= 0).all()
    of_offers = candidates.uses[candidates.kind == OFFER]
    assert (of_offers[:, :, USES.index("exposure")] == 0).all()


def test_without_budgets_the_base_proposes_what_it_would_without_prices(
    desk: Decider, base: tuple[Candidates, Callers]
):
    candidates, callers = base
    free = solve_portfolio(candidates, {}, 1)
    assert free.prices == NO_PRICES
    assert free.used["contacts"] == pytest.approx(contacts_at(desk.at_prices(NO_PRICES), callers), rel=0.01)


def test_at_the_prices_the_base_proposes_about_what_the_budget_allows(desk: Decider, base: tuple[Candidates, Callers]):
    candidates, callers = base
    allowed = 0.5 * contacts_at(desk.at_prices(NO_PRICES), callers)
    solved = solve_portfolio(candidates, {"contacts": Given(allowed, "test")}, 1)
    assert solved.prices.contact_amt > 0
    assert solved.used["contacts"] <= allowed
    assert contacts_at(desk.at_prices(solved.prices), callers) == pytest.approx(allowed, rel=0.05)


def test_the_order_of_the_base_changes_nothing():
    candidates = some_candidates()
    budgets = {"exposure": Given(40_000_000.0, "test")}
    shuffled = np.random.default_rng(2).permutation(len(candidates.keys))
    names = ("customer_id", "kind", "values_amt", "expected_amt", "uses", "keys")
    other = replace(candidates, **{name: getattr(candidates, name)[shuffled] for name in names})
    one, two = (solve_portfolio(found, budgets, 1) for found in (candidates, other))
    assert one.prices == two.prices
    assert one.counts == two.counts


def test_what_no_price_orders_is_taken_off_the_budget_beforehand():
    candidates = some_candidates()
    apart = replace(candidates, unpriced_uses=np.array([0.0, 50.0, 0.0, 0.0, 0.0]))
    budgets = {"contacts": Given(120.0, "test")}
    solved = solve_portfolio(apart, budgets, 1)
    assert 100.0 < solved.used["contacts"] <= 120.0
    assert solved.prices.contact_amt > solve_portfolio(candidates, budgets, 1).prices.contact_amt
