import numpy as np
import pytest

from linewise.simulation.report import arrears
from linewise.simulation.report.sums import Totals
from tests.linewise.simulation.report.builders import a_sample, a_world, some_lives, totals_of, with_months

# Of two months the last is unfinished: one month is judged, and the move from it to the next.
WORLD = a_world(2)


def totals_through(*paths: list[int], **columns: object) -> Totals:
    """Accounts owing 1000 that pass through these buckets month by month and stay in the last of them."""
    lives = some_lives(len(paths), WORLD)
    bucket = np.array([path + [path[-1]] * (lives.months.shape[1] - len(path)) for path in paths])
    made = {"bucket": bucket, "balance_amt": 1000, "minimum_amt": 100} | columns
    return totals_of(arrears, a_sample(with_months(lives, **made), WORLD))


@pytest.mark.parametrize(
    ("bucket", "to", "share"), [(0, 1, 0.25), (0, 0, 0.75), (1, 2, 0.5), (1, 0, 0.5), (2, 3, 0.0), (6, 7, 1.0)]
)
def test_a_roll_is_the_share_of_accounts_that_move_so_in_a_month(bucket: int, to: int, share: float):
    totals = totals_through([0, 0], [0, 0], [0, 0], [0, 1], [1, 2], [1, 0], [2, 2], [6, 7], [6, 9])
    assert arrears.account_roll(totals, WORLD, bucket, to) == pytest.approx(share)


def test_where_nothing_is_due_no_payment_can_be_missed():
    minimum_amt = np.array([[100], [0], [0]])
    totals = totals_through([0, 1], [0, 0], [0, 0], minimum_amt=minimum_amt)
    assert arrears.account_roll(totals, WORLD, 0, 1) == 1.0


def test_a_roll_from_an_empty_bucket_is_not_a_number():
    assert np.isnan(arrears.account_roll(totals_through([0, 0]), WORLD, 3, 4))


@pytest.mark.parametrize(("bucket", "share"), [(1, 0.9), (2, 0.7), (7, 0.4), (8, 0.0)])
def test_the_stock_overdue_is_of_this_bucket_and_all_later_ones(bucket: int, share: float):
    totals = totals_through([0], [1], [2], [7], balance_amt=np.array([[100], [200], [300], [400]]))
    assert arrears.overdue_stock(totals, WORLD, bucket) == pytest.approx(share)


def test_what_is_written_off_no_longer_stands():
    totals = totals_through([0], [9], balance_amt=np.array([[500], [500]]))
    assert totals["stock_amt"].sum() == 500


def test_balance_rolls_are_of_what_stood_in_the_bucket_before():
    balance_amt = np.full((3, WORLD.month_count + 36), 1000)
    balance_amt[1, 1:] = 1500
    totals = totals_through([0, 0], [1, 2], [2, 3], balance_amt=balance_amt)
    assert arrears.balance_roll(totals, WORLD, 1) == pytest.approx(1500 / 2000)
    assert arrears.balance_roll(totals, WORLD, 2) == pytest.approx(1.0)
    assert arrears.later_balance_roll(totals, WORLD, 2, 3) == pytest.approx(1.0)


def test_a_balance_written_off_in_the_month_of_its_roll_still_rolled():
    balance_amt, lost = np.full((1, WORLD.month_count + 36), 1000), np.zeros((1, WORLD.month_count + 36))
    balance_amt[0, 1:], lost[0, 1] = 0, 1000
    totals = totals_through([5, 6], balance_amt=balance_amt, charged_off_amt=lost)
    assert arrears.balance_roll(totals, WORLD, 5) == 1.0


@pytest.mark.parametrize(
    ("path", "share"),
    [([0] * 12 + [4], 1.0), ([0] * 13 + [4], 0.0), ([0, 9], 1.0), ([0, 3], 0.0), ([0, 4, 0], 1.0)],
)
def test_a_default_is_90_days_overdue_in_any_of_the_next_twelve_months(path: list[int], share: float):
    assert arrears.default_ratio(totals_through(path), WORLD, 0) == share


def test_defaults_are_counted_by_the_bucket_at_the_start():
    totals = totals_through([0, 0], [1, 4], [1, 0], [3, 4])
    assert [arrears.default_ratio(totals, WORLD, bucket) for bucket in (0, 1, 3)] == [0.0, 0.5, 1.0]


def test_losses_are_told_by_the_year():
    lost = np.zeros((2, WORLD.month_count + 36))
    lost[0, 0], lost[0, 5] = 50, 7_000
    totals = totals_through([0], [0], charged_off_amt=lost)
    assert arrears.written_off_a_year(totals, WORLD) == pytest.approx(12 * 50 / 2000)
