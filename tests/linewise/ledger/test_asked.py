"""That a customer asked is shown by an act that is kept somewhere, or it does not count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from linewise.core.errors import UsageError
from linewise.ledger.asked import ACTS, Asked, asked_in, enforce_evidence, insert_asked
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ASKED = Asked("limit", "recording", "rec-2026-11-23-0815", NOW - timedelta(minutes=2), amount_amt=5_000_000)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_of_asking_with_its_reference_is_evidence(act: str):
    enforce_evidence(replace(ASKED, act=act), NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reference": ""}, "nothing shows it"),
        ({"reference": "  "}, "nothing shows it"),
        ({"what": "money"}, "'money'"),
        ({"act": "hearsay"}, "'hearsay'"),
        ({"amount_amt": 0}, "More than nothing"),
        ({"amount_amt": -5}, "More than nothing"),
        ({"amount_amt": 10**12 + 1}, "no line of credit is as high as that"),
        ({"action_id": "TEMPORARY"}, "TEMPORARY-30 for a limit of thirty days"),
        ({"action_id": "TEMPORARY-0"}, "TEMPORARY-30 for a limit of thirty days"),
        ({"action_id": "CARD_GOLD"}, "asks for a limit 'CARD_GOLD'"),
        ({"action_id": "TEMPORARY-30", "amount_amt": None}, "The whole limit was expected"),
        ({"asked_at": NOW + timedelta(seconds=1)}, "yet to come"),
    ],
)
def test_a_claim_that_shows_nothing_is_refused(changes: dict, said: str):
    with pytest.raises(UsageError, match=said):
        enforce_evidence(replace(ASKED, **changes), NOW)


@pytest.mark.parametrize("changes", [{"action_id": "TEMPORARY-30"}, {"amount_amt": None}, {"amount_amt": 10**12}])
def test_a_limit_may_be_asked_for_with_or_without_an_amount_and_for_some_days(changes: dict):
    enforce_evidence(replace(ASKED, **changes), NOW)


def test_the_evidence_is_kept_once_beside_its_decision(ledger: Ledger):
    with ledger.engine.begin() as connection:
        insert_asked(connection, "D1", "C1", ASKED)
    assert (asked_in(ledger, "D1"), asked_in(ledger, "D2")) == (ASKED, None)
    with pytest.raises(IntegrityError), ledger.engine.begin() as connection:
        insert_asked(connection, "D1", "C1", ASKED)
