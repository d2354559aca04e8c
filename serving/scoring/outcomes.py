"""An outcome on its way into the ledger: of what its decision allows, in an order that can be, with what follows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linewise.core.actions import HARDSHIP_GROUP, LIMIT_ACTION, PLAN_GROUP, group_of_action, plan_action
from linewise.core.errors import Conflict, UsageError
from linewise.ledger.call_state import state_after
from linewise.ledger.calls import events_within, find_call
from linewise.ledger.duties import end_duty, enforce_no_blocking, open_duties, open_duties_of
from linewise.ledger.events import ANSWERS
from linewise.ledger.keys import KeyStore
from linewise.ledger.outcomes import Outcome, insert_outcome, outcomes_within
from linewise.ledger.record import DecisionRecord
from linewise.ledger.reviews import approved_actions
from linewise.ledger.store import Ledger
from linewise.ledger.within import Transaction
from linewise.policy.catalogue import Catalogue
from linewise.policy.promises import PromisePolicy
from serving.scoring.complaints import complaint_duty
from serving.scoring.disclosures import is_all_read
from serving.scoring.keeping import enforce_still_stands, keep_quotes
from serving.scoring.own_acting import (
    channel_of_act,
    end_duties_by_act,
    enforce_evidence_of_act,
    enforce_own_act,
    follow_in_acts,
)
from serving.scoring.told_in_call import enforce_not_withdrawn

__all__ = [
    "Recording",
    "Told",
    "actions_for_sale",
    "actions_shown",
    "enforce_call_allows",
    "enforce_together",
    "record_outcome",
    "record_outcomes",
    "record_within",
]

AFTER_AN_ORDER = frozenset({"cancelled_in_cooling_off", "activated", "settled_early"})
TAKEN = frozenset({"accepted", "ordered"})
COMMITS = TAKEN | {"consent_captured"}
"""What a call may not bring any more once it has told what takes sales away."""

TAKES_OR_LEAVES = ANSWERS | {"cancelled_in_cooling_off"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a door was told of one action (`offer_id`: an offer, LIMIT or PLAN-<months>) of a decision.

    act, act_reference: with an order, how the customer ordered by themselves, and what shows it.
    """

    offer_id: str
    outcome: str
    reason_code: str = ""
    note: str = ""
    agent_id: str = ""
    call_id: str = ""
    occurred_at: datetime | None = None
    not_before: date | None = None
    act: str = ""
    act_reference: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """What outcomes are recorded by: the policy's catalogue and promises, and which duties a customer's own act ends.

    done_by_own_act: ids of rules. limit_step_amt: minor units by which limits differ; 0 where none is taken in part.
    """

    catalogue: Catalogue
    promises: PromisePolicy
    done_by_own_act: Collection[str] = ()
    limit_step_amt: int = 0


def actions_shown(answer: Mapping[str, Any]) -> list[str]:
    """The offers, the help, the raise, the plans and the steps of the hardship ladder that an answer put forward."""
    steps = (answer.get("hardship") or {}).get("steps", ())
    open_steps = (one["action_id"] for one in steps if one["is_open"])
    return [*actions_for_sale(answer), *(one["offer_id"] for one in answer.get("help", ())), *open_steps]


def actions_for_sale(answer: Mapping[str, Any]) -> list[str]:
    """The offers, the raise and the plans that an answer put forward: without one it is of service only."""
    limit = answer["limit"]
    is_raised = limit["suggested_amt"] > limit["current_amt"] or limit.get("temporary") is not None
    raised = [LIMIT_ACTION] if is_raised else []
    offers = [one["offer_id"] for one in answer["offers"]]
    return [*offers, *raised, *(plan_action(one["term_months"]) for one in answer["plans"])]


def record_outcome(
    ledger: Ledger, decision: DecisionRecord, recording: Recording, told: Told, now: datetime
) -> tuple[str, bool]:
    """Write what became of an action, and what follows from it; gives the outcome's id and whether it is new.

    Disclosures of which the last was read end the duty to read them; an acceptance ends what is owed only while the
    offer is not taken; a complaint opens the duty to answer it; a consent to a limit or a plan by phone opens what the
    customer then does themselves. Raises UsageError for an action that the
    decision neither showed nor a reviewer let go through, an unknown outcome or a reason that is not its
    own; Conflict for an order over an open blocking duty, for a second action that may not be taken beside
    one that was, and for a cancelling, an activation or an early settlement without an order before it;
    OwnActNeeded for an order of a limit or a plan that the customer did not make themselves; QuoteEnded where what is
    taken was quoted until an earlier date, or is promised no more; Conflict, too, where the call of the decision has
    told since what takes its sales away.
    """
    return record_outcomes(ledger, decision, recording, [told], now)[0]


def record_outcomes(
    ledger: Ledger, decision: DecisionRecord, recording: Recording, told: Sequence[Told], now: datetime
) -> list[tuple[str, bool]]:
    """As record_outcome, of several actions of one decision: all are written, or none."""
    with ledger.writing() as connection:
        return [record_within(connection, ledger.keys, decision, recording, one, now) for one in told]


ASKS_FOR_MORE = frozenset({"consent_captured", "ordered", "activated"})
"""Outcomes that nobody records of last night's offers: they ask for a decision on today's rules and its duties."""


def _enforce_decided_now(decision: DecisionRecord, told: Told) -> None:
    if told.outcome in ASKS_FOR_MORE and "prepared" in decision.inputs:
        raise Conflict(
            f"{told.offer_id} was offered as of last night, while the system was slow.",
            "An order asks for a decision on today's rules.",
            "Note that it is accepted, and ask for a new decision before it is ordered.",
        )


def record_within(
    connection: Transaction, keys: KeyStore, decision: DecisionRecord, recording: Recording, told: Told, now: datetime
) -> tuple[str, bool]:
    """As record_outcome, inside a transaction that holds the right to write."""
    enforce_evidence_of_act(told.outcome, told.act, told.act_reference)
    _enforce_decided_now(decision, told)
    catalogue, evidence = recording.catalogue, (told.act, told.act_reference)
    outcome = Outcome(
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
        channel=channel_of_act(decision, told.act),
        not_before=told.not_before,
    )
    _enforce_shown(connection, decision, told.offer_id)
    if told.outcome == "ordered":
        enforce_own_act(connection, decision, told.offer_id, told.act)
        if told.act:
            at = outcome.occurred_at
            end_duties_by_act(connection, decision, told.offer_id, evidence, recording.done_by_own_act, at)
    _enforce_in_order(connection, decision, told)
    if told.outcome in COMMITS:
        enforce_call_allows(connection, decision, told.offer_id)
    if told.outcome in TAKEN:
        enforce_together(connection, decision, catalogue, told.offer_id)
    outcome_id, is_new = insert_outcome(connection, outcome)
    if is_new and told.outcome in TAKEN:
        enforce_still_stands(connection, decision.decision_id, told.offer_id, outcome.occurred_at)
    if is_new:
        _follow_up(connection, decision, outcome, outcome_id)
        keep_quotes(connection, outcome, outcome_id, recording.promises)
        follow_in_acts(connection, keys, decision, outcome, outcome_id, evidence, recording.done_by_own_act)
    return outcome_id, is_new


def _offer_group(catalogue: Catalogue, offer_id: str) -> str:
    # An offer that has left the catalogue since stands alone: its group is not known any more.
    return next((one.group for one in catalogue.offers if one.offer_id == offer_id), offer_id)


def _enforce_shown(connection: Transaction, decision: DecisionRecord, offer_id: str) -> None:
    shown = actions_shown(decision.answer)
    reviewed = approved_actions(connection, decision.decision_id)
    is_reviewed = offer_id in reviewed or (PLAN_GROUP in reviewed and group_of_action(offer_id) == PLAN_GROUP)
    if offer_id not in shown and not is_reviewed:
        raise UsageError(
            f"The decision {decision.decision_id} did not show the offer {offer_id!r}.",
            f"It showed: {', '.join([*shown, *reviewed]) or 'nothing'}.",
        )


def _enforce_in_order(connection: Transaction, decision: DecisionRecord, told: Told) -> None:
    if told.outcome == "ordered":
        enforce_no_blocking(connection, decision.decision_id, told.offer_id)
    if told.outcome in AFTER_AN_ORDER:
        events = {(one["offer_id"], one["outcome"]) for one in outcomes_within(connection, decision.decision_id)}
        if (told.offer_id, "ordered") not in events:
            raise Conflict(
                f"{told.outcome!r} came for {told.offer_id}, which was never ordered in this decision.",
                "An order was expected before it.",
                "Record the order first.",
            )


def enforce_call_allows(connection: Transaction, decision: DecisionRecord, offer_id: str) -> None:
    """Raise Conflict where what the call told after the decision took its sales away; help may always be taken."""
    call = find_call(connection, decision.inputs.get("call", {}).get("call_id", ""))
    serves = {one["offer_id"] for one in decision.answer.get("help", ())}
    if call is not None and offer_id not in serves and group_of_action(offer_id) != HARDSHIP_GROUP:
        state = state_after(call, events_within(connection, call.call_id))
        enforce_not_withdrawn(state, decision.inputs["context"])


def enforce_together(connection: Transaction, decision: DecisionRecord, catalogue: Catalogue, offer_id: str) -> None:
    """Raise Conflict where the customer took, in this decision, what may not be taken beside it."""
    # The last answer to an action counts, for an acceptance can be taken back; that a disclosure was read is none.
    told = outcomes_within(connection, decision.decision_id)
    last = {str(one["offer_id"]): one["outcome"] for one in told if one["outcome"] in TAKES_OR_LEAVES}
    taken = [one for one, outcome in last.items() if outcome in TAKEN and one != offer_id]
    hindered = [one for one in taken if not catalogue.may_be_taken_together(one, offer_id)]
    if hindered:
        raise Conflict(
            f"{offer_id} cannot be taken beside {', '.join(hindered)}, which the customer took in this decision.",
            "One action of a group was expected.",
            "Record first that the customer declines the other one.",
        )


def _is_all_read(connection: Transaction, decision: DecisionRecord, outcome: Outcome) -> bool:
    told = outcomes_within(connection, decision.decision_id)
    read = {
        str(one["reason_code"])
        for one in told
        if one["outcome"] == "disclosure_read" and one["offer_id"] == outcome.offer_id
    }
    return is_all_read(decision.answer, outcome.offer_id, read)


def _follow_up(connection: Transaction, decision: DecisionRecord, outcome: Outcome, outcome_id: str) -> None:
    evidence, by = f"outcome {outcome_id}: {outcome.outcome}", outcome.agent_id or "unnamed"
    is_read = outcome.outcome == "disclosure_read" and _is_all_read(connection, decision, outcome)
    for duty in open_duties_of(connection, decision.decision_id, outcome.offer_id):
        if is_read and duty.effect == "DISCLOSE" and duty.audience == "agent":
            end_duty(connection, duty, "done", evidence, by, outcome.recorded_at)
        elif outcome.outcome in TAKEN and duty.lapses_when_accepted:
            end_duty(connection, duty, "void", evidence, by, outcome.recorded_at)
    if outcome.outcome == "complaint_within_30d":
        language = str(decision.answer.get("language", "en"))
        open_duties(connection, [complaint_duty(outcome, outcome_id, language)])
