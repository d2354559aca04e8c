"""What a campaign added is the difference of the arms that chance drew, with an interval that holds it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.errors import UsageError
from linewise.quality.lift import Moments, absolute_lift, lift_of, mean_difference, relative_lift


@pytest.mark.parametrize(
    ("treated", "control", "value", "low", "high"),
    # Newcombe 1998, table II, method 10.
    [((56, 70), (48, 80), 0.2, 0.0524, 0.3339), ((9, 10), (3, 10), 0.6, 0.1705, 0.8090),
     ((5, 56), (0, 29), 0.0893, -0.0381, 0.1926), ((0, 10), (0, 20), 0.0, -0.1611, 0.2775),
     ((10, 10), (0, 10), 1.0, 0.6075, 1.0)],
)  # fmt: skip
def test_the_interval_of_a_difference_is_that_of_the_published_table(treated, control, value, low, high):
    found = absolute_lift(*treated, *control)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=6e-5)


def test_relative_lift_is_the_share_of_the_controls_rate_that_came_on_top():
    found = relative_lift(60, 1_000, 40, 1_000)
    assert found is not None
    # By hand: the error is √(1/60.5 - 1/1000.5 + 1/40.5 - 1/1000.5) = 0.198043.
    assert found.value == pytest.approx(0.5)
    low, high = np.exp(np.log(60.5 / 40.5) + np.array([-1.959964, 1.959964]) * 0.198043) - 1
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)


def test_without_any_response_of_the_control_there_is_no_relative_lift_but_an_absolute_one():
    found = lift_of(12, 1_000, 0, 100)
    assert found.relative is None
    assert found.absolute.value == pytest.approx(0.012)
    assert found.absolute.low < 0 < found.absolute.high
    assert found.added_count.value == pytest.approx(12)


@pytest.mark.parametrize(("treated", "control"), [(0, 10), (10, 0)])
def test_an_empty_arm_tells_of_no_lift(treated: int, control: int):
    with pytest.raises(UsageError, match="tell of no lift"):
        lift_of(0, treated, 0, control)


ARMS = st.integers(1, 3_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(ARMS, ARMS)
def test_every_interval_holds_its_figure_and_changes_sign_with_the_arms(one: tuple[int, int], other: tuple[int, int]):
    found, turned = lift_of(*one, *other), lift_of(*other, *one)
    for figure in (found.absolute, found.added_count, *([found.relative] if found.relative else [])):
        assert figure.low <= figure.value <= figure.high
    assert -1 - 1e-12 <= found.absolute.low <= found.absolute.high <= 1 + 1e-12
    assert (turned.absolute.low, turned.absolute.high) == pytest.approx((-found.absolute.high, -found.absolute.low))
    assert 0.0 <= found.p <= 1.0


def test_intervals_hold_the_truth_as_often_as_they_say_where_responses_are_rare():
    draw = np.random.default_rng(7)
    truth, rounds = 0.004, 2_000
    treated, control = draw.binomial(5_000, 0.012, rounds), draw.binomial(600, 0.008, rounds)
    found = [absolute_lift(int(a), 5_000, int(b), 600) for a, b in zip(treated, control, strict=True)]
    assert 0.93 <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.985


def test_the_interval_of_means_is_welchs():
    # scipy.stats.ttest_ind([1, 2, 3, 4, 5, 9], [2, 2, 3, 1], equal_var=False).confidence_interval().
    from scipy.stats import ttest_ind

    one, other = np.array([1.0, 2, 3, 4, 5, 9]), np.array([2.0, 2, 3, 1])
    found = mean_difference(Moments.of(one), Moments.of(other))
    expected = ttest_ind(one, other, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.integers(1, 39))
def test_pieces_of_a_list_add_up_to_the_whole(values: list[float], cut: int):
    whole = Moments.of(np.array(values))
    both = Moments.of(np.array(values[:cut])) + Moments.of(np.array(values[cut:], dtype=float))
    assert (both.count, both.total, both.squares) == pytest.approx((whole.count, whole.total, whole.squares))


def test_of_one_customer_an_arm_the_difference_is_told_with_an_endless_interval():
    found = mean_difference(Moments.of(np.array([3.0])), Moments.of(np.array([1.0, 2.0])))
    assert (found.value, found.low, found.high) == (1.5, -np.inf, np.inf)
