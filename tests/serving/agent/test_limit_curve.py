"""The drawn curve of limits: what stands where, and that nothing is drawn without a curve."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from serving.agent.limit_curve import HEIGHT, LINE_HEIGHT, WIDTH, WORD_WIDTH, limit_curve


def limit_of(current: int, suggested: int, most: int, *points: tuple[int, int]) -> dict[str, object]:
    shape = [{"limit_amt": amount, "worth_level": level, "is_open": amount <= most} for amount, level in points]
    return {"current_amt": current, "suggested_amt": suggested, "max_amt": most, "shape": shape}


def test_the_curve_rises_and_falls_with_what_a_limit_is_worth_and_marks_stand_in_order():
    curve = limit_curve(limit_of(10, 30, 40, (10, 0), (30, 20), (40, 12), (60, 3)))
    assert curve is not None
    points = [tuple(map(float, one.split(","))) for one in curve.points.split(" ")]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert min(points, key=lambda one: one[1]) == points[1]
    assert [one.name for one in curve.marks] == ["current", "suggested", "max"]
    assert [one.x for one in curve.marks] == sorted(one.x for one in curve.marks)
    assert curve.marks[2].x == curve.most_x == points[2][0]


@given(st.integers(10, 60), st.integers(10, 60), st.integers(10, 60))
@example(10, 54, 60)
@example(34, 36, 38)
@example(60, 60, 60)
def test_words_of_marks_lie_on_no_line_nor_on_each_other_nor_outside_the_picture(
    current: int, suggested: int, most: int
):
    curve = limit_curve(limit_of(current, suggested, most, (10, 0), (60, 20)))
    assert curve is not None
    heights = sorted(one.text_y for one in curve.marks)
    assert all(later - earlier >= LINE_HEIGHT for earlier, later in pairwise(heights))
    assert 0 < heights[0] < heights[-1] < HEIGHT
    for one in curve.marks:
        begins = one.x if one.anchor == "start" else one.x - WORD_WIDTH
        assert 0 <= begins < begins + WORD_WIDTH <= WIDTH
        # A line begins below the word of its mark.
        above = [other.x for other in curve.marks if other.text_y < one.text_y]
        assert not [x for x in above if begins < x < begins + WORD_WIDTH]


@pytest.mark.parametrize("points", [(), ((10, 0),), ((10, 0), (10, 20))])
def test_what_is_no_curve_is_not_drawn(points: tuple[tuple[int, int], ...]):
    assert limit_curve(limit_of(10, 10, 10, *points)) is None


def test_what_is_worth_less_than_today_lies_below_the_ground():
    curve = limit_curve(limit_of(10, 10, 40, (10, 0), (20, 5), (40, -20)))
    assert curve is not None
    heights = [float(one.split(",")[1]) for one in curve.points.split(" ")]
    assert heights[0] == curve.ground_y
    assert heights[1] < curve.ground_y < heights[2]


def test_a_view_of_before_curves_were_shown_draws_none():
    assert limit_curve({"current_amt": 1, "suggested_amt": 2, "max_amt": 3}) is None
