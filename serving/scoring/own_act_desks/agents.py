"""The agent's side of a customer's own act: what waits in a call, links sent again, a code read back instead."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict
from linewise.ledger.duties import blocking_duties, enforce_no_blocking
from linewise.ledger.one_time_codes import CODE_LIFE, Tried, codes_left, make_code, tries_left, try_code
from linewise.ledger.outbox import endings_of, put_message, secret_of
from linewise.ledger.outcomes import outcomes_of_call
from linewise.ledger.own_acts import OwnAct, acts_of_call, open_act, read_act, state_of
from linewise.ledger.record import DecisionRecord, read_decision
from linewise.ledger.within import Transaction
from serving.scoring.outcomes import enforce_call_allows
from serving.scoring.own_act_desks.standing import (
    Recorder,
    Stands,
    decision_that_stands,
    order,
    stands_now,
    terms_that_stand,
)
from serving.scoring.own_act_terms import terms_of
from serving.scoring.own_acting import consented_quote, send_link, tell_of_act, waits_for_own_act

__all__ = ["AgentsDesk", "InCall", "Unsent"]


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


class AgentsDesk:
    """Over whatever records for a home, asked at each request; safe for several threads and beside other workers.

    wall: the wall clock, by which what runs while somebody reads or waits is measured.
    """

    def __init__(self, recorder: Callable[[], Recorder], wall: Callable[[], datetime] = lambda: BankClock().now()):
        self._recorder, self.wall = recorder, wall

    def of_call(self, call_id: str) -> Sequence[InCall]:
        """The acts that were opened in a call, each as it stands."""
        desk, wall = self._recorder(), self.wall()
        with desk.ledger.engine.connect() as connection:
            acts = acts_of_call(connection, call_id)
            if not acts:
                return []
            messages = endings_of(connection, [one.act_id for one in acts])
            decisions = {one.act_id: decision_that_stands(desk, one.decision_id) for one in acts}
            return [
                InCall(
                    act=one,
                    stands=stands_now(connection, desk, one, decisions[one.act_id], wall),
                    terms=terms_that_stand(connection, one, decisions[one.act_id]),
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
            decision = decision_that_stands(desk, decision_id)
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
        act, decision = _read(desk, act_id)
        with desk.ledger.writing() as connection:
            stands = stands_now(connection, desk, act, decision, self.wall())
            if stands == "awaiting_customer":
                wall, keys = self.wall(), desk.ledger.keys
                code = make_code(connection, keys, act, read_aloud_by, wall)
                put_message(connection, keys, act, "code", code, wall, CODE_LIFE)
                tell_of_act(connection, act, f"code_{codes_left(connection, act)}", desk.clock.now())
            return stands

    def order_by_code(self, act_id: str, code: str) -> Stands | Tried:
        """Try what the customer read back: ordered where it is right, counted where it is not. Raises NotFound."""
        desk = self._recorder()
        act, decision = _read(desk, act_id)
        stands: Stands | Tried = "stopped"
        is_ordered = False
        with suppress(Conflict), desk.ledger.writing() as connection:
            stands = stands_now(connection, desk, act, decision, self.wall())
            if stands == "awaiting_customer":
                stands = try_code(connection, desk.ledger.keys, act, code, self.wall())
            if stands == "right":
                order(connection, desk, act, decision, "code")
                is_ordered = True
        if is_ordered:
            desk.observer.told("ordered")
            return "agreed"
        return "stopped" if stands == "right" else stands


def _read(desk: Recorder, act_id: str) -> tuple[OwnAct, DecisionRecord]:
    with desk.ledger.engine.connect() as connection:
        act = read_act(connection, act_id)
    return act, read_decision(desk.ledger, act.decision_id)
