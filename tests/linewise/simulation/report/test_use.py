import numpy as np
import pytest

from linewise.simulation.report import use
from linewise.simulation.report.sums import Totals
from tests.linewise.simulation.report.builders import (
    LIMIT_AMT,
    a_sample,
    a_world,
    some_lives,
    totals_of,
    with_months,
)

WORLD = a_world(24)


def totals_with(customer_count: int, **columns: object) -> Totals:
    lives = some_lives(customer_count, WORLD)
    return totals_of(use, a_sample(with_months(lives, **columns), WORLD))


@pytest.mark.parametrize(
    ("full_payments", "kind"),
    [(12, "transactor"), (10, "transactor"), (9, "switcher"), (3, "switcher"), (2, "revolver"), (0, "revolver")],
)
def test_four_statements_in_five_decide_the_type(full_payments: int, kind: str):
    paid = np.zeros((1, WORLD.month_count + 36))
    paid[0, :full_payments] = 500
    totals = totals_with(1, balance_amt=500, paid_amt=paid)
    assert use.type_share(totals, WORLD, kind) == 1.0


def test_parts_of_plans_that_are_not_billed_need_not_be_paid():
    totals = totals_with(1, balance_amt=500, plan_amt=300, paid_amt=200)
    assert use.type_share(totals, WORLD, "transactor") == 1.0


def test_who_has_hardly_a_statement_has_no_type():
    owed = np.zeros((2, WORLD.month_count + 36))
    owed[0, :5], owed[1, :6] = 500, 500
    assert totals_with(2, balance_amt=owed, paid_amt=owed)["types_count"].tolist() == [1.0, 0.0, 0.0]


def test_a_type_is_compared_between_two_years_that_share_no_month():
    paid = np.full((4, WORLD.month_count + 36), 500)
    paid[0, 12:] = 0
    totals = totals_with(4, balance_amt=500, paid_amt=paid)
    assert use.type_kept(totals, WORLD) == pytest.approx(0.75 ** (1 / 12))


def test_inactive_is_who_did_nothing_for_a_year():
    owed = np.zeros((4, WORLD.month_count + 36))
    owed[1:] = 100
    assert use.inactive_share(totals_with(4, balance_amt=owed), WORLD) == pytest.approx(0.25)


def test_lines_and_their_use_are_of_open_accounts():
    is_open, owed = np.array([[1], [1], [0]]), np.array([[0.3 * LIMIT_AMT], [-50.0], [0.9 * LIMIT_AMT]])
    totals = totals_with(3, is_open=is_open, balance_amt=owed)
    assert use.line_mean_amt(totals, WORLD) == LIMIT_AMT
    assert use.line_use(totals, WORLD) == pytest.approx(0.15)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 0.505), (0.9, 0.905), (0.25, 0.255)])
def test_quantiles_of_utilisation_are_exact_to_a_bin(share: float, expected: float):
    owed = (np.arange(1, 101) / 100 * LIMIT_AMT)[:, None] + 1
    totals = totals_with(100, balance_amt=owed)
    assert use.utilisation_quantile(totals, WORLD, share) == pytest.approx(expected, abs=0.006)


def test_accounts_without_activity_do_not_lower_the_quantiles():
    owed = np.array([[0.4 * LIMIT_AMT], [0], [0]])
    assert use.utilisation_quantile(totals_with(3, balance_amt=owed), WORLD, 0.5) == pytest.approx(0.4, abs=0.001)


def test_over_the_limit_is_counted_at_the_end_of_the_histogram():
    totals = totals_with(1, balance_amt=3 * LIMIT_AMT)
    assert use.utilisation_quantile(totals, WORLD, 0.5) == pytest.approx(1.2, abs=0.001)


def test_the_season_compares_medians_of_calendar_months():
    month = np.array([WORLD.calendar.month_begin(at).month for at in range(WORLD.month_count + 36)])
    owed = np.where(month == 12, 0.42 * LIMIT_AMT, 0.30 * LIMIT_AMT)[None, :]
    assert use.season_ratio(totals_with(1, balance_amt=owed), WORLD, 12, 3) == pytest.approx(1.4, abs=0.01)
