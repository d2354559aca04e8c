"""Prices solved again, by other dice and on half of the base."""

from dataclasses import asdict

import pytest

from benchmarks.judging.resolving import SCARCE, prices_solved_anew
from linewise.decisioning.prices import PRICE_OF
from serving.scoring.recommender import Recommender


def test_half_of_the_base_under_half_of_the_budgets_has_prices_near_those_of_the_whole(
    recommender: Recommender,
) -> None:
    solved = prices_solved_anew(recommender)
    whole, other, half = (solved[name] for name in ("the base", "another seed of the solver", "a half of the base"))
    assert whole.contact_amt > 0
    assert half.contact_amt == pytest.approx(whole.contact_amt, rel=0.2)
    assert other.contact_amt == pytest.approx(whole.contact_amt, rel=0.01)
    unscarce = set(asdict(whole)) - {PRICE_OF[name] for name in SCARCE}
    assert {getattr(prices, name) for prices in solved.values() for name in unscarce} == {0.0}
