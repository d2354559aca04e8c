"""Which dates are compared where nobody names them, and what is said where there are none of a name."""

from datetime import UTC, datetime, timedelta

import pytest

from features.profiling.dates import chosen_dates, row_counts, show_moment
from linewise.core.errors import FeaturesMissing, UsageError
from linewise.core.home import Home
from tests.features.profiling.builders import JUNE, MAY, keep

APRIL = datetime(2026, 4, 30, tzinfo=UTC)
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def test_the_newest_date_is_compared_with_the_oldest() -> None:
    assert chosen_dates({APRIL: 9, MAY: 9, JUNE: 10}, None, None) == (JUNE, APRIL)
    assert chosen_dates({APRIL: 9, MAY: 9, JUNE: 10}, APRIL, None) == (APRIL, MAY)


def test_a_date_of_a_few_whose_history_ended_is_no_reference_unless_named() -> None:
    counts = {APRIL: 9, MAY: 10, JUNE: 100}
    assert chosen_dates(counts, None, None) == (JUNE, MAY)
    assert chosen_dates(counts, None, APRIL) == (JUNE, APRIL)
    assert chosen_dates({APRIL: 1, JUNE: 100}, None, None) == (JUNE, None)


def test_one_date_alone_is_compared_with_nothing() -> None:
    assert chosen_dates({JUNE: 3}, None, None) == (JUNE, None)


def test_a_date_may_be_compared_with_itself_where_asked_for() -> None:
    assert chosen_dates({MAY: 3, JUNE: 3}, JUNE, JUNE) == (JUNE, JUNE)


def test_a_day_without_a_time_stands_for_its_one_moment() -> None:
    assert chosen_dates({NOON: 3}, JUNE, None) == (NOON, None)
    assert chosen_dates({NOON.replace(microsecond=7): 3}, NOON, None)[0].microsecond == 7
    later = NOON + timedelta(hours=2)
    with pytest.raises(UsageError, match=r"several moments of 2026-06-30.*2026-06-30T12:00:00, 2026-06-30T14:00:00"):
        chosen_dates({NOON: 3, later: 3}, JUNE, None)


@pytest.mark.parametrize("place", ["as_of", "reference"])
def test_a_date_without_rows_is_refused_with_those_there_are(place: str) -> None:
    with pytest.raises(UsageError, match=r"no rows of 2026-04-30.*2026-05-31, 2026-06-30") as caught:
        chosen_dates({MAY: 3, JUNE: 3}, **{"as_of": None, "reference": None, place: APRIL})
    assert caught.value.exit_code == 2


def test_of_very_many_dates_the_newest_are_named() -> None:
    many = {MAY - timedelta(days=days): 1 for days in range(20, -1, -1)}
    with pytest.raises(UsageError, match=r"2026-05-20, .*2026-05-31 and 9 earlier ones"):
        chosen_dates(many, JUNE, None)


def test_rows_are_counted_by_date_in_order(home: Home) -> None:
    keep(home, JUNE, 3)
    keep(home, MAY, 2)
    assert list(row_counts(home).items()) == [(MAY, 2), (JUNE, 3)]


def test_where_nothing_was_built_it_says_what_to_run(home: Home) -> None:
    with pytest.raises(FeaturesMissing, match="linewise features build"):
        row_counts(home)


def test_a_moment_is_shown_as_the_option_takes_it() -> None:
    assert (show_moment(JUNE), show_moment(NOON)) == ("2026-06-30", "2026-06-30T12:00:00")
