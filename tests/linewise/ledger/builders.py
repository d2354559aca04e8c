"""Decisions and outcomes with short defaults, and a ledger that is told of some."""

from datetime import UTC, datetime, timedelta
from typing import Any

from linewise.ledger.outcomes import Outcome, insert_outcome
from linewise.ledger.record import DecisionRecord
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DECLINED = Outcome(
    decision_id="D1", customer_id="C1", offer_id="CARD_GOLD", offer_group="payment_card", call_id="call-1",
    agent_id="agent-7", outcome="declined", reason_code="price", note="", occurred_at=NOW, recorded_at=NOW,
)  # fmt: skip


def a_decision(decision_id: str, customer_id: str = "C1", **changes: Any) -> DecisionRecord:
    given: dict[str, Any] = {
        "as_of": NOW - timedelta(days=1),
        "decided_at": NOW,
        "channel": "voice",
        "release_id": "r1",
        "seed": 7,
        "inputs": {"x": None, "balance_amt": 120_000},
        "answer": {"title": "金卡", "n": [1, 2.5]},
    }
    return DecisionRecord(decision_id, customer_id, **(given | changes))


def write_outcome(ledger: Ledger, outcome: Outcome) -> tuple[str, bool]:
    """In a transaction of its own; gives its id and whether it is new."""
    with ledger.writing() as connection:
        return insert_outcome(connection, outcome)
