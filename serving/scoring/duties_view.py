"""The duties of a decision as a door shows them: all of each, or what an agent has to know."""

from collections.abc import Mapping, Sequence
from typing import Any

from linewise.core.clock import as_utc

__all__ = ["duties_view"]

SEEN_BY: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "customer": (frozenset({"customer"}), ("duty_id", "action_id", "what", "due_at", "is_open")),
    "agent": (
        frozenset({"agent", "customer"}),
        ("duty_id", "action_id", "what", "audience", "due_at", "is_blocking", "is_open"),
    ),
}
"""Whose duties a view shows, and which fields; what reviewers and compliance must do may name what is not told."""


def duties_view(duties: Sequence[dict[str, Any]], view: str) -> list[dict[str, Any]]:
    """Each duty with its deadline and whether it is open; without rule, person or evidence for agent and customer."""
    shown = [_seen(one) for one in duties]
    if view not in SEEN_BY:
        return shown
    audiences, kept = SEEN_BY[view]
    return [{name: one[name] for name in kept} for one in shown if one["audience"] in audiences]


def _seen(duty: dict[str, Any]) -> dict[str, Any]:
    acts = duty["acts"]
    extended = [act["due_at"] for act in acts if act["due_at"] is not None]
    return duty | {
        "due_at": as_utc(max([duty["due_at"], *extended])).isoformat(),
        "opened_at": as_utc(duty["opened_at"]).isoformat(),
        "is_open": not any(act["ends_duty_id"] for act in acts),
        "acts": [{"act": one["act"], "evidence": one["evidence"], "by": one["by"]} for one in acts],
    }
