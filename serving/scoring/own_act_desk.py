"""The desk of customers' own acts: what a link leads to, agreeing and refusing once, and a code read back instead."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict, RecordGone
from linewise.core.settings import Settings
from linewise.ledger.duties import blocking_duties, enforce_no_blocking
from linewise.ledger.events import NOT_SAID
from linewise.ledger.looks import Look, insert_look
from linewise.ledger.one_time_codes import CODE_LIFE, Tried, codes_left, make_code, tries_left, try_code
from linewise.ledger.outbox import drop_messages, endings_of, put_message, secret_of
from linewise.ledger.outcomes import outcomes_of_call
from linewise.ledger.own_acts import (
    OwnAct,
    State,
    acts_of_call,
    choose_terms,
    end_act,
    find_act,
    note_seen,
    open_act,
    read_act,
    state_of,
)
from linewise.ledger.quotes import Quote, for_less, read_quote, take_less
from linewise.ledger.record import DecisionRecord, read_decision
from linewise.ledger.store import Ledger
from linewise.ledger.within import Transaction
from serving.scoring.keeping import enforce_still_stands
from serving.scoring.observing import Observer
from serving.scoring.outcomes import Recording, Told, enforce_call_allows, enforce_together, record_within
from serving.scoring.own_act_terms import amounts_of, hash_of_terms, terms_of
from serving.scoring.own_acting import (
    consented_quote,
    enforce_not_marked_since,
    send_link,
    tell_of_act,
    waits_for_own_act,
)

__all__ = ["Awaited", "InCall", "OwnActDesk", "Stands", "Unsent"]

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


@dataclass(frozen=True, slots=True)
class InCall:
    """An act as the agent sees it in its call; terms: its figures, empty where they are gone.

    message: what became of the message with the link, empty while it waits. codes_left, tries_left: how many codes may
    still be sent, and how often the last one may be tried.
    """

    act: OwnAct
    stands: Stands
    terms: Mapping[str, Any]
    message: str
    codes_left: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """What was consented to and waits for nobody: owed, what has to be done before a link may be sent, in words."""

    decision_id: str
    action_id: str
    terms: Mapping[str, Any]
    owed: Sequence[str]


class OwnActDesk:
    """Over whatever records for a home, asked at each request; safe for several threads and beside other workers.

    wall: the wall clock, by which what runs while somebody reads or waits is measured.
    """

    def __init__(self, recorder: Callable[[], Recorder], wall: Callable[[], datetime] = lambda: BankClock().now()):
        self._recorder, self.wall = recorder, wall

    # ---- the customer's page ---------------------------------------------------------------------------

    def look(self, token: str, amount_amt: int | None = None) -> Awaited | None:
        """What a link leads to, its opening written down before it is shown; None for a link that leads nowhere.

        amount_amt: what the customer would take of it; what was quoted where that is None, or not to be had.
        """
        desk = self._recorder()
        found = self._find(desk, token)
        if found is None:
            return None
        act, decision = found
        with desk.ledger.writing() as connection:
            stands = self._stands(connection, desk, act, decision)
            if stands in {"awaiting_customer", "agreed"}:
                token_of = desk.ledger.keys.lookup(act.customer_id)
                look = Look("link", "customer", token_of, "own_act", self.wall(), act.decision_id, act.call_id)
                insert_look(connection, look)
            if stands == "awaiting_customer" and note_seen(connection, act, self.wall()):
                tell_of_act(connection, act, "opened", desk.clock.now())
            if stands == "awaiting_customer":
                amounts, chosen = self._chosen(connection, desk, act, amount_amt)
                asked = terms_of(decision, chosen)
                seen = hash_of_terms(decision, chosen, asked)
                return Awaited(act, stands, asked, decision.decided_at, chosen.amount_amt, amounts, seen)
            terms = self._terms(connection, act, decision) if stands == "agreed" else {}
        return Awaited(act, stands, terms, decision.decided_at)

    @staticmethod
    def _chosen(
        connection: Transaction, desk: Recorder, act: OwnAct, amount_amt: int | None
    ) -> tuple[Sequence[int], Quote]:
        """What may be taken, and the quote for as much of it as was chosen."""
        quote = read_quote(connection, act.quote_id)
        amounts = amounts_of(quote, desk.recording.limit_step_amt)
        if amount_amt is None or amount_amt == quote.amount_amt or amount_amt not in amounts:
            return amounts, quote
        return amounts, for_less(quote, amount_amt)

    def agree(self, token: str, seen_hash: str, amount_amt: int | None = None) -> Stands | None:
        """The customer agrees to what they saw (`seen_hash`): ordered once, however often it is sent.

        amount_amt: as they chose it (`look`); where that is less than was quoted, the quote stands for it from then on
        and what it leaves of its budgets is given back.
        Gives how the act stands then; None for a link that leads nowhere.
        """
        desk = self._recorder()
        found = self._find(desk, token)
        if found is None:
            return None
        act, decision = found
        stands: Stands = "stopped"
        is_ordered = False
        with suppress(Conflict), desk.ledger.writing() as connection:
            stands = self._stands(connection, desk, act, decision)
            if stands == "awaiting_customer":
                _, chosen = self._chosen(connection, desk, act, amount_amt)
                if seen_hash == hash_of_terms(decision, chosen, terms_of(decision, chosen)):
                    choose_terms(connection, act, seen_hash)
                    take_less(connection, read_quote(connection, act.quote_id, for_update=True), chosen.amount_amt)
                    self._order(connection, desk, act, decision, "page")
                    is_ordered = True
        if is_ordered:
            desk.observer.told("ordered")
            return "agreed"
        return "stopped" if stands == "awaiting_customer" else stands

    def refuse(self, token: str, reason_code: str = "") -> Stands | None:
        """The customer refuses, for one of the reasons of a refusal or for none that they say."""
        desk = self._recorder()
        found = self._find(desk, token)
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

    # ---- the agent's screen ----------------------------------------------------------------------------

    def of_call(self, call_id: str) -> Sequence[InCall]:
        """The acts that were opened in a call, each as it stands."""
        desk, wall = self._recorder(), self.wall()
        with desk.ledger.engine.connect() as connection:
            acts = acts_of_call(connection, call_id)
            if not acts:
                return []
            messages = endings_of(connection, [one.act_id for one in acts])
            decisions = {one.act_id: _decision_of(desk, one.decision_id) for one in acts}
            return [
                InCall(
                    act=one,
                    stands=self._stands(connection, desk, one, decisions[one.act_id]),
                    terms=self._terms(connection, one, decisions[one.act_id]),
                    message=messages.get(one.act_id, ""),
                    codes_left=codes_left(connection, one),
                    tries_left=tries_left(connection, one, wall),
                )
                for one in acts
            ]

    def unsent(self, call_id: str, customer_id: str) -> Sequence[Unsent]:
        """What the customer consented to in a call and was sent no link for, or one that is over."""
        desk = self._recorder()
        found: list[Unsent] = []
        told = outcomes_of_call(desk.ledger, customer_id, call_id)
        pairs = dict.fromkeys(
            (str(one["decision_id"]), str(one["offer_id"])) for one in told if one["outcome"] == "consent_captured"
        )
        for decision_id, action_id in pairs:
            decision = _decision_of(desk, decision_id)
            if decision is None:
                continue
            with desk.ledger.engine.connect() as connection:
                found += self._unsent(connection, desk, decision, action_id)
        return found

    def _unsent(
        self, connection: Transaction, desk: Recorder, decision: DecisionRecord, action_id: str
    ) -> Iterator[Unsent]:
        now = desk.clock.now()
        standing = open_act(connection, decision.decision_id, action_id)
        if standing is not None and state_of(standing, now, self.wall()) == "awaiting_customer":
            return
        quote = consented_quote(connection, decision, action_id, now)
        if not waits_for_own_act(decision, action_id) or quote is None:
            return
        with suppress(Conflict):
            enforce_call_allows(connection, decision, action_id)
            owed = blocking_duties(connection, decision.decision_id, action_id, desk.recording.done_by_own_act)
            lines = list(dict.fromkeys(one.what for one in owed))
            yield Unsent(decision.decision_id, action_id, terms_of(decision, quote), lines)

    def send_link(self, decision_id: str, action_id: str, call_id: str, agent_id: str) -> None:
        """Send the customer the link to what they consented to, once more or only now that nothing else is owed.

        Raises UnknownDecision, and Conflict where they did not consent, something is owed before, or it was withdrawn.
        """
        desk = self._recorder()
        decision, now = read_decision(desk.ledger, decision_id), desk.clock.now()
        with desk.ledger.writing() as connection:
            quote = consented_quote(connection, decision, action_id, now)
            if quote is None or not waits_for_own_act(decision, action_id):
                raise Conflict(
                    f"No quote of {action_id} stands to which the customer consented.",
                    "An acceptance and the consent after it were expected.",
                    "Record them first, or ask for a new decision.",
                )
            enforce_call_allows(connection, decision, action_id)
            enforce_no_blocking(connection, decision_id, action_id, desk.recording.done_by_own_act)
            send_link(connection, desk.ledger.keys, decision, quote, call_id, agent_id, now)

    @property
    def is_demo(self) -> bool:
        """Whether nobody sends anything here, so that what would be sent is shown."""
        return self._recorder().settings.profile == "demo"

    def secret_for_demo(self, act_id: str, kind: Literal["link", "code"]) -> str:
        """The token or the code that nobody sends in a demo; whoever asks sees to it that it is one."""
        return secret_of(self._recorder().ledger, act_id, kind, self.wall())

    def send_code(self, act_id: str, read_aloud_by: str) -> Stands:
        """Put out a code for a customer who cannot open the page; gives how the act stands.

        read_aloud_by: the agent who says that they read the table of all costs aloud. Raises NotFound, Conflict after
        the last code.
        """
        desk = self._recorder()
        act, decision = self._read(desk, act_id)
        with desk.ledger.writing() as connection:
            stands = self._stands(connection, desk, act, decision)
            if stands == "awaiting_customer":
                wall, keys = self.wall(), desk.ledger.keys
                code = make_code(connection, keys, act, read_aloud_by, wall)
                put_message(connection, keys, act, "code", code, wall, CODE_LIFE)
                tell_of_act(connection, act, f"code_{codes_left(connection, act)}", desk.clock.now())
            return stands

    def order_by_code(self, act_id: str, code: str) -> Stands | Tried:
        """Try what the customer read back: ordered where it is right, counted where it is not. Raises NotFound."""
        desk = self._recorder()
        act, decision = self._read(desk, act_id)
        stands: Stands | Tried = "stopped"
        is_ordered = False
        with suppress(Conflict), desk.ledger.writing() as connection:
            stands = self._stands(connection, desk, act, decision)
            if stands == "awaiting_customer":
                stands = try_code(connection, desk.ledger.keys, act, code, self.wall())
            if stands == "right":
                self._order(connection, desk, act, decision, "code")
                is_ordered = True
        if is_ordered:
            desk.observer.told("ordered")
            return "agreed"
        return "stopped" if stands == "right" else stands

    # ---- both ------------------------------------------------------------------------------------------

    def _find(self, desk: Recorder, token: str) -> tuple[OwnAct, DecisionRecord] | None:
        with desk.ledger.engine.connect() as connection:
            act = find_act(connection, token)
        decision = None if act is None else _decision_of(desk, act.decision_id)
        return None if act is None or decision is None else (act, decision)

    def _read(self, desk: Recorder, act_id: str) -> tuple[OwnAct, DecisionRecord]:
        with desk.ledger.engine.connect() as connection:
            act = read_act(connection, act_id)
        return act, read_decision(desk.ledger, act.decision_id)

    def _order(
        self,
        connection: Transaction,
        desk: Recorder,
        act: OwnAct,
        decision: DecisionRecord,
        way: Literal["page", "code"],
    ) -> None:
        told = Told(
            act.action_id, "ordered", agent_id=act.agent_id, call_id=act.call_id, act=way, act_reference=act.act_id
        )
        record_within(connection, desk.ledger.keys, decision, desk.recording, told, desk.clock.now())

    def _stands(self, connection: Transaction, desk: Recorder, act: OwnAct, decision: DecisionRecord | None) -> Stands:
        now = desk.clock.now()
        act = read_act(connection, act.act_id)
        state = state_of(act, now, self.wall())
        if state != "awaiting_customer":
            return state
        if decision is None:
            return "stopped"
        try:
            self._enforce_may_be_done(connection, desk.recording, act, decision, now)
        except Conflict:
            return "stopped"
        return state

    def _enforce_may_be_done(
        self, connection: Transaction, recording: Recording, act: OwnAct, decision: DecisionRecord, now: datetime
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

    def _terms(self, connection: Transaction, act: OwnAct, decision: DecisionRecord | None) -> Mapping[str, Any]:
        if decision is None or not act.quote_id:
            return {}
        with suppress(Conflict):
            return terms_of(decision, read_quote(connection, act.quote_id))
        return {}


def _decision_of(desk: Recorder, decision_id: str) -> DecisionRecord | None:
    """The decision that was acted upon; None where the customer was erased, or it is past its retention."""
    try:
        return read_decision(desk.ledger, decision_id)
    except RecordGone:
        return None
