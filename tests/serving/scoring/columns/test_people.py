"""Columns of the customer's master data, hour and consents at their edges."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from serving.scoring.columns.consents import consent_columns
from serving.scoring.columns.people import clock_columns, person_columns
from tests.serving.scoring.sights import NOW, sight

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ({"is_vulnerable": True}, 1.0),
        ({"is_vulnerable": True, "vulnerable_until": NOW + DAY}, 1.0),
        ({"is_vulnerable": True, "vulnerable_until": NOW}, 0.0),
        ({"is_vulnerable": False}, 0.0),
        ({}, np.nan),
    ],
)
def test_a_mark_of_vulnerability_holds_until_its_end(customer: dict[str, Any], expected: float):
    found = person_columns(sight(customer=customer))["is_vulnerable"]
    assert np.array_equal(found, [expected], equal_nan=True)


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ({}, np.nan),
        ({"contact_point_changed_at": NOW - 30 * DAY}, 30.0),
        ({"contact_point_changed_at": NOW - 30 * DAY, "device_changed_at": NOW - 2 * DAY}, 2.0),
        ({"contact_point_changed_at": NOW - 30 * DAY, "device_changed_at": NOW + DAY}, 30.0),
    ],
)
def test_the_latest_change_that_has_come_counts(customer: dict[str, Any], expected: float):
    found = person_columns(sight(customer=customer))["contact_point_changed_days"]
    assert np.array_equal(found, [expected], equal_nan=True)


def phone(zone: str | None, days: float = 9) -> dict[str, Any]:
    return {"channel": "telephone", "time_zone": zone, "is_opted_out": False, "changed_at": NOW - days * DAY}


@pytest.mark.parametrize(
    ("customer_zone", "phones", "hour"),
    [
        (None, [], 17.0),  # the bank's own, Shanghai
        ("Europe/Prague", [], 10.0),
        ("Europe/Prague", [phone("America/New_York")], 4.0),
        ("Europe/Prague", [phone(None)], 10.0),
        ("Europe/Prague", [phone("America/New_York", 9), phone("Asia/Tokyo", 2)], 18.0),
        ("Asia/Kathmandu", [], 14.75),
    ],
)
def test_the_hour_is_that_where_the_telephone_is(customer_zone: str | None, phones: list[Any], hour: float):
    seen = sight(customer={"time_zone": customer_zone}, contact_points=phones)
    assert clock_columns(seen, seen.rows("contact_points"), frozenset())["local_hour"].tolist() == [hour]


@pytest.mark.parametrize(("hour", "expected"), [(3, 1.0), (4, 0.0)])
def test_a_holiday_has_a_morning(hour: int, expected: float):
    seen = sight(now=datetime(2026, 10, 1, hour, tzinfo=UTC))
    found = clock_columns(seen, seen.rows("contact_points"), frozenset({date(2026, 10, 1)}))
    assert found["is_holiday_morning"].tolist() == [expected]


def word(purpose: str, given: float = 100, withdrawn: float | None = None, **more: Any) -> dict[str, Any]:
    plain = {"channel": "app", "text_version": "1", "is_own_act": True, "given_at": NOW - given * DAY}
    return plain | {"purpose": purpose, "withdrawn_at": None if withdrawn is None else NOW - withdrawn * DAY} | more


SMS = {"scope": "sms,email"}


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([], "has_marketing_consent", 0.0),
        ([word("marketing")], "has_marketing_consent", 1.0),
        ([word("marketing", scope="sms, telephone")], "has_marketing_consent", 1.0),
        ([word("marketing", **SMS)], "has_marketing_consent", 0.0),
        ([word("marketing", is_own_act=False)], "has_marketing_consent", 0.0),
        ([word("marketing", withdrawn=0)], "has_marketing_consent", 0.0),
        ([word("marketing", withdrawn=-1)], "has_marketing_consent", 1.0),
        ([word("marketing", given=-1)], "has_marketing_consent", 0.0),
        ([word("second_repayer")], "has_guarantor_consent", 1.0),
        ([word("second_repayer", withdrawn=1)], "has_guarantor_consent", 0.0),
        ([word("limit_increase", is_own_act=False)], "has_limit_raise_consent", 0.0),
        ([word("profiling", 100, 50)], "has_withdrawn_profiling", 1.0),
        ([word("profiling", 100, 50), word("profiling", 20)], "has_withdrawn_profiling", 0.0),
        ([], "has_withdrawn_profiling", 0.0),
        ([word("personalisation", 100, 50)], "is_personalisation_off", 1.0),
        ([word("automated_decision", 100, 50)], "has_refused_automation", 1.0),
        ([], "days_since_affiliate_opt_out", np.nan),
        ([word("affiliate_sharing", 100, 50)], "days_since_affiliate_opt_out", 50.0),
        ([word("affiliate_sharing", 100, 50), word("affiliate_sharing", 5)], "days_since_affiliate_opt_out", np.nan),
    ],
)  # fmt: skip
def test_consent_counts_while_it_stands_and_only_by_the_customers_own_act(
    rows: list[dict[str, Any]], column: str, expected: float
):
    found = consent_columns(sight(consents=rows), "voice")[column]
    assert np.array_equal(found, [expected], equal_nan=True)
