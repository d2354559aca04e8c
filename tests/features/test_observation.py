"""Which customers are observed, and when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from features.observation import checked_pairs, observation_pairs
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
