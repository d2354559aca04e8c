"""Features that are too old: credit is withheld and says why, service goes on."""

import numpy as np
import pytest

from serving.scoring.answer import full_answer
from tests.builders import a_policy, decided, some_customers


@pytest.mark.parametrize(
    ("age_days", "has_raise", "has_offer"),
    [(0.0, True, True), (3.0, True, True), (3.1, False, True), (14.0, False, True), (14.1, False, False)],
)
def test_credit_is_withheld_sooner_than_offers_and_help_is_always_there(
    age_days: float, has_raise: bool, has_offer: bool
):
    decisions = decided(some_customers(feature_age_days=age_days))
    answer = full_answer(decisions, 0, a_policy())
    assert (answer["limit"]["suggested_amt"] > answer["limit"]["current_amt"], bool(answer["plans"])) == (
        has_raise,
        has_raise,
    )
    assert bool(answer["offers"]) is has_offer
    assert answer["help"]
    if not has_raise:
        assert answer["limit"]["binding"] == "BANK-FRESH-CREDIT"
        assert "three days" in answer["plans_none_because"]


def test_an_age_that_nobody_knows_is_too_old_for_credit():
    answer = full_answer(decided(some_customers(feature_age_days=np.nan)), 0, a_policy())
    assert answer["limit"]["binding"] == "BANK-FRESH-CREDIT"
    assert answer["offers"]
