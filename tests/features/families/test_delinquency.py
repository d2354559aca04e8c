"""How far and how often card payments fell behind."""

from tests.features.builders import event
from tests.features.conftest import FeaturesOf


def late(days_ago: float, days_past_due: int) -> dict[str, object]:
    return event("statements", days_ago, number=int(days_ago), days_past_due=days_past_due)


def test_days_and_counts_of_what_was_overdue(features_of: FeaturesOf) -> None:
    row = features_of(statements=[late(10, 0), late(40, 5), late(90, 30), late(200, 61), late(365, 180)])
    assert row["past_due_days"] == 0
    assert (row["past_due_worst_days_180d"], row["past_due_worst_days_365d"]) == (30, 61)
    assert (row["past_due_count_90d"], row["past_due_count_365d"], row["past_due_month_count_365d"]) == (1, 3, 2)
    assert row["past_due_recency_days"] == 40


def test_who_was_never_late_reads_as_a_year_ago(features_of: FeaturesOf) -> None:
    assert features_of(statements=[late(10, 0)])["past_due_recency_days"] == 365
    assert features_of()["past_due_recency_days"] == 365
