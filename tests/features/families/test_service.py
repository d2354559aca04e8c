"""Calls and cases."""

from datetime import timedelta

import pytest

from tests.features.builders import NOW, event, events
from tests.features.conftest import FeaturesOf


def test_calls_by_window(features_of: FeaturesOf) -> None:
    row = features_of(calls=events("calls", 3.5, 30, 90, 365))
    assert [row[f"call_count_{days}d"] for days in (30, 90, 365)] == [1, 2, 3]
    assert row["call_recency_days"] == 3


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("limit", "limit_call_count_365d"),
        ("card", "card_call_count_365d"),
        ("payment_difficulty", "difficulty_call_count_180d"),
        ("complaint", "complaint_call_count_365d"),
        ("balance", None),
        (None, None),
    ],
)
def test_calls_by_reason(features_of: FeaturesOf, reason: str | None, name: str | None) -> None:
    row = features_of(calls=events("calls", 3, 100, reason=reason))
    kinds = ("limit_call_count_365d", "card_call_count_365d", "difficulty_call_count_180d", "complaint_call_count_365d")
    assert {kind: row[kind] for kind in kinds} == {kind: 2 if kind == name else 0 for kind in kinds}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("complaint", "open_complaint_count"),
        ("dispute", "open_dispute_count"),
        ("hardship", "open_hardship_count"),
        ("collections", "open_hardship_count"),
        ("bereavement", "open_hardship_count"),
        ("fraud", None),
    ],
)
def test_a_case_stands_open_until_the_day_on_which_it_is_closed(
    features_of: FeaturesOf, kind: str, name: str | None
) -> None:
    cases = [
        event("cases", 500, number=1, kind=kind),
        event("cases", 20, number=2, kind=kind, closed_at=NOW + timedelta(days=1)),
        event("cases", 20, number=3, kind=kind, closed_at=NOW),
    ]
    row = features_of(cases=cases)
    names = ("open_complaint_count", "open_dispute_count", "open_hardship_count")
    assert {one: row[one] for one in names} == {one: 2 if one == name else 0 for one in names}
    assert row["case_count_365d"] == 2
