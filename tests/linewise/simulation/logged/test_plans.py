"""The truth of help: a lower rate or a smaller debt helps, a mere stretch does not."""

import numpy as np
import pytest

from linewise.simulation.logged import LOGGED_WORLDS, logged_world
from linewise.simulation.logged.debtors import DEBT_NAMES, Debtors, draw_debtors
from linewise.simulation.logged.people import FEATURE_NAMES
from linewise.simulation.logged.plans import (
    Help,
    Lent,
    PlanTruth,
    default_within_year,
    level_payment,
    nothing_done,
    plan_truth,
)

WORLD, LENT = logged_world(), Lent(card_rate_ratio=0.18, funding_rate_ratio=0.02)


@pytest.fixture(scope="module")
def debtors() -> Debtors:
    return draw_debtors(WORLD, 6_000)


@pytest.fixture(scope="module")
def nothing(debtors: Debtors) -> PlanTruth:
    return nothing_done(WORLD, debtors, LENT)


def truth_of(
    debtors: Debtors, nothing: PlanTruth, rate_ratio: float, term_months: int, written_down_ratio: float = 0.0
) -> PlanTruth:
    return plan_truth(WORLD, debtors, Help("plan", rate_ratio, term_months, written_down_ratio), LENT, nothing)


def test_only_who_is_behind_or_burdened_asks_for_help(debtors: Debtors) -> None:
    assert 500 < len(debtors) < 6_000
    assert ((debtors.overdue_amt > 0) | (debtors.due_amt > 0.8 * debtors.bears_amt)).all()
    assert debtors.features.shape == (len(debtors), len(FEATURE_NAMES) + len(DEBT_NAMES))
    assert np.isfinite(debtors.features).all()


def test_a_debtor_is_the_same_whoever_else_is_drawn(debtors: Debtors) -> None:
    few = draw_debtors(WORLD, 600)
    np.testing.assert_array_equal(few.owed_amt, debtors.owed_amt[: len(few)])
    np.testing.assert_array_equal(few.room_amt, debtors.room_amt[: len(few)])


@pytest.mark.parametrize("term", [12, 36, 60])
def test_a_lower_rate_lowers_everybodys_risk(debtors: Debtors, nothing: PlanTruth, term: int) -> None:
    broken = [truth_of(debtors, nothing, rate_ratio=rate, term_months=term).broken_ratio for rate in (0.18, 0.09, 0.0)]
    assert (broken[0] >= broken[1]).all()
    assert (broken[1] >= broken[2]).all()
    assert broken[0].mean() > broken[2].mean()


@pytest.mark.parametrize("rate", [0.18, 0.06, 0.0])
def test_a_mere_stretch_helps_nobody_on_average_who_bore_the_plan(
    debtors: Debtors, nothing: PlanTruth, rate: float
) -> None:
    bears = level_payment(debtors.owed_amt.astype(float), rate, 24) <= debtors.bears_amt
    broken = [
        truth_of(debtors, nothing, rate_ratio=rate, term_months=term).broken_ratio[bears].mean()
        for term in (24, 36, 60)
    ]
    assert broken[0] < broken[1] < broken[2]


def test_a_smaller_debt_lowers_the_risk(debtors: Debtors, nothing: PlanTruth) -> None:
    whole = truth_of(debtors, nothing, rate_ratio=0.06, term_months=48)
    less = truth_of(debtors, nothing, rate_ratio=0.06, term_months=48, written_down_ratio=0.4)
    assert (less.broken_ratio <= whole.broken_ratio).all()
    assert (less.broken_ratio < whole.broken_ratio).mean() > 0.8


def test_nobody_pays_more_than_is_asked_and_all_is_a_probability(debtors: Debtors, nothing: PlanTruth) -> None:
    found = truth_of(debtors, nothing, rate_ratio=0.0, term_months=24)
    assert (found.npv_amt <= debtors.owed_amt).all()
    for ratio in (found.accept_ratio, found.broken_ratio, nothing.broken_ratio):
        assert ((ratio > 0) & (ratio < 1 + 1e-12)).all()
    np.testing.assert_allclose(found.gain_amt, found.accept_ratio * (found.npv_amt - nothing.npv_amt))


def test_a_plan_without_risk_is_worth_its_payments() -> None:
    """Level payments at the rate at which they are discounted are worth what is owed."""
    monthly = (1.02 ** (1 / 12) - 1.0) * 12.0
    payment = level_payment(np.array([1_000_000.0]), monthly, 24)
    value = sum(payment[0] * 1.02 ** (-month / 12) for month in range(1, 25))
    assert value == pytest.approx(1_000_000.0)


@pytest.mark.parametrize("name", LOGGED_WORLDS)
def test_default_within_a_year_is_part_of_default_in_all(name: str) -> None:
    world = logged_world(name=name)
    debtors = draw_debtors(world, 2_000)
    within, ever = default_within_year(world, debtors, LENT), nothing_done(world, debtors, LENT).broken_ratio
    assert (within <= ever + 1e-12).all()
    assert 0.2 < within.mean() < 0.6


@pytest.mark.parametrize("kind", ["date_change", "fee_waiver"])
def test_small_help_never_makes_it_worse(debtors: Debtors, nothing: PlanTruth, kind: str) -> None:
    found = plan_truth(WORLD, debtors, Help(kind, waived_amt=20_000.0), LENT, nothing)
    assert (found.broken_ratio <= nothing.broken_ratio + 1e-12).all()
