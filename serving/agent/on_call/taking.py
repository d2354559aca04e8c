"""What a customer has accepted in a call: what is read to them before they consent, and what stands after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linewise.core.actions import is_by_own_act, plan_action
from linewise.ledger.events import ANSWERS
from serving.scoring.disclosures import line_name, lines_to_read

__all__ = ["ReadLine", "Taking", "taking_decisions", "taking_of", "title_of"]

TAKES = frozenset({"accepted", "ordered"})

Outcomes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A text that is read before a yes; name: id and version; read_at: None while it has not been."""

    name: str
    text: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Taking:
    """One action that the customer accepted.

    view: of its decision; plan: its terms where it is one; consented_at: None while they have not. needs_own_act:
    what follows the consent is the customer's own act.
    """

    decision_id: str
    action_id: str
    title: str
    view: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    lines: Sequence[ReadLine]
    consented_at: datetime | None
    needs_own_act: bool

    @property
    def is_all_read(self) -> bool:
        """Whether nothing is left to be read."""
        return all(one.read_at is not None for one in self.lines)


def taking_decisions(outcomes: Outcomes) -> dict[str, list[str]]:
    """The decisions of a call of which something is accepted, each with what: the last answer to an action counts."""
    last = {(one["decision_id"], one["offer_id"]): one["outcome"] for one in outcomes if one["outcome"] in ANSWERS}
    found: dict[str, list[str]] = {}
    for (decision_id, action_id), outcome in last.items():
        if outcome in TAKES:
            found.setdefault(str(decision_id), []).append(str(action_id))
    return found


def taking_of(view: Mapping[str, Any], action_id: str, outcomes: Outcomes) -> Taking:
    """How far an accepted action is; outcomes: of the call, in the order of their arrival."""
    own = [one for one in outcomes if (one["decision_id"], one["offer_id"]) == (view["decision_id"], action_id)]
    plan = next((one for one in view["plans"] if plan_action(one["term_months"]) == action_id), None)
    return Taking(
        decision_id=view["decision_id"],
        action_id=action_id,
        title=title_of(view, action_id),
        view=view,
        plan=plan,
        lines=[
            ReadLine(line_name(one), one["text"], _read_at(own, line_name(one)))
            for one in lines_to_read(view, action_id)
        ],
        consented_at=_consented_at(own),
        needs_own_act=is_by_own_act(action_id),
    )


def title_of(view: Mapping[str, Any], action_id: str) -> str:
    """The title of an offer or of help; empty for a limit or a plan, which the screen names by its figures."""
    cards = (*view["offers"], *view.get("help", ()))
    return next((str(one["title"]) for one in cards if one["offer_id"] == action_id), "")


def _read_at(own: Iterable[Mapping[str, Any]], name: str) -> datetime | None:
    moments = [one["occurred_at"] for one in own if one["outcome"] == "disclosure_read" and _names(one, name)]
    return moments[0] if moments else None


def _names(outcome: Mapping[str, Any], name: str) -> bool:
    return outcome["reason_code"] in {"", name}


def _consented_at(own: Outcomes) -> datetime | None:
    """When they consented to what is accepted now; a consent before the last acceptance was to another one."""
    found = None
    for one in own:
        if one["outcome"] == "accepted":
            found = None
        elif one["outcome"] == "consent_captured":
            found = one["occurred_at"]
    return found
