"""The wrap-up of a call: proposed from what was clicked in it, so that little is left to type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linewise.ledger.calls import Told
from serving.agent.on_call.signs import Sign
from serving.agent.on_call.taking import Taking

__all__ = ["WrapUpForm", "not_spoken_of", "proposed_wrap_up", "saved_wrap_up"]

REASON_OF_FLAG = {
    "complaint": "complaint", "fraud": "card", "lost_card": "card", "dispute": "bill", "hardship": "payment_difficulty",
}  # fmt: skip
"""Marks in the order in which they tell why somebody called, where nothing else was said."""


@dataclass(frozen=True, slots=True)
class WrapUpForm:
    """What stands in the form: as it was saved, as it was typed and refused, or as it is proposed."""

    outcome: str
    reason: str = ""
    note: str = ""
    follow_up_on: str = ""
    not_pitched: str = ""
    sends_confirmation: bool = False


def proposed_wrap_up(view: Mapping[str, Any], takings: Sequence[Taking] = ()) -> WrapUpForm:
    """The wrap-up that what was clicked speaks for; who consented to something gets a confirmation of it."""
    marked = view["flags"]
    reason = view["reason"] or next((why for flag, why in REASON_OF_FLAG.items() if flag in marked), "")
    if view["is_need_resolved"]:
        outcome = "resolved"
    elif "wants_human" in marked or "bereavement" in marked or "vulnerable" in marked:
        outcome = "handed_on"
    elif marked:
        outcome = "follow_up"
    else:
        outcome = "not_resolved"
    not_pitched = "customer_upset" if view["tone"] == "upset" else ""
    is_consented = any(one.consented_at is not None for one in takings)
    return WrapUpForm(outcome, reason, not_pitched=not_pitched, sends_confirmation=is_consented)


def saved_wrap_up(events: Sequence[Told]) -> WrapUpForm | None:
    """What was saved last; None where nothing was, or where it is erased."""
    said = next((one.details for one in reversed(events) if one.kind == "wrap_up_saved"), None)
    if not said:
        return None
    return WrapUpForm(
        said["outcome"],
        said.get("reason") or "",
        said.get("note", ""),
        said.get("follow_up_on") or "",
        sends_confirmation=bool(said.get("sends_confirmation")),
    )


def not_spoken_of(
    decision: Mapping[str, Any] | None, answered: Mapping[str, Any], signs: Mapping[str, Sign]
) -> list[dict[str, Any]]:
    """The offers of a decision of which nobody said what became of them: no answer, not said, not put and why."""
    offers = decision["offers"] if decision else ()
    return [one for one in offers if one["offer_id"] not in answered and one["offer_id"] not in signs]
