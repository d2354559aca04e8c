"""Nothing after the observation date changes a feature, and neither does the order of the rows or the company."""

import io
import random
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.catalogue import FEATURES
from tests.features.builders import NOW, numbered, pairs_of, txn
from tests.features.conftest import Compute, FeaturesOf
from tests.linewise.bank.builders import a_customer

CUSTOMERS = [a_customer("c1"), a_customer("c2"), a_customer("c3", birth_date=None)]
MICROSECOND = timedelta(microseconds=1)

# Properties over every table, of fewer examples each, are in test_leakage.py and always run.
checked = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

kinds = st.sampled_from(
    (
        "purchase",
        "refund",
        "cash_withdrawal",
        "cash_deposit",
        "transfer_in",
        "transfer_out",
        "fee",
        "interest",
        "penalty_interest",
    )
)


@st.composite
def transactions(draw: st.DrawFn, days: st.SearchStrategy[float], most: int = 25) -> list[dict[str, Any]]:
    """Transactions of three customers, each so many days before NOW (negative: after it)."""
    one = st.builds(
        txn,
        days,
        st.integers(0, 10**9),
        kinds,
        customer_id=st.sampled_from(["c1", "c2", "c3"]),
        account_id=st.sampled_from(["a1", "a2"]),
        balance_amt=st.one_of(st.none(), st.integers(-(10**9), 10**9)),
        category=st.sampled_from([None, "household", "insurance", "loan", "leasing", "pension"]),
        counterparty_id=st.sampled_from([None, "x", "y"]),
        is_declined=st.sampled_from([False, False, False, True]),
    )
    return numbered(draw(st.lists(one, max_size=most)))


# Whole days meet on one day and on the edges of windows; fractions fall between them.
past = st.one_of(st.integers(0, 400).map(float), st.floats(0, 400))
future = st.one_of(st.just(-1e-9), st.floats(-400, -1e-6))


def the_bytes(rows: pa.Table) -> bytes:
    """The rows as they would lie on disk."""
    sink = io.BytesIO()
    pq.write_table(rows, sink)
    return sink.getvalue()


def pairs() -> pa.Table:
    earlier = NOW - timedelta(days=100)
    return pairs_of(("c1", NOW), ("c2", NOW), ("c3", NOW), ("c1", earlier))


@pytest.mark.soak
@checked
@given(known=transactions(past), later=transactions(future, most=8))
def test_a_transaction_after_the_observation_date_changes_nothing(
    compute: Compute, known: list[dict[str, Any]], later: list[dict[str, Any]]
) -> None:
    for row in later:  # one microsecond is the least that can be later
        row["posted_at"] = max(row["posted_at"], NOW + MICROSECOND)
        row["recorded_at"] = NOW  # announced in time, and still not happened
    with_later = compute(known + later, CUSTOMERS, pairs())
    assert the_bytes(with_later) == the_bytes(compute(known, CUSTOMERS, pairs()))


@pytest.mark.soak
@checked
@given(known=transactions(past), late=transactions(past, most=8))
def test_a_transaction_recorded_after_the_observation_date_changes_nothing(
    compute: Compute, known: list[dict[str, Any]], late: list[dict[str, Any]]
) -> None:
    for row in late:
        row["recorded_at"] = NOW + MICROSECOND
    with_late = compute(known + late, CUSTOMERS, pairs())
    assert the_bytes(with_late) == the_bytes(compute(known, CUSTOMERS, pairs()))


@pytest.mark.soak
@checked
@given(known=transactions(past), seed=st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(compute: Compute, known: list[dict[str, Any]], seed: int) -> None:
    shuffled = random.Random(seed).sample(known, len(known))
    assert the_bytes(compute(shuffled, CUSTOMERS, pairs())) == the_bytes(compute(known, CUSTOMERS, pairs()))


@pytest.mark.soak
@checked
@given(known=transactions(past), place=st.integers(0, 3))
def test_a_pair_alone_is_the_same_as_in_company(compute: Compute, known: list[dict[str, Any]], place: int) -> None:
    together = compute(known, CUSTOMERS, pairs())
    (alone,) = compute(known, CUSTOMERS, pairs().slice(place, 1)).to_pylist()
    assert alone in together.to_pylist()


@pytest.mark.soak
@checked
@given(known=transactions(past, most=60))
def test_every_value_lies_in_its_range_and_is_as_whole_as_its_type(
    compute: Compute, known: list[dict[str, Any]]
) -> None:
    for row in compute(known, CUSTOMERS, pairs()).to_pylist():
        for feature in FEATURES:
            value = row[feature.name]
            if value is None:
                assert feature.default is None, feature.name
                continue
            assert feature.minimum <= value <= feature.maximum, (feature.name, value)
            assert feature.type == "float" or value == int(value), (feature.name, value)


def test_a_transaction_at_the_very_moment_is_known_and_one_microsecond_later_is_not(
    features_of: FeaturesOf,
) -> None:
    at_the_moment, later = txn(0), txn(0)
    later["posted_at"] = later["recorded_at"] = NOW + MICROSECOND
    assert features_of(at_the_moment)["txn_count_30d"] == 1
    assert features_of(later)["txn_count_30d"] == 0


def test_a_customer_without_history_has_the_defaults(features_of: FeaturesOf) -> None:
    row = features_of(customer=a_customer(birth_date=None))
    assert row == {feature.name: feature.default for feature in FEATURES}


def test_the_same_transaction_ages_with_the_observation_date(features_of: FeaturesOf) -> None:
    def recency(as_of: datetime) -> float | None:
        return features_of(txn(0), as_of=as_of)["txn_recency_days"]

    assert [recency(NOW + timedelta(days=days)) for days in (0, 1, 30, 500)] == [0, 1, 30, 365]
