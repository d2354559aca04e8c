"""Days and channels of a list: quotas hold whatever the list, and the first in rank are contacted first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.planning.scheduling import scheduled
from tests.serving.campaigns.briefs import brief_file


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    few = ("a_day: 100", "a_day: 3"), ("agents: 2, calls_an_hour: 6, hours_a_day: 5", "a_day: 2")
    return read_brief(brief_file(tmp_path_factory.mktemp("brief"), *few))


@pytest.mark.parametrize("spill_over", ["next_day", "next_channel"])
@given(seed=st.integers(0, 10_000), count=st.integers(0, 60), control=st.floats(0, 1))
def test_no_day_of_a_channel_holds_more_than_its_quota(
    brief: Brief, spill_over: str, seed: int, count: int, control: float
) -> None:
    draw = np.random.default_rng(seed)
    channel = np.zeros(count, dtype=np.int64)
    is_treated = draw.random(count) >= control
    # What was allocated fits the window: seven days of three and of two.
    treated = np.flatnonzero(is_treated)[:35]
    is_treated[:] = False
    is_treated[treated] = True
    channel[treated[:21]], channel[treated[21:]] = 0, 1
    rank = draw.permutation(count)
    one = brief.model_copy(update={"spill_over": spill_over})
    open_in = {place: draw.random(count) < 0.5 for place in (0, 1)}
    found = scheduled(one, channel.copy(), is_treated, rank, open_in)
    assert ((found.day >= 0) & (found.day < 7)).all()
    for day in range(7):
        for place, most in enumerate((3, 2)):
            assert (is_treated & (found.day == day) & (found.channel == place)).sum() <= most
    moved = found.channel != channel
    assert all(open_in[place][moved & (found.channel == place)].all() for place in (0, 1))


def test_the_first_in_rank_are_contacted_first(brief: Brief) -> None:
    rank = np.array([4, 0, 3, 1, 2, 5, 6])
    found = scheduled(brief, np.zeros(7, dtype=np.int64), np.ones(7, dtype=bool), rank, {})
    assert found.day.tolist() == [1, 0, 1, 0, 0, 1, 2]


def test_a_control_takes_nobodys_place_and_has_the_day_of_those_beside_it(brief: Brief) -> None:
    is_treated = np.array([True, True, True, False, True, False])
    found = scheduled(brief, np.zeros(6, dtype=np.int64), is_treated, np.arange(6), {})
    assert found.day.tolist() == [0, 0, 0, 1, 1, 1]
