"""How a person wants their screen, kept: the last word counts, and one person's is no other's."""

from datetime import UTC, datetime

import pytest

from linewise.core.errors import UsageError
from linewise.ledger.preferences import keep_preferences, preferences_of
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_the_last_choice_of_each_person_stands_and_nothing_chosen_is_forgotten(ledger: Ledger):
    keep_preferences(ledger, "li.na", {"is_novice": True}, NOW)
    keep_preferences(ledger, "li.na", {"is_novice": False, "keys": {"accept": "KeyX"}}, NOW)
    keep_preferences(ledger, "wang.fang", {"has_keys": False}, NOW)
    assert preferences_of(ledger, "li.na") == {"is_novice": False, "keys": {"accept": "KeyX"}}
    keep_preferences(ledger, "wang.fang", {}, NOW)
    assert preferences_of(ledger, "wang.fang") == preferences_of(ledger, "nobody") == {}


def test_what_is_longer_than_choices_are_is_refused_and_leaves_what_was(ledger: Ledger):
    keep_preferences(ledger, "li.na", {"is_novice": False}, NOW)
    with pytest.raises(UsageError, match="more than choices take"):
        keep_preferences(ledger, "li.na", {"keys": "x" * 5_000}, NOW)
    assert preferences_of(ledger, "li.na") == {"is_novice": False}
