"""Whom acting on a score passes over, counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.report.builders import a_history
from training.report.passing_over import passed_over
from training.report.profit import Stakes
from training.report.segments import Groups

CUSTOMERS = 200
SEX = Groups("sex", True, tuple(("female", "male")[at % 2] for at in range(CUSTOMERS)))
COARSE = Groups("tenure", False, ("new",) * CUSTOMERS)


def stakes(count: int, loss_amt: float = -900.0) -> Stakes:
    return Stakes(np.full(count, loss_amt), np.full(count, 100.0), "CNY", "by hand")


def test_one_decision_a_customer_by_the_last_row_is_told_by_what_is_protected():
    data = a_history(CUSTOMERS, rows_each=2)
    assert data.as_of is not None
    first = np.arange(2 * CUSTOMERS) % 2 == 0
    as_of = np.where(first, np.datetime64("2023-01-01", "us"), np.datetime64("2024-01-01", "us"))
    data = replace(data, as_of=as_of, y=np.zeros(2 * CUSTOMERS, dtype=np.int64))
    # Earlier nobody is worth it; later all men are, and of the women every second.
    is_risky = first | (data.groups % 4 == 0)
    (found,) = passed_over(data, np.where(is_risky, 0.2, 0.01), stakes(len(data.y)), (SEX, COARSE), 1)
    assert found.attribute == "sex"
    assert {one.value: one.favoured_ratio for one in found.groups} == {"female": 0.5, "male": 1.0}
    assert found.impact_ratio is not None
    assert found.impact_ratio.value == pytest.approx(0.5)
    assert found.opportunity_gap is not None
    assert found.opportunity_gap.value == pytest.approx(0.5)


def test_among_the_good_counts_who_turned_out_well():
    """Whoever is passed over does default: nobody good is."""
    data = a_history(CUSTOMERS, rows_each=1)
    is_risky = data.groups % 4 == 0
    data = replace(data, y=is_risky.astype(np.int64))
    (found,) = passed_over(data, np.where(is_risky, 0.2, 0.01), stakes(CUSTOMERS), (SEX,), 1)
    assert found.opportunity_gap is not None
    assert found.opportunity_gap.value == pytest.approx(0.0)


def test_an_offer_is_worth_what_showing_it_adds_and_not_what_comes_by_itself():
    data = a_history(CUSTOMERS, rows_each=1)
    offers = Stakes(np.full(CUSTOMERS, 9_900.0), np.full(CUSTOMERS, -100.0), "CNY", "by hand")
    likely = np.full(CUSTOMERS, 0.2)
    (by_orders,) = passed_over(data, likely, offers, (SEX,), 1)
    # Of the women nobody is moved by being shown it, though as many order.
    (by_effect,) = passed_over(data, likely, offers, (SEX,), 1, np.where(data.groups % 2 == 0, 0.001, 0.1))
    assert by_orders.impact_ratio is not None
    assert by_effect.impact_ratio is not None
    assert (by_orders.impact_ratio.value, by_effect.impact_ratio.value) == (1.0, 0.0)


def test_where_nothing_hangs_on_a_row_nobody_is_passed_over():
    data = a_history(CUSTOMERS, rows_each=1)
    assert passed_over(data, np.full(CUSTOMERS, 0.1), stakes(CUSTOMERS, 100.0), (SEX,), 1) == ()
