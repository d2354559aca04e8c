"""What the bank grants, how that changed, and what was asked for."""

from datetime import timedelta

import pytest

from tests.features.builders import NOW, event, events
from tests.features.conftest import FeaturesOf
from tests.linewise.bank.builders import an_account


@pytest.mark.parametrize(
    ("days_later", "limit_amt"), [(-150, 500), (-100, 1_000), (-31, 1_000), (-30, 2_000), (0, 2_000)]
)
def test_the_limit_is_that_of_the_day(features_of: FeaturesOf, days_later: int, limit_amt: int) -> None:
    row = features_of(
        as_of=NOW + timedelta(days=days_later),
        accounts=[an_account(permanent_limit_amt=2_000)],
        limit_changes=[
            event("limit_changes", 100, old_limit_amt=500, new_limit_amt=1_000),
            event("limit_changes", 30, number=1, old_limit_amt=1_000, new_limit_amt=2_000),
        ],
    )
    assert row["credit_limit_amt"] == limit_amt


def test_a_change_that_is_announced_or_recorded_late_does_not_count_before(features_of: FeaturesOf) -> None:
    accounts = [an_account(permanent_limit_amt=2_000)]
    soon = event("limit_changes", -3, recorded_at=NOW - timedelta(days=5))
    late = event("limit_changes", 3, recorded_at=NOW + timedelta(days=5))
    for change in (soon, late):
        row = features_of(accounts=accounts, limit_changes=[change])
        assert (row["credit_limit_amt"], row["limit_raise_count_365d"]) == (1_000, 0)


def test_a_temporary_limit_stands_in_for_the_lasting_one_while_it_is_in_force(features_of: FeaturesOf) -> None:
    def limit(start: int, end: int) -> float | None:
        account = an_account(
            permanent_limit_amt=1_000,
            temporary_limit_amt=1_500,
            temporary_limit_from=NOW + timedelta(days=start),
            temporary_limit_until=NOW + timedelta(days=end),
        )
        return features_of(accounts=[account])["credit_limit_amt"]

    assert [limit(-1, 1), limit(0, 1), limit(1, 2), limit(-2, 0)] == [1_500, 1_500, 1_000, 1_000]


def test_lines_that_share_a_limit_are_one_and_others_add_up(features_of: FeaturesOf) -> None:
    opened = {"opened_at": NOW - timedelta(days=50), "recorded_at": NOW - timedelta(days=50)}
    row = features_of(
        accounts=[
            an_account("a1", permanent_limit_amt=1_000, limit_group="g", **opened),
            an_account("a2", permanent_limit_amt=1_000, limit_group="g", **opened),
            an_account("a3", permanent_limit_amt=300, opened_at=NOW - timedelta(days=80)),
            an_account("a4", permanent_limit_amt=70, card_role="supplementary"),
            an_account("a5", permanent_limit_amt=70, closed_at=NOW),
            an_account("a6", permanent_limit_amt=70, opened_at=NOW + timedelta(days=1)),
            an_account("a7"),
        ]
    )
    assert (row["credit_limit_amt"], row["credit_line_count"], row["credit_line_age_days"]) == (1_300, 2, 80)


def test_an_account_that_closes_later_is_open_today(features_of: FeaturesOf) -> None:
    account = an_account(permanent_limit_amt=700, closed_at=NOW + timedelta(days=1), status="closed")
    assert features_of(accounts=[account])["credit_limit_amt"] == 700


def test_raises_cuts_and_the_last_change(features_of: FeaturesOf) -> None:
    row = features_of(
        limit_changes=[
            event("limit_changes", 364, old_limit_amt=1_000, new_limit_amt=2_000, initiated_by="customer"),
            event("limit_changes", 200, number=1, old_limit_amt=2_000, new_limit_amt=1_500),
            event("limit_changes", 20.5, number=2, old_limit_amt=1_500, new_limit_amt=1_800),
            event("limit_changes", 365, number=3, old_limit_amt=500, new_limit_amt=1_000),
        ]
    )
    assert (row["limit_raise_count_365d"], row["limit_cut_count_365d"], row["limit_asked_change_count_365d"]) == (
        2,
        1,
        1,
    )
    assert row["limit_last_change_ratio"] == 0.2
    assert row["limit_change_recency_days"] == 20


def test_requests_and_refusals(features_of: FeaturesOf) -> None:
    requests = [
        *events("limit_requests", 10.5, 365),
        event("limit_requests", 90, number=2, decision="refused"),
        event("limit_requests", 5, number=3, decision="refused", initiated_by="bank"),
    ]
    row = features_of(limit_requests=requests)
    assert (row["credit_request_count_365d"], row["credit_refusal_count_365d"]) == (2, 2)
    assert row["credit_request_recency_days"] == 10


def test_what_is_asked_for_at_the_very_moment_is_no_history(features_of: FeaturesOf) -> None:
    row = features_of(limit_requests=events("limit_requests", 0))
    assert (row["credit_request_count_365d"], row["credit_request_recency_days"]) == (0, 365)
