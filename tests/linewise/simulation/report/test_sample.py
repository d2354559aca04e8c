import numpy as np
import pytest

from linewise.simulation.lives.record import LIMIT_CHANGE
from linewise.simulation.report.sample import (
    EFFECT_MONTHS,
    active_from,
    lived,
    raise_month,
    reviewed_months,
    whole_months,
)
from tests.linewise.simulation.report.builders import a_sample, a_world, midday_s, some_lives, with_months, with_people

# What was paid of a statement shows in the month after it, when the raise may already have changed it.
_SEEN_AT_THE_END_OF_THE_CYCLE = ("balance_amt", "limit_amt", "bucket", "spend_amt", "score")


@pytest.mark.parametrize(
    ("cycle_day", "days_later", "month"),
    [(10, 8, 0), (10, 9, 1), (1, 0, 1), (28, 26, 0), (28, 27, 1), (10, 31 + 8, 1)],
)
def test_an_event_on_the_day_of_the_statement_belongs_to_the_next_cycle(cycle_day: int, days_later: int, month: int):
    world = a_world()
    at_s = midday_s(world, world.calendar.first_day + days_later)
    lives = some_lives(1, world, events=[{"kind": LIMIT_CHANGE, "at_s": at_s}])
    sample = a_sample(with_people(lives, cycle_day=cycle_day), world)
    assert sample.cycle_of(sample.lives.events).tolist() == [month]


def test_an_account_stays_active_for_twelve_months_after_its_last_purchase():
    world = a_world()
    lives = some_lives(1, world)
    purchases = np.zeros(lives.months.shape)
    purchases[0, 3] = 1
    active = a_sample(with_months(lives, purchases_count=purchases), world).is_active[0]
    assert np.flatnonzero(active).tolist() == list(range(3, 15))


def test_a_closed_or_written_off_account_is_not_active():
    world = a_world()
    lives = some_lives(3, world)
    is_open, bucket = np.ones(lives.months.shape), np.zeros(lives.months.shape)
    is_open[1, :], bucket[2, 5:] = 0, 9
    active = a_sample(with_months(lives, balance_amt=100, is_open=is_open, bucket=bucket), world).is_active
    assert active[0].all()
    assert not active[1].any()
    assert active[2].tolist() == [True] * 5 + [False] * (active.shape[1] - 5)


def test_default_counts_from_the_month_after_to_the_twelfth():
    world = a_world()
    lives = some_lives(1, world)
    bucket = np.zeros(lives.months.shape)
    bucket[0, 20] = 4
    found = a_sample(with_months(lives, bucket=bucket), world).defaults_within[0]
    assert np.flatnonzero(found).tolist() == list(range(8, 20))


def test_the_bank_s_own_raises_are_those_by_rule_and_at_random():
    world = a_world()
    at_s = midday_s(world, world.calendar.first_day + 40)
    common = {"kind": LIMIT_CHANGE, "at_s": at_s, "a": 10, "b": 12, "c": 1, "d": 0}
    changes = [common, common | {"d": 1}, common | {"d": 2, "c": 0}, common | {"b": 5, "d": 4}, common | {"d": 5}]
    raises = a_sample(some_lives(1, world, events=changes), world).raises
    assert raises.reason.tolist() == [0, 1]
    assert raises.month.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("month_count", "whole", "first_active", "raised", "reviewed"),
    [(2, 1, 0, 1, range(6, 1)), (12, 11, 10, 6, range(6, 11)), (24, 23, 11, 12, range(11, 23))],
)
def test_the_unfinished_last_month_is_never_judged(month_count, whole, first_active, raised, reviewed):
    world = a_world(month_count)
    assert whole_months(world) == whole
    assert active_from(world) == first_active
    assert raise_month(world) == raised
    assert list(reviewed_months(world)) == list(reviewed)


def test_lives_are_alike_until_the_raise_and_long_enough_after_it():
    world = a_world(12)
    sample = lived(world, np.arange(1, 201))
    month = raise_month(world)
    assert sample.months.shape[1] >= month + EFFECT_MONTHS
    for column in _SEEN_AT_THE_END_OF_THE_CYCLE:
        assert (sample.raised.months[column][:, :month] == sample.months[column][:, :month]).all()
    open_before = sample.is_open[:, month - 1] & sample.is_open[:, month]
    higher = sample.raised.months["limit_amt"][:, month] > sample.months["limit_amt"][:, month]
    assert higher[open_before].mean() > 0.9
    for undone in sample.undone:
        months = sample.months[undone.person]
        for column in _SEEN_AT_THE_END_OF_THE_CYCLE:
            assert (undone.lives.months[column][:, : undone.month] == months[column][:, : undone.month]).all()
        assert (undone.lives.months["limit_amt"][:, undone.month] < months["limit_amt"][:, undone.month]).all()
