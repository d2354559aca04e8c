"""What the customer asks for, by name and amount: how the form tells it, and the answer that may be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action
from linewise.core.errors import UsageError
from linewise.ledger.calls import Told
from serving.calls.desk import MOST_WHAT_IFS
from serving.scoring.outcomes import actions_shown

__all__ = ["AnswerToAsked", "answer_to_asked", "asked_of", "what_ifs_left"]

ASKABLE = ("offer", "limit", "plan")

OF_LIMIT = {"approved": "yes", "countered": "less", "declined": "no", "referred": "referred"}


@dataclass(frozen=True, slots=True)
class AnswerToAsked:
    """The answer to a request.

    answer: yes, less, no or referred; counter_amt: what is offered in place of what was asked; says: a reason that
    may be said; changes: what would change it. is_what_if: it was asked what would be if. takes: the actions of its
    decision that the customer may accept upon it. limit: as it was judged, where it is about one;
    valid_until: until when what may be taken is promised, empty where it is not.
    """

    what: str
    action_id: str
    amount_amt: int | None
    decision_id: str
    limit: Mapping[str, Any] | None
    valid_until: str
    takes: Sequence[str]
    answer: str
    counter_amt: int | None
    says: str
    changes: Sequence[str]
    is_what_if: bool


def asked_of(choice: str, amount_amt: int | None, *, is_what_if: bool) -> dict[str, Any]:
    """What the event of a request carries, from `what:name` as the form's list has it."""
    what, _, action_id = choice.partition(":")
    if what not in ASKABLE:
        raise UsageError(f"{choice!r} is nothing that can be asked for.", f"One of {', '.join(ASKABLE)} was expected.")
    return {"what": what, "action_id": action_id, "amount_amt": amount_amt, "is_what_if": is_what_if}


def what_ifs_left(events: Sequence[Told]) -> int:
    """How often it may still be asked in this call what would be if."""
    asked = sum(1 for one in events if one.kind == "asked" and one.details.get("is_what_if"))
    return max(0, MOST_WHAT_IFS - asked)


def answer_to_asked(view: Mapping[str, Any], events: Sequence[Told]) -> AnswerToAsked | None:
    """The answer to the latest request of a call; None where there is none, or where it stands no more."""
    decision, requests = view["request"], view["requests"]
    if decision is None or not requests:
        return None
    said = next(one.details for one in events if one.event_id == requests[-1]["event_id"])
    if not said:
        return None
    answer, counter_amt, reasons, changes = _OF[said["what"]](decision, said)
    is_what_if = bool(said.get("is_what_if"))
    return AnswerToAsked(
        decision_id=decision["decision_id"],
        valid_until=next((one["valid_until"] for one in decision["quotes"] if one["status"] == "standing"), ""),
        limit=decision["limit"] if said["what"] == "limit" else None,
        takes=[] if is_what_if or answer in {"no", "referred"} else _taken_by(decision, said),
        what=said["what"],
        action_id=said.get("action_id") or "",
        amount_amt=said.get("amount_amt"),
        answer=answer,
        counter_amt=counter_amt,
        says=next(iter(reasons), ""),
        changes=list(dict.fromkeys(changes)),
        is_what_if=is_what_if,
    )


def _taken_by(decision: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    """What of the decision on a request answers it: the raise, the offer that was named, or the terms of a plan."""
    wanted, shown = said.get("action_id"), actions_shown(decision)
    if said["what"] == "limit":
        return [one for one in shown if one == LIMIT_ACTION]
    if said["what"] == "plan":
        return [one for one in shown if group_of_action(one) == PLAN_GROUP]
    return [one for one in shown if one == wanted]


_Found = tuple[str, int | None, Sequence[str], Sequence[str]]


def _limit(decision: Mapping[str, Any], _said: Mapping[str, Any]) -> _Found:
    limit = decision["limit"]
    request = limit["request"] or {"answer": "declined", "counter_amt": None, "what_would_change": []}
    answer = OF_LIMIT[request["answer"]]
    reasons = [one["because"] for one in limit["principal_reasons"]] or [limit["binding_text"]]
    changes = [one["text"] for one in request["what_would_change"]]
    return answer, request["counter_amt"], [] if answer == "yes" else reasons, changes


def _offer(decision: Mapping[str, Any], said: Mapping[str, Any]) -> _Found:
    wanted = said.get("action_id")
    open_ = [*decision["offers"], *decision.get("help", ())]
    found = [one for one in open_ if not wanted or one["offer_id"] == wanted]
    if found:
        return "yes", None, [found[0]["benefit"]], []
    reasons = [one["because"] for one in decision["not_offered"] if not wanted or one["offer_id"] == wanted]
    return "no", None, reasons or [decision["offers_none_because"] or ""], []


def _plan(decision: Mapping[str, Any], said: Mapping[str, Any]) -> _Found:
    if not decision["plans"]:
        return "no", None, [decision["plans_none_because"] or ""], []
    open_amt, asked_amt = decision["plans"][0]["amount_amt"], said.get("amount_amt")
    is_less = asked_amt is not None and open_amt < asked_amt
    return ("less", open_amt, [], []) if is_less else ("yes", None, [], [])


_OF = {"limit": _limit, "offer": _offer, "plan": _plan}
