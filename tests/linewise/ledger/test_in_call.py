"""What happened in one call so far, and in no other."""

from dataclasses import replace
from datetime import UTC, datetime

from linewise.ledger.in_call import InCall, in_call
from linewise.ledger.outcomes import Outcome, write_outcome
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NO = Outcome(
    decision_id="D1", customer_id="C1", offer_id="CARD_GOLD", offer_group="payment_card", call_id="call-1",
    agent_id="agent-7", outcome="declined", reason_code="price", note="", occurred_at=NOW, recorded_at=NOW,
)  # fmt: skip


def test_declines_and_debt_that_was_heard_of_count_in_their_own_call(ledger: Ledger):
    pitched = replace(NO, offer_id="LIMIT", offer_group="LIMIT", outcome="pitched", reason_code="")
    for event in (
        NO,
        replace(NO, offer_id="CARD_CLASSIC"),
        pitched,
        replace(pitched, outcome="disclosure_read"),
        replace(pitched, offer_id="PLAN-12", offer_group="PLAN", outcome="shown"),
        replace(NO, call_id="call-2", decision_id="D2"),
    ):
        write_outcome(ledger, event)
    assert in_call(ledger, "C1", "call-1") == InCall(decline_count=2, debt_action_count=1)
    assert in_call(ledger, "C1", "call-2") == InCall(decline_count=1, debt_action_count=0)
    assert in_call(ledger, "C2", "call-1") == InCall()


def test_without_a_call_nothing_happened_in_it(ledger: Ledger):
    write_outcome(ledger, replace(NO, call_id=""))
    assert in_call(ledger, "C1", "") == InCall()
