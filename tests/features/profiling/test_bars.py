"""The bars of a plot: every known value is drawn or told."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue import FEATURES
from features.profiling.bars import BAR_COUNT, Bars, bars_of
from tests.features.profiling.builders import A_COUNT, A_RATIO, AN_AMOUNT, spread

VALUES = st.lists(st.floats(-1e9, 1e9) | st.integers(0, 3).map(float) | st.just(math.nan), max_size=150)


def told(bars: Bars) -> float:
    return sum(bars.current) + sum(spike.current for spike in bars.spikes)


@given(VALUES, VALUES)
def test_every_known_value_is_drawn_or_told(current: list[float], reference: list[float]) -> None:
    now, then = spread(current), spread(reference)
    bars = bars_of(now, then, A_RATIO)
    if not now.known and not then.known:
        assert bars is None
        return
    assert bars is not None
    assert told(bars) == pytest.approx(1.0 if now.known else 0.0)
    assert bars.reference is not None
    assert len(bars.reference) == len(bars.current) <= BAR_COUNT


def test_few_values_have_a_bar_each() -> None:
    assert bars_of(spread([0, 0, 1, 5]), None, A_COUNT) == Bars(0, 5, (0.5, 0.25, 0.25), None, (), True)
    assert bars_of(spread([7, 7]), spread([7]), A_COUNT) == Bars(7, 7, (1.0,), (1.0,), (), True)


def test_a_heavy_zero_is_told_so_that_the_rest_can_be_seen() -> None:
    bars = bars_of(spread([0.0] * 900 + [*range(100, 200)]), spread([0.0] * 10 + [*range(100, 190)]), AN_AMOUNT)
    assert bars is not None
    ((spike),) = bars.spikes
    assert (spike.value, spike.current, spike.reference) == (0.0, 0.9, 0.1)
    assert bars.start >= 100


def test_a_default_far_away_does_not_stretch_the_axis() -> None:
    recency = next(feature for feature in FEATURES if feature.default == 365)
    bars = bars_of(spread([*range(60), *[365.0] * 3]), None, recency)
    assert bars is not None
    assert [spike.value for spike in bars.spikes] == [365.0]
    assert bars.end < 60


def test_whole_numbers_are_never_split_unevenly() -> None:
    bars = bars_of(spread(np.repeat(np.arange(50.0), 20)), None, A_COUNT)
    assert bars is not None
    assert set(np.round(bars.current, 9)) == {0.04}
