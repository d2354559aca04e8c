"""What may be recorded of a suggestion, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from linewise.core.errors import Conflict, UsageError
from linewise.ledger.events import DECLINE_REASONS, EVENTS, NOT_PITCHED_REASONS
from linewise.ledger.outcomes import Outcome, outcomes_of, write_outcome
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DECLINED = Outcome(
    decision_id="D1", customer_id="C1", offer_id="CARD_GOLD", offer_group="payment_card", call_id="call-1",
    agent_id="agent-7", outcome="declined", reason_code="price", note="", occurred_at=NOW, recorded_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_is_recorded_with_a_reason_of_its_own_and_only_once(ledger: Ledger, event: str):
    outcome = replace(DECLINED, outcome=event, reason_code=next(iter(EVENTS[event]), ""))
    assert [write_outcome(ledger, outcome)[1] for _ in range(2)] == [True, False]
    assert [one["outcome"] for one in outcomes_of(ledger, "D1")] == [event]


def test_a_customers_reasons_and_an_agents_have_none_in_common():
    assert set(DECLINE_REASONS).isdisjoint(NOT_PITCHED_REASONS)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "perhaps"}, "'perhaps' is unknown"),
        ({"reason_code": "rain"}, "'rain' does not belong to 'declined'"),
        ({"reason_code": ""}, "without a reason"),
        ({"reason_code": "customer_upset"}, "'customer_upset' does not belong to 'declined'"),
        ({"outcome": "not_pitched"}, "'price' does not belong to 'not_pitched'"),
        ({"outcome": "not_pitched", "reason_code": ""}, "without a reason"),
        ({"outcome": "shown"}, "No reason was expected"),
        ({"occurred_at": NOW + timedelta(seconds=1)}, "after it was recorded"),
        ({"not_before": date(2026, 12, 1)}, "belongs to 'postponed' alone"),
        ({"outcome": "postponed", "not_before": date(2026, 11, 22)}, "lies before the answer"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused_and_leaves_nothing(ledger: Ledger, changes: dict, said: str):
    with pytest.raises(UsageError, match=said):
        write_outcome(ledger, replace(DECLINED, **changes))
    assert outcomes_of(ledger, "D1") == []


def test_the_same_postponement_with_another_day_is_a_conflict(ledger: Ledger):
    postponed = replace(DECLINED, outcome="postponed", reason_code="", not_before=date(2026, 12, 1))
    write_outcome(ledger, postponed)
    with pytest.raises(Conflict, match="2026-12-01"):
        write_outcome(ledger, replace(postponed, not_before=date(2026, 12, 2)))
