"""What became of suggestions before any answer: shown, opened, put to the customer, or not put and why."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from linewise.core.errors import LinewiseError
from linewise.ledger.contacts import SPOKEN_CHANNELS
from linewise.ledger.events import ANSWERS
from serving.agent.desk import AgentDesk
from serving.scoring.outcomes import actions_for_sale

__all__ = ["SIGNS", "Sign", "note_shown", "signs_of"]

SIGNS = frozenset({"expanded", "pitched", "not_pitched", "disclosure_read", "consent_captured"})
"""What an agent tells of an action beside the customer's answer."""

Outcomes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sign:
    """Of one action: whether the customer heard of it, and why it was not put to them, where that stands last."""

    is_pitched: bool = False
    not_pitched: str = ""


def signs_of(outcomes: Outcomes, decision_id: str) -> dict[str, Sign]:
    """By action of a decision, from the outcomes of its call in the order of their arrival."""
    own = [one for one in outcomes if one["decision_id"] == decision_id]
    found: dict[str, Sign] = {}
    for one in own:
        before = found.get(one["offer_id"], Sign())
        if one["outcome"] == "pitched":
            found[one["offer_id"]] = Sign(is_pitched=True)
        elif one["outcome"] in ANSWERS:
            reason = one["reason_code"] if one["outcome"] == "not_pitched" else ""
            found[one["offer_id"]] = Sign(before.is_pitched, reason)
    return found


def note_shown(desk: AgentDesk, view: Mapping[str, Any], outcomes: Outcomes, agent_id: str) -> None:
    """Write down, once, that what is for sale in a call's decision stands on the screen of the agent who has it.

    Where a person speaks that is no contact yet. In other channels `shown` says that the customer saw it, which a
    screen of the bank's own cannot know. What cannot be written down now is at the next look.
    """
    if view["channel"] not in SPOKEN_CHANNELS or view["agent_id"] != agent_id:
        return
    decision_id = view["decision_id"]
    noted = {one["offer_id"] for one in outcomes if (one["decision_id"], one["outcome"]) == (decision_id, "shown")}
    new = [one for one in actions_for_sale(view["decision"]) if one not in noted]
    if new:
        with suppress(LinewiseError):
            desk.note_shown(decision_id, new, agent_id, view["call_id"])
