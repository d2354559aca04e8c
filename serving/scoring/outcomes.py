"""An outcome on its way into the ledger: only of what its decision showed, and in an order that can be."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linewise.core.actions import LIMIT_ACTION, group_of_action, plan_action
from linewise.core.errors import Conflict, UsageError
from linewise.ledger.outcomes import Outcome, outcomes_of, write_outcome
from linewise.ledger.record import DecisionRecord
from linewise.ledger.store import Ledger
from linewise.policy.catalogue import Catalogue

__all__ = ["Told", "actions_shown", "record_outcome"]

AFTER_AN_ORDER = frozenset({"cancelled_in_cooling_off", "activated"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a door was told of one action (`offer_id`: an offer, LIMIT or PLAN-<months>) of a decision."""

    offer_id: str
    outcome: str
    reason_code: str = ""
    note: str = ""
    agent_id: str = ""
    call_id: str = ""
    occurred_at: datetime | None = None
    not_before: date | None = None


def actions_shown(answer: dict[str, Any]) -> list[str]:
    """The offers, the raise and the plans that an answer put forward."""
    limit = answer["limit"]
    raised = [LIMIT_ACTION] if limit["suggested_amt"] > limit["current_amt"] else []
    return [
        *(offer["offer_id"] for offer in answer["offers"]),
        *raised,
        *(plan_action(plan["term_months"]) for plan in answer["plans"]),
    ]


def record_outcome(
    ledger: Ledger, decision: DecisionRecord, catalogue: Catalogue, told: Told, now: datetime
) -> tuple[str, bool]:
    """Write what became of an action; gives the outcome's id and whether it is new.

    Raises UsageError for an action that the decision did not show, an unknown outcome or a reason that is
    not its own; Conflict for a cancelling or an activation without an order before it.
    """
    _enforce_shown(decision, told)
    if told.outcome in AFTER_AN_ORDER:
        _enforce_ordered(ledger, decision, told)
    return write_outcome(
        ledger,
        Outcome(
            decision_id=decision.decision_id,
            customer_id=decision.customer_id,
            offer_id=told.offer_id,
            offer_group=group_of_action(told.offer_id) or _offer_group(catalogue, told.offer_id),
            call_id=told.call_id,
            agent_id=told.agent_id,
            outcome=told.outcome,
            reason_code=told.reason_code,
            note=told.note,
            occurred_at=told.occurred_at or now,
            recorded_at=now,
            channel=decision.channel,
            not_before=told.not_before,
        ),
    )


def _enforce_shown(decision: DecisionRecord, told: Told) -> None:
    shown = actions_shown(decision.answer)
    if told.offer_id not in shown:
        raise UsageError(
            f"The decision {decision.decision_id} did not show the offer {told.offer_id!r}.",
            f"It showed: {', '.join(shown) or 'nothing'}.",
        )


def _enforce_ordered(ledger: Ledger, decision: DecisionRecord, told: Told) -> None:
    events = {(one["offer_id"], one["outcome"]) for one in outcomes_of(ledger, decision.decision_id)}
    if (told.offer_id, "ordered") not in events:
        raise Conflict(
            f"{told.outcome!r} came for {told.offer_id}, which was never ordered in this decision.",
            "An order was expected before it.",
            "Record the order first.",
        )


def _offer_group(catalogue: Catalogue, offer_id: str) -> str:
    # An offer that has left the catalogue since stands alone: its group is not known any more.
    return next((one.group for one in catalogue.offers if one.offer_id == offer_id), offer_id)
