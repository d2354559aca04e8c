"""What the screen of a call shows of the customer's own acts: what waits for them, and how it ended."""

from collections.abc import Mapping
from typing import Any

from serving.agent.wording import N_
from serving.scoring.own_act_desks.agents import AgentsDesk, InCall

__all__ = ["STATES", "own_acts_of"]

STATES: Mapping[str, tuple[str, str]] = {
    "awaiting_customer": (N_("Waits for the customer"), "warm"),
    "opened": (N_("The customer has opened it"), "warm"),
    "agreed": (N_("The customer agreed: ordered"), "good"),
    "refused": (N_("The customer said no"), "bad"),
    "expired": (N_("Too late: nothing was ordered"), "bad"),
    "taken_back": (N_("Taken back: nothing was ordered"), "bad"),
    "replaced": (N_("A newer link was sent"), "bad"),
    "stopped": (N_("Withdrawn: it cannot be confirmed any more"), "bad"),
}
"""How an act stands, in words and by which colour of a badge."""

MESSAGES: Mapping[str, str] = {
    "": N_("The message with the link is on its way."),
    "sent": N_("The link was sent."),
    "failed": N_("The link could not be sent: a code may be."),
}
GONE = N_("The link is not sent any more.")


def own_acts_of(own_acts: AgentsDesk, call_id: str) -> list[dict[str, Any]]:
    """What waits for the customer of a call, or how it ended, in the words of the screen."""
    found = own_acts.of_call(call_id)
    is_demo = bool(found) and own_acts.is_demo
    return [_shown(own_acts, one, is_demo=is_demo) for one in found]


def _shown(own_acts: AgentsDesk, one: InCall, *, is_demo: bool) -> dict[str, Any]:
    is_awaiting = one.stands == "awaiting_customer"
    says, mood = STATES["opened" if is_awaiting and one.act.seen_at else one.stands]
    token = own_acts.secret_for_demo(one.act.act_id, "link") if is_demo and is_awaiting else ""
    code = own_acts.secret_for_demo(one.act.act_id, "code") if is_demo and is_awaiting else ""
    return {
        "act_id": one.act.act_id,
        "action_id": one.act.action_id,
        "terms": one.terms,
        "says": says,
        "mood": mood,
        "is_awaiting": is_awaiting,
        "message_says": MESSAGES.get(one.message, GONE),
        "codes_left": one.codes_left,
        "tries_left": one.tries_left,
        "demo_link": f"/own/{token}" if token else "",
        "demo_code": code,
    }
