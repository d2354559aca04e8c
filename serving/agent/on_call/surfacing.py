"""What of a decision is on the screen now: one suggestion surfaces by itself in a call, every other one on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linewise.ledger.calls import Told

__all__ = ["Surface", "first_surfaced", "surface_of"]

WITHOUT_SALE = frozenset({"none"})
"""Reasons of "nothing" with which the decision is shown all the same: there is nothing for sale in it."""


@dataclass(frozen=True, slots=True)
class Surface:
    """is_shown: what is for sale is on the screen. is_ready: it would be if the agent asked for it (Alt+G)."""

    is_shown: bool = False
    is_ready: bool = False


def first_surfaced(events: Sequence[Told]) -> str:
    """The decision that surfaced by itself: that in force when the need was resolved, else the first one after it."""
    latest, is_resolved = "", False
    for told in events:
        if told.kind == "decided" and not told.details.get("asked"):
            latest = str(told.details.get("decision_id", ""))
        elif told.kind == "not_decided" and told.details.get("prepared_id"):
            latest = str(told.details["prepared_id"])
        is_resolved = is_resolved or told.kind == "need_resolved"
        if is_resolved and latest:
            return latest
    return ""


def surface_of(view: Mapping[str, Any], events: Sequence[Told], pulled: str, *, has_prompts: bool = True) -> Surface:
    """What is on the screen of a call; pulled: the decision that the agent asked to see, empty where none.

    has_prompts: of an agent who has not switched prompts off; without them nothing surfaces by itself.
    """
    decision_id, why = view["decision_id"] or "", view["why"]
    if not decision_id or view["decision"] is None or view["phase"] != "answered":
        return Surface()
    if why in WITHOUT_SALE:
        return Surface(is_shown=True)
    if why is not None and why != "after_service":
        return Surface()
    is_first = has_prompts and why is None and decision_id == first_surfaced(events)
    if is_first or pulled == decision_id:
        return Surface(is_shown=True)
    return Surface(is_ready=True)
