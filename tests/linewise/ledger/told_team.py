"""A team's calls and what became of their suggestions, written into a ledger in bulk: a short line of a test each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert

from linewise.core.clock import as_utc
from linewise.ledger.call_tables import call_events, calls
from linewise.ledger.duty_tables import duties
from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.store import Ledger

__all__ = ["TeamsPast"]

MINUTE = timedelta(minutes=1)


@dataclass
class TeamsPast:
    """What is to be written; `write` writes it once."""

    ledger: Ledger
    _rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"calls": [], "events": [], "outcomes": [], "duties": []}
    )
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def call(
        self,
        at: datetime,
        *told: str | tuple[str, str],
        agent: str = "anna",
        team: str = "north",
        offer: str = "CARD_GOLD",
        group: str = "payment_card",
        customer: str = "",
        events: Sequence[tuple[str, str]] = (),
        minutes: float = 4,
        channel: str = "voice",
    ) -> str:
        """A call that was answered and ended, in which this was told of an offer, a minute apart; gives its id."""
        number = next(self._numbers)
        call_id, customer = f"call-{number:05}", customer or f"C{number}"
        ended = at + minutes * MINUTE
        self._rows["calls"].append(
            {"call_id": call_id, "customer_id": customer, "team": team, "queue": "", "channel": channel,
             "direction": "inbound", "language": "", "caller_role": "customer", "is_identity_verified": True,
             "rang_at": at, "agent_id": agent, "answered_at": at, "ended_at": ended, "recorded_at": at}
        )  # fmt: skip
        said = [("ringing", at, "{}"), ("answered", at, "{}"), ("need_resolved", at + MINUTE, "{}")]
        said += [(kind, at + MINUTE, details) for kind, details in events] + [("ended", ended, "{}")]
        for place, (kind, moment, details) in enumerate(said, start=1):
            self._rows["events"].append(
                {"call_id": call_id, "number": place, "event_id": f"e{place}", "customer_id": customer, "kind": kind,
                 "source": "agent", "agent_id": agent, "details": details, "at": moment, "recorded_at": moment}
            )  # fmt: skip
        for place, one in enumerate(told):
            outcome, reason = (one, "") if isinstance(one, str) else one
            self.outcome(
                at + place * MINUTE, f"D{number}", outcome, reason, call_id, agent, offer, group, customer, channel
            )
        return call_id

    def outcome(  # noqa: PLR0917  as they stand in the table
        self, at: datetime, decision: str, outcome: str, reason: str = "", call_id: str = "", agent: str = "anna",
        offer: str = "CARD_GOLD", group: str = "payment_card", customer: str = "C", channel: str = "voice",
    ) -> None:  # fmt: skip
        """Something that was told of an offer of a decision."""
        moment = as_utc(at).replace(tzinfo=None)
        self._rows["outcomes"].append(
            {"outcome_id": f"o{len(self._rows['outcomes'])}", "decision_id": decision, "customer_id": customer,
             "offer_id": offer, "offer_group": group, "call_id": call_id, "agent_id": agent, "channel": channel,
             "outcome": outcome, "reason_code": reason, "note": "", "not_before": None, "occurred_at": moment,
             "recorded_at": moment, "repeat_number": 0}
        )  # fmt: skip

    def duty(self, at: datetime, decision: str, rule_id: str, offer: str = "CARD_GOLD") -> None:
        """A duty that the decision owed by a rule."""
        moment = as_utc(at).replace(tzinfo=None)
        self._rows["duties"].append(
            {"duty_id": f"d{len(self._rows['duties'])}", "decision_id": decision, "customer_id": "C",
             "rule_id": rule_id, "action_id": offer, "effect": "NOTIFY", "what": "", "audience": "agent", "owner": "",
             "due_at": moment, "is_blocking": False, "opened_at": moment, "amount_amt": None,
             "lapses_when_accepted": False}
        )  # fmt: skip

    def write(self) -> Ledger:
        """Into the ledger, in one transaction."""
        tables = {"calls": calls, "events": call_events, "outcomes": outcomes, "duties": duties}
        with self.ledger.writing() as connection:
            for name, rows in self._rows.items():
                if rows:
                    connection.execute(insert(tables[name]), rows)
                rows.clear()
        return self.ledger
