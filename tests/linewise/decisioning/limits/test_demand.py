"""What a line declines of a cycle's purchases; and the newsvendor's line, which the value of lines must find."""

import numpy as np
import pytest
from scipy.special import ndtri

from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.value import ExpectedUse, value_of
from tests.builders import a_policy

ECONOMICS = a_policy().decision.economics


def demand(mean: float, spread: float) -> CycleDemand:
    return CycleDemand(np.array([mean]), np.array([spread]))


def test_what_is_declined_falls_and_is_convex_and_known_at_the_mean():
    lines = np.arange(0, 4001, 50)[None, :]
    declined = demand(1000.0, 500.0).declined_amt(lines)[0]
    assert (np.diff(declined) <= 0).all()
    assert (np.diff(declined, 2) >= -1e-9).all()
    assert declined[20] == pytest.approx(500.0 / np.sqrt(2 * np.pi))
    assert declined[-1] == pytest.approx(0.0, abs=1e-6)


def test_the_sampled_mean_says_the_same():
    wanted = np.random.default_rng(1).normal(1000.0, 300.0, 400_000)
    sampled = np.maximum(wanted - 1100.0, 0.0).mean()
    assert demand(1000.0, 300.0).declined_amt(np.array([[1100]]))[0, 0] == pytest.approx(sampled, rel=0.01)


@pytest.mark.parametrize(("mean", "spread", "pd_12m"), [(500_000.0, 250_000.0, 0.0), (900_000.0, 200_000.0, 0.002)])
def test_the_most_valuable_line_of_a_transactor_is_the_newsvendors(mean: float, spread: float, pd_12m: float):
    # P(demand > line) = cost of a unit of line / margin of a unit of spend: Budd and Taylor, arXiv:1506.05376.
    lines = np.arange(100_000, 3_000_001, 1_000)[None, :]
    served = mean - demand(mean, spread).declined_amt(lines)
    nothing = np.zeros(1)
    use = ExpectedUse(
        limit_amt=lines,
        pd_12m=np.full(1, pd_12m),
        **dict.fromkeys(
            ("revolving_amt", "later_revolving_amt", "transacting_amt", "owed_at_default_amt", "rate_ratio", "fee_amt",
             "attrition_amt", "one_off_cost_amt", "revolver_ratio", "utilisation_ratio", "terminal_years"),
            nothing,
        ),
        spend_amt=12.0 * served,
    )  # fmt: skip
    best = int(lines[0, value_of(use, ECONOMICS).value_amt[0].argmax()])
    margin = 12.0 * (ECONOMICS.interchange_ratio - ECONOMICS.reward_ratio) * (1.0 - pd_12m)
    capital = 0.45 * 0.2 * ECONOMICS.capital_requirement_ratio * ECONOMICS.capital_cost_ratio * (1.0 - pd_12m)
    loss = pd_12m * 0.4 * (ECONOMICS.loss_given_default_ratio + ECONOMICS.collection_cost_ratio)
    newsvendor = mean + spread * float(ndtri(1.0 - (capital + loss) / margin))
    assert best == pytest.approx(newsvendor, abs=1_000)
