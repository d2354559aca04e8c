"""The customer's side of their own act: what a link leads to, and agreeing or refusing once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict
from linewise.ledger.events import NOT_SAID
from linewise.ledger.looks import Look, insert_look
from linewise.ledger.outbox import drop_messages
from linewise.ledger.own_acts import OwnAct, choose_terms, end_act, find_act, note_seen, read_act, state_of
from linewise.ledger.quotes import Quote, for_less, read_quote, take_less
from linewise.ledger.record import DecisionRecord
from linewise.ledger.within import Transaction
from serving.scoring.outcomes import Told, record_within
from serving.scoring.own_act_desks.standing import (
    Recorder,
    Stands,
    decision_that_stands,
    order,
    stands_now,
    terms_that_stand,
)
from serving.scoring.own_act_terms import amounts_of, hash_of_terms, terms_of
from serving.scoring.own_acting import tell_of_act

__all__ = ["Awaited", "CustomersDesk"]


@dataclass(frozen=True, slots=True)
class Awaited:
    """An act as its page shows it; terms: the figures to agree to (`own_act_terms`), empty where they are gone.

    amount_amt: what the figures are of; amounts: what may be taken, the most first; seen_hash: of these figures.
    """

    act: OwnAct
    stands: Stands
    terms: Mapping[str, Any]
    decided_at: datetime
    amount_amt: int = 0
    amounts: Sequence[int] = ()
    seen_hash: str = ""


class CustomersDesk:
    """Over whatever records for a home, asked at each request; safe for several threads and beside other workers.

    wall: the wall clock, by which what runs while somebody reads or waits is measured.
    """

    def __init__(self, recorder: Callable[[], Recorder], wall: Callable[[], datetime] = lambda: BankClock().now()):
        self._recorder, self.wall = recorder, wall

    def look(self, token: str, amount_amt: int | None = None) -> Awaited | None:
        """What a link leads to, its opening written down before it is shown; None for a link that leads nowhere.

        amount_amt: what the customer would take of it; what was quoted where that is None, or not to be had.
        """
        desk = self._recorder()
        found = _find(desk, token)
        if found is None:
            return None
        act, decision = found
        with desk.ledger.writing() as connection:
            stands = stands_now(connection, desk, act, decision, self.wall())
            if stands in {"awaiting_customer", "agreed"}:
                token_of = desk.ledger.keys.lookup(act.customer_id)
                look = Look("link", "customer", token_of, "own_act", self.wall(), act.decision_id, act.call_id)
                insert_look(connection, look)
            if stands == "awaiting_customer" and note_seen(connection, act, self.wall()):
                tell_of_act(connection, act, "opened", desk.clock.now())
            if stands == "awaiting_customer":
                amounts, chosen = _chosen(connection, desk, act, amount_amt)
                asked = terms_of(decision, chosen)
                seen = hash_of_terms(decision, chosen, asked)
                return Awaited(act, stands, asked, decision.decided_at, chosen.amount_amt, amounts, seen)
            terms = terms_that_stand(connection, act, decision) if stands == "agreed" else {}
        return Awaited(act, stands, terms, decision.decided_at)

    def agree(self, token: str, seen_hash: str, amount_amt: int | None = None) -> Stands | None:
        """The customer agrees to what they saw (`seen_hash`): ordered once, however often it is sent.

        amount_amt: as they chose it (`look`); where that is less than was quoted, the quote stands for it from then on
        and what it leaves of its budgets is given back.
        Gives how the act stands then; None for a link that leads nowhere.
        """
        desk = self._recorder()
        found = _find(desk, token)
        if found is None:
            return None
        act, decision = found
        stands: Stands = "stopped"
        is_ordered = False
        with suppress(Conflict), desk.ledger.writing() as connection:
            stands = stands_now(connection, desk, act, decision, self.wall())
            if stands == "awaiting_customer":
                _, chosen = _chosen(connection, desk, act, amount_amt)
                if seen_hash == hash_of_terms(decision, chosen, terms_of(decision, chosen)):
                    choose_terms(connection, act, seen_hash)
                    take_less(connection, read_quote(connection, act.quote_id, for_update=True), chosen.amount_amt)
                    order(connection, desk, act, decision, "page")
                    is_ordered = True
        if is_ordered:
            desk.observer.told("ordered")
            return "agreed"
        return "stopped" if stands == "awaiting_customer" else stands

    def refuse(self, token: str, reason_code: str = "") -> Stands | None:
        """The customer refuses, for one of the reasons of a refusal or for none that they say."""
        desk = self._recorder()
        found = _find(desk, token)
        if found is None:
            return None
        act, decision = found
        with desk.ledger.writing() as connection:
            now = desk.clock.now()
            act = read_act(connection, act.act_id)
            stands: Stands = state_of(act, now, self.wall())
            if stands != "awaiting_customer" or not end_act(connection, act, "refused", now, way="page"):
                return stands
            drop_messages(connection, act.act_id, self.wall())
            told = Told(act.action_id, "declined", reason_code or NOT_SAID, agent_id=act.agent_id, call_id=act.call_id)
            record_within(connection, desk.ledger.keys, decision, desk.recording, told, now)
            tell_of_act(connection, act, "refused", now)
        desk.observer.told("declined")
        return "refused"


def _find(desk: Recorder, token: str) -> tuple[OwnAct, DecisionRecord] | None:
    with desk.ledger.engine.connect() as connection:
        act = find_act(connection, token)
    decision = None if act is None else decision_that_stands(desk, act.decision_id)
    return None if act is None or decision is None else (act, decision)


def _chosen(
    connection: Transaction, desk: Recorder, act: OwnAct, amount_amt: int | None
) -> tuple[Sequence[int], Quote]:
    """What may be taken, and the quote for as much of it as was chosen."""
    quote = read_quote(connection, act.quote_id)
    amounts = amounts_of(quote, desk.recording.limit_step_amt)
    if amount_amt is None or amount_amt == quote.amount_amt or amount_amt not in amounts:
        return amounts, quote
    return amounts, for_less(quote, amount_amt)
