"""What was offered, and what the customer answered."""

from tests.features.builders import event, events
from tests.features.conftest import FeaturesOf


def test_offers_shown_by_window(features_of: FeaturesOf) -> None:
    row = features_of(exposures=events("exposures", 2.5, 30, 90, 365))
    assert [row[f"offer_shown_count_{days}d"] for days in (30, 90, 365)] == [1, 2, 3]
    assert row["offer_shown_recency_days"] == 2


def test_fatigue_counts_from_the_last_yes(features_of: FeaturesOf) -> None:
    shown = events("exposures", 5, 20, 50, 400)
    assert features_of(exposures=shown)["offer_fatigue_count_365d"] == 3
    answers = [event("outcomes", 20), event("outcomes", 10, number=1, outcome="declined")]
    assert features_of(exposures=shown, outcomes=answers)["offer_fatigue_count_365d"] == 1


def test_an_offer_of_which_nobody_noted_whether_it_was_pitched_does_not_count(features_of: FeaturesOf) -> None:
    shown = [
        event("exposures", 1, number=1, is_pitched=True),
        event("exposures", 1, number=2, is_pitched=False),
        event("exposures", 1, number=3),
    ]
    assert features_of(exposures=shown)["offer_pitched_share_ratio_365d"] == 0.5


def test_answers(features_of: FeaturesOf) -> None:
    answers = [
        *events("outcomes", 300, 365),
        event("outcomes", 40.5, number=2, outcome="declined"),
        event("outcomes", 50, number=3, outcome="declined"),
        event("outcomes", 89, number=4, outcome="postponed"),
        event("outcomes", 90, number=5, outcome="postponed"),
    ]
    row = features_of(outcomes=answers)
    assert (row["offer_accepted_count_365d"], row["offer_declined_count_365d"]) == (1, 2)
    assert row["offer_postponed_count_90d"] == 1
    assert row["offer_declined_recency_days"] == 40
    assert row["offer_declined_share_ratio_365d"] == 2 / 3
