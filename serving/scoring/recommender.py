"""What a home decides, for every door that serves: with stops and paced prices, and recorded before it is answered."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from itertools import count
from typing import Any, Self
from uuid import uuid4

from features.online import OnlineGeneration
from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP
from linewise.core.clock import BankClock
from linewise.core.errors import BudgetSpent
from linewise.decisioning.prices import Prices
from linewise.ledger.asked import Asked, enforce_evidence, insert_asked
from linewise.ledger.bookings import Booking, book, cancel_booking
from linewise.ledger.breaker import check_breaker
from linewise.ledger.duties import duties_of_decision, open_duties
from linewise.ledger.in_call import in_call
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.own_acts import open_act
from linewise.ledger.quotes import Quote, quotes_of_decision, release_expired
from linewise.ledger.record import DecisionRecord, read_decision, write_decisions
from linewise.ledger.stops import enforce_may_decide
from linewise.ledger.turns import Turn
from linewise.ledger.within import Transaction
from serving.scoring.answer import utc_of
from serving.scoring.audience import agent_view
from serving.scoring.breaking import bounds_of
from serving.scoring.call import Call, context_in_call, enforce_askable
from serving.scoring.chunking import Chunks, Made, Request
from serving.scoring.deciding import Decider, Parts
from serving.scoring.duties import duties_of
from serving.scoring.inputs import inputs_of
from serving.scoring.observing import UNOBSERVED, Observer
from serving.scoring.outcomes import Recording, Told, actions_for_sale, record_outcome, record_outcomes
from serving.scoring.prepared import PreparedOffers
from serving.scoring.prepared_answer import inputs_of_prepared, prepared_answer
from serving.scoring.promises import Promises, enforce_heeded, paced
from serving.scoring.quoting import QuotedMeanwhile, Quoting, quotes_view
from serving.scoring.registry import ModelFiles
from serving.scoring.shadowing import Shadowing

__all__ = ["Beside", "CustomerCard", "Recommender", "Recorded"]

MOST_ATTEMPTS = 3
"""How often a decision is made again because another agent quoted meanwhile; then it takes the quote that stands."""


Beside = Callable[[Transaction, str], None]
"""Writes what belongs to a decision, told its id, inside the transaction of its record."""


@dataclass(frozen=True, slots=True)
class _With:
    """What a decision is recorded with; is_last: it takes whatever quote stands by now.

    turn: in which it was made, over before its record is waited for.
    """

    call: Call
    asked: Asked | None
    beside: Beside | None
    turn: Turn
    is_last: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that is recorded: its full answer, the duties that it opened, the quotes it made or found standing.

    Duties and quotes are as `duties_of` and `quotes_of` read them at once, but for what was written beside.
    """

    answer: dict[str, Any]
    duties: Sequence[dict[str, Any]]
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """What a list of customers shows of one: no more than is needed to open the right one."""

    customer_id: str
    observed_on: date
    currency: str


class Recommender(Decider):
    """A decider that serves: what it decides holds, so stops and approvals hold for it, and spending has a pace.

    Deciding raises ApprovalMissing as well, where the release is stopped, or in production not approved.
    """

    observer: Observer = UNOBSERVED
    """Who is told of each decision that is served."""

    _shadowing: Shadowing | None = None

    def __init__(self, parts: Parts, prices: Prices | None = None) -> None:
        super().__init__(parts, prices)
        self._chunks = Chunks()

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        # What waits to be decided by the one is not to be decided by the other.
        other.__dict__ |= self.__dict__ | {"_chunks": Chunks()}
        return other

    @cached_property
    def _prepared(self) -> PreparedOffers:
        return PreparedOffers(self.settings.paths)

    def shadowed_by(self, challengers: Mapping[str, ModelFiles]) -> Shadowing:
        """Let these challengers score every call from now on, after its answer and shown to nobody."""
        self._shadowing = Shadowing(self._parts.release, challengers, self.policy.decision.economics)
        return self._shadowing

    def _killed_kinds(self) -> Collection[str]:
        needed = self._needed["promote"]
        return enforce_may_decide(self._ledger, self.versions.release_id, self.settings.profile, needed)

    def killed_kinds(self) -> Collection[str]:
        """The kinds of action that are switched off; raises ApprovalMissing where the release may not decide."""
        return self._killed_kinds()

    def _prices_now(self, promises: Promises) -> Prices:
        return paced(self._prices, promises, self.policy.promises.pacing)

    # ---- deciding ------------------------------------------------------------------------------------

    def decide_one(
        self,
        customer_id: str,
        channel: str,
        language: str | None = None,
        *,
        verified: bool = True,
        call: Call | None = None,
        asked: Asked | None = None,
        beside: Beside | None = None,
    ) -> dict[str, Any]:
        """The full answer of `decide_in_full`, which says what it takes and raises."""
        recorded = self.decide_in_full(
            customer_id, channel, language, verified=verified, call=call, asked=asked, beside=beside
        )
        return recorded.answer

    def decide_in_full(
        self,
        customer_id: str,
        channel: str,
        language: str | None = None,
        *,
        verified: bool = True,
        call: Call | None = None,
        asked: Asked | None = None,
        beside: Beside | None = None,
    ) -> Recorded:
        """Decide for one customer, record it with its duties and quotes, and only then give what was made.

        call: what the telephone system and the agent say of it. asked: what the customer asks for, with the act
        that shows it; without it the bank proposes. beside: writes what belongs to the decision, told its id, in the
        transaction of its record; what it raises leaves nothing written. Raises UsageError where what is asked shows
        nothing, and for a tone or a reason that nobody knows.
        """
        generation, call = self.generation(), call or Call()
        context = self.context(channel, language, verified=verified)
        if asked is not None:
            self.enforce_askable(asked)
        context = context_in_call(context, call, in_call(self._ledger, customer_id, call.call_id), asked)
        # What a customer asks for is theirs alone, and an agent's second is dear only where the bank proposes.
        second_amt = call.second_amt if asked is None else 0.0
        request = Request(customer_id, context, generation, second_amt, goes_alone=asked is not None)
        found_spent: set[tuple[str, str]] = set()
        for attempt in count():
            try:
                with self._chunks.waiting(request), self._ledger.turn() as turn:
                    made = self._chunks.made(request, partial(self._made, found_spent=found_spent))
                    with_it = _With(call, asked, beside, turn, is_last=attempt >= MOST_ATTEMPTS)
                    return self._recorded(made, generation, with_it)
            except BudgetSpent as err:
                # Another call took the last of it meanwhile; each time one budget fewer is left to find spent.
                enforce_heeded((err.budget_id, err.pot), found_spent)
                found_spent.add((err.budget_id, err.pot))
            except QuotedMeanwhile:
                pass
            request = replace(request, goes_alone=True, made=None)
        raise AssertionError  # the loop ends by an answer or an error

    def decide_prepared(
        self,
        customer_id: str,
        channel: str,
        language: str | None = None,
        *,
        verified: bool = True,
        call: Call | None = None,
        beside: Beside | None = None,
    ) -> dict[str, Any] | None:
        """Last night's offers, where no decision can be made in time: recorded, and only then given.

        None, and nothing recorded, where none were kept or they are too old, where anything is switched off, where
        what is open of complaints, fraud, hardship and refusals cannot be read live, or where nothing is left to offer.
        Raises what the record raises, and ApprovalMissing.
        """
        call, context = call or Call(), self.context(channel, language, verified=verified)
        kept = self._prepared.of(customer_id, self.bank.manifest.data_hash, context.decided_at)
        if self._killed_kinds() or kept is None:
            return None
        inputs = inputs_of_prepared(self._parts.knowledge, customer_id, kept, context, call)
        if inputs is None:
            return None
        answer = {"decision_id": str(uuid4())} | prepared_answer(customer_id, inputs, self.policy, self.versions)
        if not answer["offers"]:
            return None
        known_at = self._facts.observed_at(customer_id, context.decided_at).isoformat()
        record = DecisionRecord(
            decision_id=answer["decision_id"],
            customer_id=customer_id,
            as_of=kept.prepared_at,
            decided_at=context.decided_at,
            channel=channel,
            release_id=self.versions.release_id,
            seed=self.settings.seed,
            inputs=inputs | {"known_at": known_at, "call": call.as_json()},
            answer=answer,
            record_class="full",
        )

        def within(connection: Transaction) -> None:
            if beside is not None:
                beside(connection, record.decision_id)

        write_decisions(self._ledger, [record], within)
        self.observer.decided(answer)
        return answer

    def enforce_askable(self, asked: Asked) -> None:
        """Raise UsageError where it shows nothing that a customer could have asked for now."""
        enforce_evidence(asked, self.clock.now())
        enforce_askable(asked, self.policy.decision.limit.temporary_days_most)

    def _made(self, requests: Sequence[Request], found_spent: Collection[tuple[str, str]]) -> list[Made]:
        """What is decided of requests in the same circumstances, at the moment of the last of them."""
        first = requests[0]
        context = replace(first.context, decided_at=max(one.context.decided_at for one in requests))
        customer_ids = [one.customer_id for one in requests]
        release_expired(self._ledger, context.decided_at)
        # All that it reads of the ledger it reads as of one moment.
        with self._ledger.reading():
            with self.observer.timing("promises"):
                promises = self._promises(customer_ids, context, found_spent)
            promises = replace(promises, second_amt=first.second_amt)
            decisions = self._decide(customer_ids, context, first.generation, promises, observer=self.observer)
        return [Made(decisions, row, promises) for row in range(len(requests))]

    def _recorded(self, made: Made, generation: OnlineGeneration, with_it: "_With") -> Recorded:
        """What came of one customer of a chunk, once it is recorded; raises BudgetSpent, QuotedMeanwhile."""
        decisions, row, promises = made.decisions, made.row, made.promises
        customer_id = str(decisions.customers.customer_id[row])
        with self.observer.timing("answer"):
            answer = {"decision_id": str(uuid4())} | self.answer(decisions, row)
        record = DecisionRecord(
            decision_id=answer["decision_id"],
            customer_id=customer_id,
            as_of=utc_of(decisions.customers.as_of[row]),
            decided_at=decisions.context.decided_at,
            channel=decisions.context.channel,
            release_id=self.versions.release_id,
            seed=decisions.seed,
            inputs=inputs_of(decisions, row, self._prices_now(promises))
            | {
                "known_at": self._known_at(decisions, row).isoformat(),
                "generation_id": generation.id,
                "call": with_it.call.as_json(),
            },
            answer=answer,
            record_class="full" if with_it.asked is not None or actions_for_sale(answer) else "service",
        )
        owed = duties_of(decisions, row, record.decision_id, with_it.asked)
        quoting = Quoting.of(
            decisions, row, record.decision_id, promises, self.policy.promises, self.versions.release_id
        )

        duties: Sequence[dict[str, Any]] = ()
        quotes: Sequence[Quote] = ()

        def beside(connection: Transaction) -> None:
            nonlocal duties, quotes
            quotes = quoting.write(connection, takes_any=with_it.is_last)
            duties = open_duties(connection, owed)
            if with_it.asked is not None:
                insert_asked(connection, record.decision_id, customer_id, with_it.asked)
            if with_it.beside is not None:
                with_it.beside(connection, record.decision_id)

        with self.observer.timing("record"):
            write_decisions(self._ledger, [record], beside, with_it.turn)
        self.observer.decided(answer)
        if self._shadowing is not None:
            prices = self._prices_now(promises)
            self._shadowing.note(self._ledger, record.decision_id, made, self.policy.decision, prices)
        return Recorded(answer, duties, quotes)

    def recorded(self, decision_id: str) -> dict[str, Any]:
        """The full answer of a decision as it was recorded; raises UnknownDecision."""
        return read_decision(self._ledger, decision_id).answer

    # ---- answers -------------------------------------------------------------------------------------

    def record(self, decision_id: str, told: Told) -> tuple[str, bool]:
        """Record what became of an offer, the limit or a plan; gives the outcome's id and whether it is new.

        Raises UnknownDecision, UsageError for what the decision did not show or an unknown outcome, and
        Conflict where it contradicts what was recorded before.
        """
        decision = read_decision(self._ledger, decision_id)
        done = record_outcome(self._ledger, decision, self.recording, told, self.clock.now())
        if done[1]:
            self.observer.told(told.outcome)
        return done

    def awaited_until(self, decision_id: str, action_id: str) -> datetime | None:
        """Until when the customer's own act upon an action of a decision is awaited; None where none is."""
        with self._ledger.engine.connect() as connection:
            act = open_act(connection, decision_id, action_id)
        return None if act is None else act.valid_until

    @property
    def recording(self) -> Recording:
        """By what the policy in force records outcomes."""
        policy = self.policy
        step_amt = policy.decision.limit.step_amt
        return Recording(policy.catalogue, policy.promises, policy.rules.done_by_own_act, step_amt)

    def note_shown(self, decision_id: str, action_ids: Sequence[str], agent_id: str, call_id: str) -> None:
        """Write down that these actions of a decision stand on an agent's screen; told again it changes nothing."""
        decision = read_decision(self._ledger, decision_id)
        told = [Told(one, "shown", agent_id=agent_id, call_id=call_id) for one in action_ids]
        done = record_outcomes(self._ledger, decision, self.recording, told, self.clock.now())
        for _, is_new in done:
            if is_new:
                self.observer.told("shown")

    def record_outcome(
        self,
        decision_id: str,
        offer_id: str,
        outcome: str,
        reason_code: str = "",
        note: str = "",
        agent_id: str = "",
        call_id: str = "",
    ) -> tuple[str, bool]:
        """As `record`, for something that happened just now."""
        return self.record(decision_id, Told(offer_id, outcome, reason_code, note, agent_id, call_id))

    def outcomes_of(self, decision_id: str) -> Sequence[dict[str, object]]:
        """What was answered to a decision so far, in the order of arrival."""
        return outcomes_of(self._ledger, decision_id)

    def duties_of(self, decision_id: str) -> Sequence[dict[str, Any]]:
        """The duties that a decision created, open or ended, each with what was done upon it."""
        return duties_of_decision(self._ledger, decision_id)

    # ---- quotes --------------------------------------------------------------------------------------

    def quotes_of(self, decision_id: str) -> Sequence[Quote]:
        """The quotes that a decision made or found standing, as they are now."""
        release_expired(self._ledger, self.clock.now())
        with self._ledger.reading() as connection:
            return quotes_of_decision(connection, decision_id)

    def book(
        self, quote_id: str, amount_amt: int, core_reference: str, booked_at: datetime | None = None
    ) -> tuple[Booking, bool]:
        """Write down that the core system booked a quote; gives whether it is new. Raises what `book` raises.

        Where raises come to more than the breaker's bound by it, they stop from the next decision on.
        """
        now = self.clock.now()
        bounds = bounds_of(self._facts, self.policy.promises.breaker)
        with self._ledger.writing() as connection:
            done = book(connection, quote_id, amount_amt, booked_at or now, core_reference, now)
            check_breaker(connection, bounds, now, BankClock().now())
        return done

    def cancel_booking(self, quote_id: str, reason: str) -> bool:
        """Write down that the core system took a booking back; whether it is new."""
        with self._ledger.writing() as connection:
            return cancel_booking(connection, quote_id, reason, self.clock.now())

    # ---- for the agent -------------------------------------------------------------------------------

    def find_customers(self, text: str, most: int = 20) -> list[CustomerCard]:
        """Customers whose id begins with the text, in order of id."""
        now, wanted = self.clock.now(), text.strip()
        found = [one for one in self.customer_ids() if one.startswith(wanted)][:most]
        currency = self.bank.manifest.currency
        return [CustomerCard(one, self._facts.observed_at(one, now).date(), currency) for one in found]

    def is_for_two(self, customer_id: str) -> bool:
        """Whether the customer works for the bank or is a party related to it, so that two people open the record."""
        roster = self._facts.roster
        if customer_id not in roster:
            return False
        rows = self._facts.tables["customers"].rows_of(roster.places_of([customer_id]))
        return bool((rows["is_staff"] == 1).any() or (rows["is_related_party"] == 1).any())

    def now_and_zone(self) -> tuple[datetime, str]:
        """The bank's present moment, and the IANA name of the zone in which its days begin."""
        return self.clock.now(), self._facts.time_zone

    def titles_of_actions(self, language: str) -> Mapping[str, str]:
        """What each action of the catalogue is called, the raise (`LIMIT`) and plans (`PLAN`) among them."""
        catalogue = self.policy.catalogue
        proposed = {LIMIT_ACTION: catalogue.proposals.limit.title, PLAN_GROUP: catalogue.proposals.plan.title}
        titles = {one.offer_id: one.title for one in catalogue.offers} | proposed
        return {name: title.in_language(language) for name, title in titles.items()}

    def decide_for_agent(self, customer_id: str, language: str, agent_id: str) -> dict[str, Any]:
        """Decide on the phone and give what an agent may see."""
        return self._for_agent(self.decide_one(customer_id, "voice", language, call=Call(agent_id=agent_id)))

    def decision_for_agent(self, decision_id: str) -> dict[str, Any]:
        """A recorded decision as an agent may see it, in the words in which it was made."""
        return self._for_agent(self.recorded(decision_id))

    def _for_agent(self, answer: dict[str, Any]) -> dict[str, Any]:
        return agent_view(answer) | {"quotes": quotes_view(self.quotes_of(answer["decision_id"]), "agent")}
