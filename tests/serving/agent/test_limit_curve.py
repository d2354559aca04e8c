"""The drawn curve of limits: what stands where, and that nothing is drawn without a curve."""

from itertools import pairwise

import pytest

from serving.agent.limit_curve import HEIGHT, LINE_HEIGHT, WIDTH, limit_curve


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


@pytest.mark.parametrize("marked", [(10, 10, 60), (60, 60, 60), (5, 70, 80)])
def test_words_of_marks_never_lie_on_each_other_nor_outside_the_picture(marked: tuple[int, int, int]):
    curve = limit_curve(limit_of(*marked, (10, 0), (60, 20)))
    assert curve is not None
    heights = [one.text_y for one in curve.marks]
    assert all(later - earlier >= LINE_HEIGHT for earlier, later in pairwise(heights))
    for one in curve.marks:
        assert 0 <= one.x <= WIDTH
        assert 0 < one.text_y < HEIGHT
        assert (one.anchor == "start") == (one.x < WIDTH / 2)


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
