"""Charts stay within their drawing, whatever is drawn, and say nothing of a handful."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.quality.shares import Share
from serving.team.charts import HEIGHT, WIDTH, bars, shares

COUNTS = st.lists(st.lists(st.integers(0, 10**7), max_size=3), max_size=40)
SHARES = st.lists(
    st.integers(0, 500).flatmap(lambda of: st.integers(0, of).map(lambda count: Share(count, of))), max_size=40
)


@settings(max_examples=50)
@given(COUNTS)
def test_bars_stand_on_each_other_within_the_drawing(stacks: list[list[int]]):
    drawing = bars(stacks)
    assert len(drawing.bars) == sum(count > 0 for stack in stacks for count in stack)
    for bar in drawing.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
    assert len(drawing.labels) <= 5
    assert [place for _, place in drawing.labels][-1:] == [len(stacks) - 1] * bool(stacks)


@settings(max_examples=30)
@given(SHARES)
def test_points_lie_within_their_intervals_and_a_handful_has_none(values: list[Share]):
    drawing = shares(values)
    assert len(drawing.points) == sum(not one.is_small for one in values)
    assert all(0 <= one.high_y <= one.y <= one.low_y <= HEIGHT for one in drawing.points)


def test_a_bar_is_as_high_as_its_count():
    low, high = bars([(5,), (10,)]).bars
    assert high.height == 2 * low.height
