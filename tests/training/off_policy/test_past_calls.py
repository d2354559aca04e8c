"""Ways to choose an offer, judged by calls whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from linewise.core.errors import DataCheckFailed
from tests.training.effects.showings import SPEC
from training.dataset import ShowingDataset
from training.off_policy.past_calls import worth_of

OFFERS = 3
Calls = tuple[ShowingDataset, np.ndarray, np.ndarray]


def some_calls(call_count: int = 6_000, seed: int = 0) -> Calls:
    """Each offer suits a third of the customers; the bank shows any of them, oftener the first."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=call_count)
    suits = np.digitize(x, [-0.4, 0.4])
    chosen_with = np.array([0.6, 0.2, 0.2])
    shown = draw.choice(OFFERS, size=call_count, p=chosen_with)
    case = np.repeat(np.arange(call_count), OFFERS)
    offer = np.tile(np.arange(OFFERS), call_count)
    is_shown = (shown[case] == offer).astype(np.int64)
    chance = np.where(is_shown == 1, np.where(suits[case] == offer, 0.30, 0.06), 0.02)
    data = ShowingDataset(
        name="offer_take_up",
        feature_names=("x0",),
        offer_attributes=("offer_tier", "is_shown"),
        x=np.column_stack([x[case], offer.astype(np.float64), is_shown]),
        y=(draw.random(len(case)) < chance).astype(np.int64),
        groups=case,
        cases=case,
        has_control_group=True,
        is_shown=is_shown,
        is_pitched=np.where(is_shown == 1, 1.0, np.nan),
        is_censored=np.zeros(len(case), dtype=np.bool_),
        agents=np.where(is_shown == 1, case % 40, -1),
    )
    return data, offer, np.where(is_shown == 1, chosen_with[offer], np.nan)


@pytest.fixture(scope="module")
def calls() -> Calls:
    return some_calls()


def test_the_highest_effect_earns_what_the_truth_says_and_more_than_was_done(calls: Calls):
    found = worth_of(SPEC, *calls, seed=1)
    best, likeliest, even = found.policies
    by_switch = best.by_method["switch_dr"]
    assert by_switch.low <= 0.30 <= by_switch.high
    assert by_switch.low > found.as_logged.high
    assert even.by_method["dr"].value == pytest.approx((0.30 + 2 * 0.06) / 3, abs=0.02)
    assert likeliest.by_method["ips"].value == pytest.approx(0.30, abs=0.04)
    assert (found.call_count, found.left_out_count) == (6_000, 0)


def test_calls_without_a_known_probability_or_with_several_offers_are_left_out(calls: Calls):
    data, offer, pscore = calls
    unknown = np.where(data.cases < 500, np.nan, pscore)
    several = data.is_shown.copy()
    several[(data.cases >= 500) & (data.cases < 700)] = 1
    found = worth_of(SPEC, replace(data, is_shown=several), offer, unknown, seed=1)
    assert (found.call_count, found.left_out_count) == (5_300, 700)


def test_too_few_calls_are_refused(calls: Calls):
    data, offer, pscore = calls
    with pytest.raises(DataCheckFailed, match="0 calls tell"):
        worth_of(SPEC, data, offer, np.full(len(pscore), np.nan), seed=1)
