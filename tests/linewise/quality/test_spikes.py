"""Spikes of complaints: found when they are there, seldom raised when they are not, over simulated histories."""

import numpy as np
import pytest

from linewise.quality.spikes import FALSE_ALARM_RATIO, WeeklyCounts, spikes_of

WEEKS = 26


def history(chance: np.random.Generator, rate: float, scatter: float, last: float = 1.0) -> WeeklyCounts:
    """Weeks of calls that grow and shrink, and complaints among them; the last week has `last` times as many."""
    calls = chance.integers(800, 1_200, WEEKS + 1)
    means = rate * calls / 1_000
    means[-1] *= last
    # Counts whose variance is `scatter` times their mean.
    counts = chance.poisson(means if scatter == 1.0 else chance.gamma(means / (scatter - 1.0)) * (scatter - 1.0))
    return WeeklyCounts(counts.tolist(), calls.tolist())


@pytest.mark.parametrize("scatter", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("rate", [0.5, 4.0, 40.0])
def test_a_page_without_any_change_alarms_no_more_often_than_it_says(rate: float, scatter: float):
    chance, pages = np.random.default_rng(7), 600
    alarms = sum(bool(spikes_of({name: history(chance, rate, scatter) for name in "abcdefgh"})) for _ in range(pages))
    # Two standard errors of chance in the counting itself.
    assert alarms / pages <= FALSE_ALARM_RATIO + 2 * (FALSE_ALARM_RATIO * 0.95 / pages) ** 0.5


@pytest.mark.parametrize(("rate", "scatter", "times"), [(4.0, 1.0, 4.0), (40.0, 1.0, 1.8), (40.0, 2.0, 2.2)])
def test_a_spike_that_is_there_is_found(rate: float, scatter: float, times: float):
    chance = np.random.default_rng(11)
    found = 0
    for _ in range(200):
        series = {name: history(chance, rate, scatter) for name in "abcdefg"}
        spikes = spikes_of(series | {"price": history(chance, rate, scatter, times)})
        found += any(one.name == "price" for one in spikes)
    assert found >= 160


def test_a_spike_says_what_was_expected_and_how_unlikely_it_is():
    spike = spikes_of({"price": WeeklyCounts([2] * 10 + [12], [500] * 10 + [1_000])})[0]
    # Given 32 complaints, 12 or more within 1,000 of 6,000 calls: the upper tail of Binomial(32, 1/6).
    assert (spike.name, spike.count, spike.expected) == ("price", 12, 4.0)
    assert spike.p == pytest.approx(0.00387, abs=5e-5)


@pytest.mark.parametrize(
    "one",
    [
        WeeklyCounts([], []),
        WeeklyCounts([50], [100]),
        WeeklyCounts([0, 0, 0, 50], [100] * 4),
        WeeklyCounts([0] * 10 + [2], [100] * 11),
        WeeklyCounts([1] * 10 + [50], [100] * 10 + [0]),
    ],
    ids=["nothing", "no history", "three weeks", "two complaints", "no calls"],
)
def test_there_is_no_alarm_without_a_history_or_for_a_handful(one: WeeklyCounts):
    assert spikes_of({"price": one} if one.calls else {}) == []


def test_more_calls_are_no_spike():
    assert spikes_of({"price": WeeklyCounts([10] * 20 + [40], [1_000] * 20 + [4_000])}) == []
