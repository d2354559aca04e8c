"""What happened in one call so far, and in no other."""

from dataclasses import replace

from linewise.ledger.in_call import InCall, in_call
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import DECLINED, write_outcome


def test_declines_and_debt_that_was_heard_of_count_in_their_own_call(ledger: Ledger):
    pitched = replace(DECLINED, offer_id="LIMIT", offer_group="LIMIT", outcome="pitched", reason_code="")
    for event in (
        DECLINED,
        replace(DECLINED, offer_id="CARD_CLASSIC"),
        pitched,
        replace(pitched, outcome="disclosure_read"),
        replace(pitched, offer_id="PLAN-12", offer_group="PLAN", outcome="shown"),
        replace(DECLINED, call_id="call-2", decision_id="D2"),
    ):
        write_outcome(ledger, event)
    assert in_call(ledger, "C1", "call-1") == InCall(decline_count=2, debt_action_count=1)
    assert in_call(ledger, "C1", "call-2") == InCall(decline_count=1, debt_action_count=0)
    assert in_call(ledger, "C2", "call-1") == InCall()


def test_without_a_call_nothing_happened_in_it(ledger: Ledger):
    write_outcome(ledger, replace(DECLINED, call_id=""))
    assert in_call(ledger, "C1", "") == InCall()
