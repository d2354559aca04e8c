"""How an act stands for who looks now, and how it is ordered: what the desks of customers and agents share."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, Protocol

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict, RecordGone
from linewise.core.settings import Settings
from linewise.ledger.duties import enforce_no_blocking
from linewise.ledger.own_acts import OwnAct, State, read_act, state_of
from linewise.ledger.quotes import read_quote
from linewise.ledger.record import DecisionRecord, read_decision
from linewise.ledger.store import Ledger
from linewise.ledger.within import Transaction
from serving.scoring.keeping import enforce_still_stands
from serving.scoring.observing import Observer
from serving.scoring.outcomes import Recording, Told, enforce_call_allows, enforce_together, record_within
from serving.scoring.own_act_terms import hash_of_terms, terms_of
from serving.scoring.own_acting import enforce_not_marked_since

__all__ = ["Recorder", "Stands", "decision_that_stands", "order", "stands_now", "terms_that_stand"]

Stands = State | Literal["stopped"]
"""How an act stands for who looks now; stopped: what was promised is withdrawn, for whatever reason."""


class Recorder(Protocol):
    """What the desk needs of a recommender."""

    @property
    def ledger(self) -> Ledger:
        """Where acts stand."""

    @property
    def clock(self) -> BankClock:
        """The bank's."""

    @property
    def recording(self) -> Recording:
        """By what outcomes are recorded."""

    @property
    def settings(self) -> Settings:
        """Of the home."""

    @property
    def observer(self) -> Observer:
        """Told of outcomes that are recorded."""


def stands_now(
    connection: Transaction, desk: Recorder, act: OwnAct, decision: DecisionRecord | None, wall: datetime
) -> Stands:
    """How an act stands: of one that still waits, whether it may still be done; wall: the wall clock's moment."""
    now = desk.clock.now()
    act = read_act(connection, act.act_id)
    state = state_of(act, now, wall)
    if state != "awaiting_customer":
        return state
    if decision is None:
        return "stopped"
    try:
        _enforce_may_be_done(connection, desk.recording, act, decision, now)
    except Conflict:
        return "stopped"
    return state


def _enforce_may_be_done(
    connection: Transaction, recording: Recording, act: OwnAct, decision: DecisionRecord, now: datetime
) -> None:
    """Raise Conflict where an order would be refused, or is of other terms than the act was opened for."""
    enforce_call_allows(connection, decision, act.action_id)
    enforce_not_marked_since(connection, act)
    enforce_together(connection, decision, recording.catalogue, act.action_id)
    enforce_still_stands(connection, act.decision_id, act.action_id, now)
    enforce_no_blocking(connection, act.decision_id, act.action_id, recording.done_by_own_act)
    quote = read_quote(connection, act.quote_id)
    if hash_of_terms(decision, quote, terms_of(decision, quote)) != act.terms_hash:
        raise Conflict(
            f"The terms of {act.action_id} are not those that the customer was sent.",
            "The same customer, quote and figures were expected.",
            "Ask for a new decision.",
        )


def terms_that_stand(connection: Transaction, act: OwnAct, decision: DecisionRecord | None) -> Mapping[str, Any]:
    """The figures of an act, empty where they are gone."""
    if decision is None or not act.quote_id:
        return {}
    with suppress(Conflict):
        return terms_of(decision, read_quote(connection, act.quote_id))
    return {}


def order(
    connection: Transaction,
    desk: Recorder,
    act: OwnAct,
    decision: DecisionRecord,
    way: Literal["page", "code"],
) -> None:
    """Record the order that the customer made on the page or by a code."""
    told = Told(act.action_id, "ordered", agent_id=act.agent_id, call_id=act.call_id, act=way, act_reference=act.act_id)
    record_within(connection, desk.ledger.keys, decision, desk.recording, told, desk.clock.now())


def decision_that_stands(desk: Recorder, decision_id: str) -> DecisionRecord | None:
    """The decision that was acted upon; None where the customer was erased, or it is past its retention."""
    try:
        return read_decision(desk.ledger, decision_id)
    except RecordGone:
        return None
