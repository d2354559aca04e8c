"""The doors of a call, without a web: it rings, is told of, is read; decided ahead, and again when that changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict, RecordGone, UnknownCustomer, UsageError
from linewise.ledger.asked import Asked
from linewise.ledger.call_state import CallState, Request, state_after
from linewise.ledger.call_telling import ring, tell
from linewise.ledger.calls import PhoneCall, Told, call_within, events_within
from linewise.ledger.queues import MeasuredQueue, note_queue
from linewise.ledger.reaching import reaching
from linewise.ledger.store import Ledger
from serving.calls.complaining import held_by, with_rules
from serving.calls.deciding import Deciding, basis_now
from serving.calls.known import KnownOfCaller, known_of_caller
from serving.calls.live import Live
from serving.calls.queueing import priced
from serving.calls.view import Found, call_view
from serving.scoring.call import CHANNELS
from serving.scoring.own_act_desks.agents import AgentsDesk
from serving.scoring.recommender import Recommender
from serving.scoring.told_in_call import Basis

__all__ = ["DECIDED_WITHIN_SECONDS", "MOST_WHAT_IFS", "CallDesk"]

DECIDED_WITHIN_SECONDS = 1.0
"""How long whoever waits for a decision waits: then the call is one of service, and says so."""

MOST_WHAT_IFS = 3
"""How often a customer may ask in one call what would be if."""

ASIDE = timedelta(seconds=1)
"""How long an event is left to the worker that took it before another one decides in its place."""


class CallDesk:
    """Calls over a recommender; safe for several threads, and beside other workers over the same ledger.

    `recommender` is asked each time, for it may have been opened anew; `language` is spoken where the record cannot say
    another one; `live` wakes who follows calls in this process. Every method raises RecordUnreachable where
    the record does not answer, and what the recommender raises while parts of it are missing.
    """

    def __init__(
        self, recommender: Callable[[], Recommender], language: str = "zh-CN", live: Live | None = None
    ) -> None:
        self._recommender, self.language = recommender, language
        self.live = live or Live()
        self._deciding = Deciding()

    @property
    def ledger(self) -> Ledger:
        """Where calls are kept."""
        return self._recommender().ledger

    def now(self) -> datetime:
        """The present moment by the bank's clock."""
        return self._recommender().clock.now()

    def is_for_two(self, customer_id: str) -> bool:
        """Whether two people open this customer's record."""
        return self._recommender().is_for_two(customer_id)

    def language_of(self, state: CallState) -> str:
        """In which language the call is served."""
        return state.call.language or self.language

    @property
    def own_acts(self) -> AgentsDesk:
        """What waits for customers themselves, of the same home."""
        return AgentsDesk(self._recommender)

    # ---- telling ---------------------------------------------------------------------------------------

    def ring(self, call: PhoneCall, bank: str | None = None, heard: Told | None = None) -> tuple[dict[str, Any], bool]:
        """A call rings: it is written down and answered at once, and decided meanwhile; whether it is new.

        bank: whose customer telephony takes the caller for. heard: what a menu heard of why they call.
        Raises Conflict where that is another bank than is loaded, UnknownCustomer, and what the ledger raises.
        """
        desk = self._recommender()
        if bank and bank != desk.bank.manifest.name:
            raise Conflict(
                f"The call {call.call_id!r} is for a customer of the bank {bank!r}.",
                "A customer of the bank of this home was expected.",
                "Route it to the service of that bank.",
            )
        if call.channel not in CHANNELS:
            raise UsageError(f"The channel {call.channel!r} is unknown.", f"One of {', '.join(CHANNELS)} was expected.")
        if call.customer_id not in desk.facts.roster:
            raise UnknownCustomer(call.customer_id)
        with reaching():
            with desk.ledger.writing() as connection:
                is_new = ring(connection, call, desk.clock.now())
                if heard is not None:
                    tell(connection, call.call_id, heard, desk.clock.now())
            state, basis = self._state(desk, call.call_id)
            self._begin_due(desk, state, basis)
            return self._view(desk, state, basis), is_new

    def tell(self, call_id: str, told: Told) -> tuple[dict[str, Any], bool]:
        """Something is told of a call: gives it as it stands then, decided anew where it must be, and if this was new.

        Raises UnknownCall, and what `tell` of the ledger raises; nothing is written where it does.
        """
        desk = self._recommender()
        with reaching():
            if told.kind == "asked":
                self._enforce_askable(desk, call_id, told)
            told = with_rules(desk, call_id, told)
            with desk.ledger.writing() as connection:
                _, is_new = tell(connection, call_id, told, desk.clock.now())
            return self._decided_view(desk, call_id), is_new

    def measure(self, measured: MeasuredQueue) -> tuple[float, float]:
        """A queue was measured: gives how long the next caller waits, and the price of an agent's second by it."""
        desk = self._recommender()
        with reaching(), desk.ledger.writing() as connection:
            note_queue(connection, measured)
        return priced(desk, measured)

    def heed(self, call_id: str) -> None:
        """Begin to decide anew where what a customer answered changes the call; a call that nobody told of is none."""
        desk = self._recommender()
        with reaching():
            with desk.ledger.engine.connect() as connection:
                if not events_within(connection, call_id):
                    return
            self._begin_due(desk, *self._state(desk, call_id))

    # ---- reading ---------------------------------------------------------------------------------------

    def known_of_caller(self, call_id: str) -> KnownOfCaller:
        """What is known of who calls before anything is suggested; raises UnknownCall."""
        desk = self._recommender()
        with reaching():
            state, _ = self._state(desk, call_id)
            return known_of_caller(desk.facts, desk.ledger, state, desk.clock.now())

    def held_by(self, customer_id: str) -> list[str]:
        """What the customer holds that a complaint can be about (`complaining.held_by`)."""
        desk = self._recommender()
        return held_by(desk.facts, desk.policy.catalogue, customer_id, desk.clock.now())

    def askable_offers(self, language: str) -> list[tuple[str, str]]:
        """What a customer may ask for by name: id and title of each offer of the catalogue."""
        offers = self._recommender().policy.catalogue.offers
        return [(one.offer_id, one.title.in_language(language)) for one in offers]

    @property
    def currency(self) -> str:
        """In which currency amounts are meant."""
        return self._recommender().policy.catalogue.currency

    @property
    def zone(self) -> ZoneInfo:
        """In whose hours the bank does business."""
        return ZoneInfo(self._recommender().bank.manifest.time_zone)

    @property
    def limit_step_amt(self) -> int:
        """Minor units by which limits differ."""
        return self._recommender().policy.decision.limit.step_amt

    def view(self, call_id: str) -> dict[str, Any]:
        """The call as it stands; decided now where whoever should have done it did not. Raises UnknownCall."""
        desk = self._recommender()
        with reaching():
            state, basis = self._state(desk, call_id)
            if self._deciding.under_way(state, basis) is None and not self._is_left_alone(desk, call_id):
                return self._view(desk, state, basis)
            return self._decided_view(desk, call_id)

    def _is_left_alone(self, desk: Recommender, call_id: str) -> bool:
        with desk.ledger.engine.connect() as connection:
            last = events_within(connection, call_id)[-1]
        return BankClock().now() - last.recorded_at > ASIDE

    def _state(self, desk: Recommender, call_id: str) -> tuple[CallState, Basis]:
        with desk.ledger.engine.connect() as connection:
            state = state_after(call_within(connection, call_id), events_within(connection, call_id))
        return state, basis_now(desk, state)

    def _decided_view(self, desk: Recommender, call_id: str) -> dict[str, Any]:
        state, basis = self._state(desk, call_id)
        waiting = self._begin_due(desk, state, basis)
        is_late = False
        if waiting:
            is_late = not self._deciding.all_done(waiting, DECIDED_WITHIN_SECONDS)
            if is_late:
                # What the agent is told is written down as well; a decision that comes after all counts instead.
                self._deciding.note_late(desk, state, basis)
            state, basis = self._state(desk, call_id)
        return self._view(desk, state, basis, is_late=is_late)

    def _begin_due(self, desk: Recommender, state: CallState, basis: Basis) -> list[Any]:
        """What has to be decided of a call that lasts: the proposal, where its basis is another, and open requests."""
        if state.call.phase == "ended":
            return []
        due: list[Request | None] = [one for one in state.requests if not one.decision_id]
        if state.basis != str(basis):
            due.append(None)
        begun = (self._deciding.begin(desk, state, basis, one) for one in due)
        return [one for one in begun if one is not None]

    def _view(self, desk: Recommender, state: CallState, basis: Basis, *, is_late: bool = False) -> dict[str, Any]:
        latest = state.requests[-1].decision_id if state.requests else ""
        stands_in = state.prepared_id if state.not_decided_on == str(basis) and state.basis != str(basis) else ""
        shown = stands_in or state.decision_id
        try:
            found = Found(
                desk.decision_for_agent(shown) if shown else None,
                desk.decision_for_agent(latest) if latest else None,
                is_late=is_late,
                prepared_id=stands_in,
            )
        except RecordGone:
            found = Found(is_gone=True)
        return call_view(state, basis, found, self.language_of(state))

    # ---- requests --------------------------------------------------------------------------------------

    def _enforce_askable(self, desk: Recommender, call_id: str, told: Told) -> None:
        said, now = told.details, desk.clock.now()
        if said.get("what"):
            desk.enforce_askable(
                Asked(
                    said["what"],
                    said.get("act", "call"),
                    said.get("reference", call_id),
                    min(told.at, now),
                    said.get("amount_amt"),
                    said.get("action_id", ""),
                )
            )
        if not said.get("is_what_if"):
            return
        with desk.ledger.engine.connect() as connection:
            before = [
                one
                for one in events_within(connection, call_id)
                if one.kind == "asked" and one.details.get("is_what_if") and one.event_id != told.event_id
            ]
        if len(before) >= MOST_WHAT_IFS:
            raise Conflict(
                f"{MOST_WHAT_IFS} times it was asked in the call {call_id!r} what would be if.",
                f"At most {MOST_WHAT_IFS} such questions a call were expected.",
                "Ask for what the customer really wants: a request is never counted.",
            )
