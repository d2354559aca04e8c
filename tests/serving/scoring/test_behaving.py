"""How a release behaves on the loaded bank, beside the one that decides."""

import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.behaving import behaviour_of
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_decider


@pytest.fixture(scope="module")
def decider(served_home: Home) -> Decider:
    return open_decider(load_settings(home=served_home.root, language="en"))


@pytest.mark.parametrize(
    "model", ["card_default", "card_balance", "card_spend", "card_declined", "card_attrition", "offer_take_up"]
)
def test_a_release_beside_itself_moves_nothing_and_breaks_nothing(decider: Decider, model: str):
    found = behaviour_of(decider, model, decider, 60, seed=1)
    assert found.customer_count == 60
    assert (found.score_psi, found.score_correlation) == (pytest.approx(0), pytest.approx(1))
    assert found.policy_violations_count == 0
    assert found.risk_reversals_ratio == 0
    assert found.latency_p95_ms > 0


def test_without_anything_that_decides_no_score_is_compared(decider: Decider):
    found = behaviour_of(decider, "card_default", None, 5, seed=1)
    assert (found.score_psi, found.score_correlation) == (None, None)


def test_the_same_seed_asks_the_same_customers(decider: Decider):
    first, second = (behaviour_of(decider, "card_default", decider, 20, seed=2) for _ in range(2))
    assert first.income_reversals_ratio == second.income_reversals_ratio
