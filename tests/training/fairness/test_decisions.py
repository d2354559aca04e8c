"""Whom decisions pass over: ratio and gap of tables that can be counted by hand."""

import numpy as np
import pytest

from training.fairness import fairness_of_decisions
from training.report.segments import Groups


def group_of(*counts: tuple[str, int]) -> Groups:
    return Groups("age_band", True, tuple(value for value, count in counts for _ in range(count)))


def favoured(*counts: tuple[int, int]) -> np.ndarray:
    """So many of so many, group by group."""
    return np.concatenate([np.arange(count) < yes for yes, count in counts])


@pytest.mark.parametrize(
    ("young", "old", "ratio"),
    [((40, 100), (50, 100), 0.8), ((50, 100), (50, 100), 1.0), ((0, 100), (50, 100), 0.0), ((0, 100), (0, 100), 1.0)],
)
def test_the_impact_ratio_is_the_lowest_rate_over_the_highest(young, old, ratio: float) -> None:
    (found,) = fairness_of_decisions(favoured(young, old), [group_of(("young", 100), ("old", 100))])
    assert found.impact_ratio is not None
    assert found.impact_ratio.value == pytest.approx(ratio)
    assert found.impact_ratio.low <= found.impact_ratio.value <= found.impact_ratio.high
    assert {one.value: one.customer_count for one in found.groups} == {"old": 100, "young": 100}


def test_the_gap_is_among_those_who_pay() -> None:
    """Half of the young do not pay and none of those is raised: among payers both groups fare alike."""
    raised = favoured((25, 100), (50, 100))
    pays = np.concatenate([np.arange(100) < 50, np.ones(100, dtype=bool)])
    (found,) = fairness_of_decisions(raised, [group_of(("young", 100), ("old", 100))], pays)
    assert found.opportunity_gap is not None
    assert found.opportunity_gap.value == pytest.approx(0.0)
    assert found.impact_ratio is not None
    assert found.impact_ratio.value == pytest.approx(0.5)


def test_a_group_of_a_few_says_nothing() -> None:
    (found,) = fairness_of_decisions(favoured((0, 10), (50, 100)), [group_of(("young", 10), ("old", 100))])
    assert found.impact_ratio is None
    assert [one.value for one in found.groups] == ["old"]


def test_nothing_known_of_payment_leaves_the_gap_out() -> None:
    (found,) = fairness_of_decisions(favoured((40, 100), (50, 100)), [group_of(("young", 100), ("old", 100))])
    assert found.opportunity_gap is None
    assert all(one.favoured_among_good_ratio is None for one in found.groups)


def test_more_customers_make_the_interval_narrower() -> None:
    def width(times: int) -> float:
        raised = favoured((40 * times, 100 * times), (50 * times, 100 * times))
        (found,) = fairness_of_decisions(raised, [group_of(("young", 100 * times), ("old", 100 * times))])
        assert found.impact_ratio is not None
        return found.impact_ratio.high - found.impact_ratio.low

    assert width(25) < 0.4 * width(1)
