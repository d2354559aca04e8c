"""Calls as telephony and an agent tell of them to a running app, and what is for sale in them."""

import time
from itertools import count
from typing import Any

from fastapi.testclient import TestClient

numbers = count(1)


class Line:
    """One call as telephony and its agent tell of it."""

    def __init__(self, client: TestClient, customer_id: str, **more: Any) -> None:
        self.client, self.call_id = client, f"call-{next(numbers)}"
        body = {"call_id": self.call_id, "customer_id": customer_id, "is_identity_verified": True}
        self.rung = client.post("/v1/calls", json=body | more)

    def send(self, kind: str, event_id: str = "", **more: Any) -> Any:
        """The answer to one event, from the agent unless telephony is named."""
        body = {"event_id": event_id or f"e{next(numbers)}", "kind": kind, "source": "agent", "agent_id": "anna"}
        return self.client.post(f"/v1/calls/{self.call_id}/events", json=body | more)

    def told(self, kind: str, **more: Any) -> dict[str, Any]:
        """The call after an event that is taken."""
        answer = self.send(kind, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()["call"]

    def read(self) -> dict[str, Any]:
        answer = self.client.get(f"/v1/calls/{self.call_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def in_talk(self) -> "Line":
        """The call answered and its service done, so that suggestions may surface."""
        self.told("answered")
        self.told("need_resolved")
        return self


def sold(call: dict[str, Any]) -> list[str]:
    """What is put forward that is for sale, by its names; a waiver that keeps a customer is not."""
    decision = call["decision"]
    if decision is None:
        return []
    limit = ["LIMIT"] if decision["limit"]["suggested_amt"] > decision["limit"]["current_amt"] else []
    offers = [one["offer_id"] for one in decision["offers"] if one["kind"] == "promotional"]
    return offers + [f"PLAN-{one['term_months']}" for one in decision["plans"]] + limit


def is_sold(call: dict[str, Any]) -> bool:
    return bool(sold(call))


def settled(line: Line) -> dict[str, Any]:
    """The call once it is decided on all that was told."""
    deadline = time.monotonic() + 20
    while not (call := line.read())["is_current"] and time.monotonic() < deadline:
        time.sleep(0.02)
    return call
