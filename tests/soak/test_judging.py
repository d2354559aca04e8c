"""What the proposals of a release do to a bank of 20,000 whose truth is known, whatever the seed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.judging.home import judged_settings
from benchmarks.judging.judging import Judged, judge_home, worth_of_policies
from linewise.simulation.truth import Truth
from linewise.simulation.world import World, world_of

pytestmark = pytest.mark.soak

CUSTOMERS, MONTHS = 20_000, 36
MOST_CHANGED, MOST_OF_RINGS = 0.01, 0.2
SURELY = 2.0
"""Standard errors."""


@pytest.fixture(scope="module", params=[1, 2, 3])
def world(request: pytest.FixtureRequest) -> World:
    return world_of(customer_count=CUSTOMERS, month_count=MONTHS, seed=request.param)


@pytest.fixture(scope="module")
def judged(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    folder: Path = tmp_path_factory.mktemp("judged")
    yield judge_home(judged_settings(folder, world))
    shutil.rmtree(folder)


def test_no_raise_goes_to_a_persistent_debtor_and_next_to_none_to_who_is_up_to_something(judged: Judged) -> None:
    shares = {one.group: one for one in judged.shares}
    assert judged.raised_ratio > 0
    assert shares["persistent debtors"].members > 0
    assert shares["persistent debtors"].raised == 0
    assert shares["cash-out rings"].members > 0
    for group in ("cash-out rings", "bust-outs that turned", "takeovers that turned"):
        assert shares[group].lift_ratio <= MOST_OF_RINGS, group


def test_next_to_no_suggestion_changes_in_a_week_in_which_nothing_does(judged: Judged) -> None:
    for name, change in judged.changes.items():
        if "later" in name or "seed" in name:
            assert change.changed_ratio <= MOST_CHANGED, name
        if "later" in name:
            assert change.limit_ratio <= MOST_CHANGED, name


def test_the_proposals_do_no_harm_in_the_truth_and_less_than_a_quarter_more_for_everybody(
    judged: Judged, world: World
) -> None:
    worth, losses = worth_of_policies(judged, Truth(world), sample=4_000, futures=16, horizon_months=12)
    found = {one.policy: one for one in worth}
    ours, everybody = found["the release"], found["+25% for everybody"]
    assert ours.profit_amt > -SURELY * ours.profit_error_amt
    assert ours.profit_amt > everybody.profit_amt
    assert losses.true_amt - SURELY * losses.true_error_amt <= losses.expected_amt
