"""All that the page of a call shows, put together: the call as it stands, and what of its decision is on the screen."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action
from linewise.core.clock import as_utc
from linewise.core.money import to_major
from linewise.ledger.calls import events_of_call
from linewise.ledger.outcomes import outcomes_of_call
from linewise.ledger.reaching import reaching
from serving.agent.answers import LONGEST_NOTE, Answer, answers_by_offer, why_not_by_offer
from serving.agent.desk import AgentDesk
from serving.agent.on_call import words
from serving.agent.on_call.asking import answer_to_asked, what_ifs_left
from serving.agent.on_call.complaint_choices import complaint_choices
from serving.agent.on_call.own_acting import own_acts_of
from serving.agent.on_call.signs import signs_of
from serving.agent.on_call.surfacing import surface_of
from serving.agent.on_call.taking import Taking, taking_decisions, taking_of
from serving.agent.on_call.wrapping_up import WrapUpForm, not_spoken_of, proposed_wrap_up, saved_wrap_up
from serving.calls.desk import CallDesk

__all__ = ["Typed", "masked", "screen_of"]

LAST = 4

CLOSING = frozenset({"withdrawn", "unverified", "gone"})
"""Reasons of "nothing" with which what was accepted is not brought to an end either."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and not recorded; it is shown again, so that nothing is lost."""

    answer: Answer | None = None
    wrap_up: WrapUpForm | None = None
    asked: Mapping[str, str] | None = None


def masked(customer_id: str) -> str:
    """The last four characters alone.

    >>> masked("C0012345"), masked("2143")
    ('…2345', '…2143')
    """
    return "…" + customer_id[-LAST:]


def screen_of(
    calls: CallDesk, desk: AgentDesk, view: Mapping[str, Any], pulled: str, typed: Typed, *, has_prompts: bool = True
) -> dict[str, Any]:
    """The values of the page; pulled: the decision whose suggestions the agent asked to see.

    has_prompts: the first suggestion of a call surfaces by itself.
    """
    with reaching():
        events = events_of_call(calls.ledger, view["call_id"])
    decision, surface = view["decision"], surface_of(view, events, pulled, has_prompts=has_prompts)
    with reaching():
        outcomes = outcomes_of_call(calls.ledger, view["customer_id"], view["call_id"])
    answered = answers_by_offer(desk.outcomes_of(view["decision_id"])) if decision else {}
    signs = signs_of(outcomes, view["decision_id"]) if decision else {}
    takings = _takings(desk, view, outcomes)
    place = f"/calls/{quote(view['call_id'])}"
    kept = f"?{urlencode({'show': pulled})}" if pulled and surface.is_shown else ""
    return {
        "call": view,
        "caller_id": masked(view["customer_id"]),
        "elapsed_seconds": _elapsed(view, calls.now()),
        "complaint": complaint_choices(calls, view, events, outcomes) if view["phase"] != "ended" else None,
        "known": calls.known_of_caller(view["call_id"]),
        "surface": surface,
        "pulled_query": kept,
        "place": place,
        "answers_place": f"{place}/decisions/{view['decision_id']}/answers{kept}",
        "view": decision,
        "answered": answered,
        "answered_plan": next((one for one in answered if group_of_action(one) == PLAN_GROUP), ""),
        "outcomes": outcomes,
        "signs": signs,
        "signs_place": f"{place}/decisions/{view['decision_id']}/signs{kept}",
        "takings": takings,
        "why_not": why_not_by_offer(decision["not_offered"]) if decision and surface.is_shown else [],
        "refused": typed.answer,
        "longest_note": LONGEST_NOTE,
        "asked": answer_to_asked(view, events),
        "is_asked_open": bool(view["requests"]) and view["requests"][-1]["decision_id"] is None,
        "typed_asked": typed.asked or {},
        "what_ifs_left": what_ifs_left(events),
        "askable": calls.askable_offers(view["language"]),
        "slider": _slider(decision, calls) if decision else None,
        "wrap_up": typed.wrap_up or saved_wrap_up(events) or proposed_wrap_up(view, takings),
        "unspoken": not_spoken_of(decision, answered, signs) if surface.is_shown else [],
        "form_id": secrets.token_hex(8),
        "words": words,
        "currency": calls.currency,
        "own_acts": own_acts_of(calls.own_acts, view["call_id"]),
        "unsent": calls.own_acts.unsent(view["call_id"], view["customer_id"]),
        "zone": calls.zone,
        "limit_taking": next((one for one in takings if one.action_id == LIMIT_ACTION), None),
    }


def _takings(desk: AgentDesk, view: Mapping[str, Any], outcomes: Sequence[Mapping[str, Any]]) -> list[Taking]:
    """What is accepted in the call, by whichever of its decisions; once a mark withdraws it, what was consented to."""
    if view["phase"] == "ringing":
        return []
    found = []
    for decision_id, action_ids in taking_decisions(outcomes).items():
        decision = desk.decision_for_agent(decision_id)
        found += [taking_of(decision, one, outcomes) for one in action_ids]
    is_open = view["phase"] == "answered" and view["why"] not in CLOSING
    return [one for one in found if is_open or one.consented_at is not None]


def _elapsed(view: Mapping[str, Any], now: datetime) -> int:
    begun = datetime.fromisoformat(view["answered_at"] or view["rang_at"])
    ended = datetime.fromisoformat(view["ended_at"]) if view["ended_at"] else as_utc(now)
    return max(0, int((ended - begun).total_seconds()))


def _slider(decision: Mapping[str, Any], calls: CallDesk) -> dict[str, str]:
    """Where the what-if slider begins and ends, major units: a step above today's limit, to twice the most of it."""
    limit, step_amt = decision["limit"], calls.limit_step_amt
    least = (limit["current_amt"] // step_amt + 1) * step_amt
    most = max(2 * limit["current_amt"], least + 20 * step_amt) // step_amt * step_amt
    return {
        name: f"{to_major(amount, calls.currency):f}"
        for name, amount in {"least": least, "most": most, "step": step_amt, "today": limit["current_amt"]}.items()
    }
