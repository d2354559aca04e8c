"""A month whose callers select themselves: prices alone overrun a budget, the ledger never does."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from linewise.core.errors import NotReady
from linewise.ledger.pacing import PacingPolicy
from serving.portfolio.raise_mix import RaiseMix, mix_of
from serving.portfolio.rehearsal import Month, plan_of, rehearse_by_ledger, rehearse_by_prices
from serving.portfolio.rehearsing import rehearse
from serving.scoring.promises import RAISE_KINDS
from tests.builders import decided, some_customers

MONTH = Month(calls_count=120, days=10, decides_within_days=3)


def a_mix(seed: int = 1, count: int = 600) -> RaiseMix:
    """Customers of whom the riskier call sooner: what a raise uses of the loss budget goes with it."""
    draw = np.random.default_rng(seed)
    risk = draw.lognormal(0.0, 0.8, count)
    raised = np.array([0, 1_000, 2_000]) * np.ones((count, 1), dtype=np.int64)
    loss = (0.02 * raised * risk[:, None]).astype(np.int64)
    uses = np.stack([raised, loss, raised // 20], axis=2).astype(np.int64)
    value = 0.08 * raised - 0.5 * loss
    return RaiseMix(
        np.array([f"C{number}" for number in range(count)]),
        np.full(count, 10_000),
        raised.astype(np.int64),
        value,
        uses,
        risk / risk.mean(),
    )


def test_prices_alone_are_overrun_by_those_who_call_and_the_ledger_holds():
    found = rehearse(a_mix(), range(3), PacingPolicy(), calls_count=MONTH.calls_count)
    assert found.held_count == {"prices_alone": 0, "ledger": 3}
    assert found.used_ratio(found.by_prices, "loss")[0] > 1.2
    mean, most = found.used_ratio(found.by_ledger, "loss")
    assert 0.5 < mean <= most <= 1.0


def test_were_all_alike_prices_would_hold_on_average():
    mix = replace(a_mix(), propensity=np.ones(600))
    plan = plan_of(mix, MONTH)
    shares = [rehearse_by_prices(mix, plan, MONTH, seed).used_ratio["loss"] for seed in range(30)]
    assert np.mean(shares) == pytest.approx(1.0, abs=0.1)


def test_the_same_seed_gives_the_same_month():
    mix = a_mix()
    plan = plan_of(mix, MONTH)
    one, other = (rehearse_by_ledger(mix, plan, MONTH, 5, PacingPolicy()) for _ in range(2))
    assert one == other
    assert rehearse_by_prices(mix, plan, MONTH, 5) == rehearse_by_prices(mix, plan, MONTH, 5)


def test_a_higher_price_never_chooses_a_larger_use():
    mix, rows = a_mix(), np.arange(600)
    used = [
        mix.uses[rows, mix.chosen(np.array([0.0, price, 0.0]), rows), 1].sum() for price in (0.0, 1.0, 2.0, 5.0, 50.0)
    ]
    assert all(cheaper >= dearer for cheaper, dearer in pairwise(used))
    assert used[-1] < used[0]


def test_the_mix_is_of_those_who_have_a_line_and_what_it_uses_is_the_release_s_own():
    made = decided(some_customers({}, current_limit_amt=1_000_000.0))
    mix = mix_of(made, np.array([3.0]))
    assert len(mix) == 1
    assert mix.uses.shape == (1, made.limit.candidate_amt.shape[1], len(RAISE_KINDS))
    assert mix.uses[0, 0].tolist() == [0, 0, 0]
    assert (mix.uses[0, :, 0] == made.limit.candidate_amt[0] - 1_000_000).all()


@pytest.mark.parametrize(("line_amt", "called"), [(0.0, 3.0), (1_000_000.0, 0.0)])
def test_without_lines_or_calls_there_is_nothing_to_rehearse(line_amt: float, called: float):
    made = decided(some_customers(current_limit_amt=line_amt))
    with pytest.raises(NotReady, match="linewise bank simulate"):
        mix_of(made, np.array([called]))
