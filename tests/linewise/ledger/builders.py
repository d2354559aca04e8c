"""Decisions with short defaults, and a record that holds some."""

from datetime import UTC, datetime, timedelta
from typing import Any

from linewise.ledger.record import DecisionRecord

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


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
