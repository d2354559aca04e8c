"""Which customers are observed, and when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from features.observation import Every, checked_pairs, dates_between, observation_pairs
from linewise.bank.tables import Bank
from linewise.core.errors import UnknownCustomer, UsageError
from linewise.core.home import Home
from tests.features.builders import NOW, bank_of, pairs_of, txn
from tests.linewise.bank.builders import a_customer

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
KNOWN = pa.chunked_array([["c1", "c2"]])


@pytest.fixture
def bank(home: Home) -> Bank:
    """c1 is known to the end, the history of c2 ends in March."""
    return bank_of(home, [txn(1)], [a_customer("c1"), a_customer("c2", observed_until=MARCH)])


def test_a_customer_is_observed_now_or_where_the_history_ends(bank: Bank) -> None:
    assert observation_pairs(bank, NOW).equals(pairs_of(("c1", NOW), ("c2", MARCH)))


def test_several_dates_give_each_pair_once(bank: Bank) -> None:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    assert observation_pairs(bank, NOW, [april, NOW]).equals(pairs_of(("c1", april), ("c1", NOW), ("c2", MARCH)))


def test_a_date_in_another_zone_is_the_same_moment(bank: Bank) -> None:
    in_prague = MARCH.astimezone(ZoneInfo("Europe/Prague"))
    assert observation_pairs(bank, NOW, in_prague).equals(pairs_of(("c1", MARCH), ("c2", MARCH)))


def test_a_date_after_the_present_moment_is_refused(bank: Bank) -> None:
    with pytest.raises(UsageError, match="nobody knows what comes later"):
        observation_pairs(bank, NOW, NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("pairs", "error", "words"),
    [
        (pa.table({"customer_id": ["c1"]}), UsageError, "customer_id and as_of were expected"),
        (pairs_of(("c1", NOW), ("c9", NOW)), UnknownCustomer, "'c9'"),
        (pa.table({"customer_id": ["c1"], "as_of": pa.nulls(1)}), UsageError, "without a date"),
        (pa.table({"customer_id": pa.nulls(1), "as_of": [NOW]}), UsageError, "without a customer"),
    ],
)
def test_bad_pairs_are_refused(pairs: pa.Table, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        checked_pairs(pairs, KNOWN)


def test_pairs_come_back_once_each_and_in_order() -> None:
    given = pairs_of(("c2", NOW), ("c1", NOW), ("c2", MARCH), ("c1", NOW))
    assert checked_pairs(given, KNOWN).equals(pairs_of(("c1", NOW), ("c2", MARCH), ("c2", NOW)))


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        ("2026-01-31", "2026-04-30", "month", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2026-01-15", "2026-03-14", "month", ["2026-01-15", "2026-02-15"]),
        ("2026-01-01", "2026-01-15", "week", ["2026-01-01", "2026-01-08", "2026-01-15"]),
        ("2026-02-27", "2026-03-01", "day", ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ("2026-01-01", "2026-01-01", "month", ["2026-01-01"]),
    ],
)
def test_the_dates_of_a_backfill_keep_the_day_of_the_month(
    first: str, last: str, every: Every, expected: list[str]
) -> None:
    dates = dates_between(datetime.fromisoformat(f"{first}T00:00Z"), datetime.fromisoformat(f"{last}T00:00Z"), every)
    assert [f"{date:%Y-%m-%d}" for date in dates] == expected


def test_a_backfill_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError, match="on or after the beginning"):
        dates_between(NOW, NOW - timedelta(days=1), "month")
