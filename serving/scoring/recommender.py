"""Champions, features, live state and policy brought together: one decision for every door that serves."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from features.online import MATERIALISE_COMMAND, OnlineGeneration, OnlineStore
from linewise.bank.tables import Bank, open_bank
from linewise.core.actions import temporary_days_of
from linewise.core.clock import BankClock
from linewise.core.errors import BudgetSpent, FeaturesMissing, NotReady, UnknownCustomer, UsageError
from linewise.core.settings import Settings
from linewise.decisioning.decide import decide
from linewise.decisioning.economics import Economics
from linewise.decisioning.prices import Prices
from linewise.decisioning.types import Context, Decisions
from linewise.ledger.asked import Asked, enforce_evidence, insert_asked
from linewise.ledger.bookings import Booking, book, cancel_booking
from linewise.ledger.breaker import check_breaker
from linewise.ledger.budgets import Budget
from linewise.ledger.duties import duties_of_decision, open_duties
from linewise.ledger.in_call import in_call
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.quotes import Quote, quotes_of_decision, release_expired
from linewise.ledger.record import DecisionRecord, read_decision, write_decisions
from linewise.ledger.releases import note_release
from linewise.ledger.stops import enforce_may_decide
from linewise.ledger.store import ledger_of
from linewise.ledger.within import Transaction
from linewise.policy.policy import Policy
from linewise.policy.roles import load_roles
from linewise.policy.standard_folder import policy_folder
from serving.scoring.answer import complete_answer, utc_of
from serving.scoring.archive import archive_release
from serving.scoring.audience import agent_view
from serving.scoring.breaking import bounds_of
from serving.scoring.call import CHANNELS, Call, context_in_call, context_of
from serving.scoring.duties import duties_of
from serving.scoring.facts import BankFacts
from serving.scoring.grants import grants_at
from serving.scoring.inputs import inputs_of
from serving.scoring.knowing import Knowledge, open_knowledge, terms_of
from serving.scoring.outcomes import Told, actions_for_sale, record_outcome
from serving.scoring.policy_terms import terms_for
from serving.scoring.promises import Promises, enforce_heeded, paced, read_promises, with_promises
from serving.scoring.quoting import QuotedMeanwhile, Quoting, quotes_view
from serving.scoring.registry import Release, open_release
from serving.scoring.release import Versions, solved_for, versions_of, with_prices
from serving.scoring.release_prices import prices_for
from serving.scoring.scorers import BoosterScorers, learnt_offers
from serving.scoring.switches import enforce_stoppable, with_switches

__all__ = ["CHANNELS", "CustomerCard", "Recommender", "open_recommender"]

OPENED = "opened by the service"

MOST_ATTEMPTS = 3
"""How often a decision is made again because another agent quoted meanwhile; then it takes the quote that stands."""


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """What a list of customers shows of one: no more than is needed to open the right one."""

    customer_id: str
    observed_on: date
    currency: str


class Recommender:
    """All that a decision needs, opened once; methods are safe to call from several threads."""

    def __init__(
        self,
        settings: Settings,
        bank: Bank,
        knowledge: Knowledge,
        store: OnlineStore,
        release: Release,
        policy: Policy,
        threads: int = 1,
        prices: Prices | None = None,
    ) -> None:
        self.settings, self.bank, self.policy = settings, bank, policy
        self.clock: BankClock = bank.clock(settings)
        parts = versions_of(release, policy, policy_folder(settings.policy))
        self._prices = prices_for(settings.paths, solved_for(parts)) if prices is None else prices
        self.versions: Versions = with_prices(parts, self._prices)
        self._knowledge, self._store, self._release = knowledge, store, release
        self._facts, self._ledger = knowledge.facts, knowledge.ledger
        self._scorers, self._threads = BoosterScorers(release, policy.decision.economics, threads), threads
        needed = load_roles(settings.policy).needed
        self._needed = needed["promote"]
        self._funds_needed = needed["raise_budget"] if settings.profile == "production" else None
        self._only_looks = False

    def under(self, folder: Path | None) -> "Recommender":
        """The same home with another policy folder (None: the standard one), to see what it would decide.

        Raises PolicyInvalid.
        """
        terms = terms_for(self.bank, self.settings, _policy_day())
        settings = self.settings.model_copy(update={"policy": folder})
        policy = terms.load(folder).scored_by_models(learnt_offers(self._release))
        offers, cells = policy.decision.offers, policy.cells
        knowledge = replace(self._knowledge, offers=offers, terms=terms_of(policy), cells=cells)
        # At the same prices: what differs is the policy, not that prices were solved for one of the two.
        other = Recommender(
            settings, self.bank, knowledge, self._store, self._release, policy, self._threads, self._prices
        )
        return other.looking()

    def on(self, economics: Economics) -> "Recommender":
        """The same home on other assumptions of value, to see what it would decide."""
        other = copy(self)
        other.policy = replace(self.policy, decision=replace(self.policy.decision, economics=economics))
        other._scorers = self._scorers.on(economics)
        return other.looking()

    def at_prices(self, prices: Prices) -> "Recommender":
        """The same home at other prices, to see what it would decide."""
        other = Recommender(
            self.settings, self.bank, self._knowledge, self._store, self._release, self.policy, self._threads, prices
        )
        return other.looking()

    def looking(self) -> "Recommender":
        """The same, to see what it would decide and record nothing: no approval is asked for, and no stop holds."""
        self._only_looks = True
        return self

    @property
    def facts(self) -> BankFacts:
        """What the bank's tables say of its customers."""
        return self._facts

    def open_budgets(self, context: Context) -> Sequence[Budget]:
        """The budgets of the ledger that may be drawn on at the context's moment."""
        return self._promises((), context).budgets

    @property
    def prices(self) -> Prices:
        """The prices of this release."""
        return self._prices

    @property
    def scorers(self) -> BoosterScorers:
        """The models of this release."""
        return self._scorers

    # ---- deciding ------------------------------------------------------------------------------------

    def customer_ids(self) -> list[str]:
        """Every customer of the loaded bank, sorted."""
        return list(self._facts.roster.row_of)

    def context(
        self, channel: str, language: str | None = None, *, verified: bool = True, explain: bool = True
    ) -> Context:
        """The context of a request now, by the bank clock.

        Raises UsageError for a channel that is not one of CHANNELS.
        """
        language = language or self.settings.language
        return context_of(channel, self.clock.now(), language, verified=verified, explain=explain)

    def generation(self) -> OnlineGeneration:
        """The features of one filling, to decide on whatever is filled meanwhile.

        Raises FeaturesMissing, and NotReady where a champion learnt from other definitions than it was filled from.
        """
        generation = self._store.generation()
        _enforce_same_features(self._release, generation)
        return generation

    def decide(
        self, customer_ids: Sequence[str], context: Context, generation: OnlineGeneration | None = None
    ) -> Decisions:
        """Decide for a chunk of customers on the features of one generation (default: the live one).

        Raises ApprovalMissing where the release is stopped, or in production not approved; UnknownCustomer,
        FeaturesMissing where the online store lacks one of them, and what `generation` raises.
        """
        return self._decide(customer_ids, context, generation, self._promises(customer_ids, context))

    def _promises(
        self, customer_ids: Sequence[str], context: Context, found_spent: Collection[tuple[str, str]] = ()
    ) -> Promises:
        at = context.decided_at
        grants = grants_at(self.policy.catalogue, self.bank.manifest.time_zone, at)
        return read_promises(self._ledger, customer_ids, at, grants, self._funds_needed, found_spent)

    def _paced(self, promises: Promises) -> Prices:
        # Whoever only looks asks what these very prices would do, not how far spending has come.
        return self._prices if self._only_looks else paced(self._prices, promises, self.policy.promises.pacing)

    def _decide(
        self, customer_ids: Sequence[str], context: Context, generation: OnlineGeneration | None, promises: Promises
    ) -> Decisions:
        killed = self._killed_kinds()
        for customer_id in customer_ids:
            if customer_id not in self._facts.roster:
                raise UnknownCustomer(customer_id)
        rows = (generation or self.generation()).read(customer_ids)
        if not rows.found.all():
            absent = str(np.asarray(customer_ids)[~rows.found][0])
            raise FeaturesMissing(f"The online store holds no features of customer {absent!r}", MATERIALISE_COMMAND)
        customers, state = self._knowledge.of(customer_ids, rows, context)
        customers, state = with_promises(with_switches(customers, killed), state, promises, self._knowledge.offers)
        prices = self._paced(promises)
        return decide(customers, state, context, self.policy.decision, self._scorers, prices, self.settings.seed)

    def _killed_kinds(self) -> Collection[str]:
        if self._only_looks:
            return ()
        return enforce_may_decide(self._ledger, self.versions.release_id, self.settings.profile, self._needed)

    def answer(self, decisions: Decisions, row: int) -> dict[str, Any]:
        """The full answer of one customer of a chunk, without a decision_id: nothing is recorded yet."""
        return complete_answer(
            decisions,
            row,
            self.policy,
            self.versions,
            self._known_at(decisions, row),
            has_control_group=self._scorers.has_control_group,
        )

    def _known_at(self, decisions: Decisions, row: int) -> datetime:
        """The moment up to which the bank knew the customer when it decided."""
        return self._facts.observed_at(str(decisions.customers.customer_id[row]), decisions.context.decided_at)

    def decide_one(
        self,
        customer_id: str,
        channel: str,
        language: str | None = None,
        *,
        verified: bool = True,
        call: Call | None = None,
        asked: Asked | None = None,
    ) -> dict[str, Any]:
        """Decide for one customer, record it with its duties and quotes, and only then give the full answer.

        call: what the telephone system and the agent say of it. asked: what the customer asks for, with the act
        that shows it; without it the bank proposes. Raises UsageError where it shows nothing, and for a tone or
        a reason that nobody knows.
        """
        generation, call = self.generation(), call or Call()
        context = self.context(channel, language, verified=verified)
        if asked is not None:
            enforce_evidence(asked, context.decided_at)
            _enforce_days(asked, self.policy.decision.limit.temporary_days_most)
        context = context_in_call(context, call, in_call(self._ledger, customer_id, call.call_id), asked)
        release_expired(self._ledger, context.decided_at)
        found_spent: set[tuple[str, str]] = set()
        for attempt in count():
            promises = self._promises([customer_id], context, found_spent)
            decisions = self._decide([customer_id], context, generation, promises)
            try:
                return self._recorded(decisions, promises, generation, call, asked, is_last=attempt >= MOST_ATTEMPTS)
            except BudgetSpent as err:
                # Another call took the last of it meanwhile; each time one budget fewer is left to find spent.
                enforce_heeded((err.budget_id, err.pot), found_spent)
                found_spent.add((err.budget_id, err.pot))
            except QuotedMeanwhile:
                continue
        raise AssertionError  # the loop ends by an answer or an error

    def _recorded(
        self,
        decisions: Decisions,
        promises: Promises,
        generation: OnlineGeneration,
        call: Call,
        asked: Asked | None,
        *,
        is_last: bool,
    ) -> dict[str, Any]:
        """The answer of the one customer of a chunk, once it is recorded; raises BudgetSpent, QuotedMeanwhile."""
        customer_id = str(decisions.customers.customer_id[0])
        answer = {"decision_id": str(uuid4())} | self.answer(decisions, 0)
        record = DecisionRecord(
            decision_id=answer["decision_id"],
            customer_id=customer_id,
            as_of=utc_of(decisions.customers.as_of[0]),
            decided_at=decisions.context.decided_at,
            channel=decisions.context.channel,
            release_id=self.versions.release_id,
            seed=decisions.seed,
            inputs=inputs_of(decisions, 0, self._paced(promises))
            | {
                "known_at": self._known_at(decisions, 0).isoformat(),
                "generation_id": generation.id,
                "call": call.as_json(),
            },
            answer=answer,
            record_class="full" if asked is not None or actions_for_sale(answer) else "service",
        )
        duties = duties_of(decisions, 0, record.decision_id, asked)
        quoting = Quoting.of(decisions, 0, record.decision_id, promises, self.policy.promises, self.versions.release_id)

        def beside(connection: Transaction) -> None:
            quoting.write(connection, takes_any=is_last)
            open_duties(connection, duties)
            if asked is not None:
                insert_asked(connection, record.decision_id, customer_id, asked)

        write_decisions(self._ledger, [record], beside)
        return answer

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
        policy, now = self.policy, self.clock.now()
        return record_outcome(self._ledger, decision, policy.catalogue, policy.promises, told, now)

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
        with self._ledger.engine.connect() as connection:
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

    def decide_for_agent(self, customer_id: str, language: str, agent_id: str) -> dict[str, Any]:
        """Decide on the phone and give what an agent may see."""
        return self._for_agent(self.decide_one(customer_id, "voice", language, call=Call(agent_id=agent_id)))

    def decision_for_agent(self, decision_id: str) -> dict[str, Any]:
        """A recorded decision as an agent may see it, in the words in which it was made."""
        return self._for_agent(self.recorded(decision_id))

    def _for_agent(self, answer: dict[str, Any]) -> dict[str, Any]:
        return agent_view(answer) | {"quotes": quotes_view(self.quotes_of(answer["decision_id"]), "agent")}


def open_recommender(settings: Settings, threads: int = 1, *, only_looks: bool = False) -> Recommender:
    """Open all parts of a home; one that `only_looks` keeps no archive of what would decide.

    Raises BankMissing, FeaturesMissing, ModelMissing or PolicyInvalid, each saying what to run.
    """
    home = settings.paths
    bank = open_bank(home)
    store = OnlineStore(home)
    generation = store.generation()
    release = open_release(home)
    _enforce_same_features(release, generation)
    terms = terms_for(bank, settings, _policy_day())
    policy = terms.load(settings.policy).scored_by_models(learnt_offers(release))
    enforce_stoppable(policy)
    ledger = ledger_of(settings)
    knowledge = open_knowledge(bank, ledger, policy, bank.clock(settings).now(), settings.seed)
    recommender = Recommender(settings, bank, knowledge, store, release, policy, threads)
    if only_looks:
        return recommender.looking()
    versions = recommender.versions
    archive_release(home, versions, release, policy_folder(settings.policy), terms, recommender.prices)
    # Whoever made it signs for it: linewise release propose. A service that opens it knows no author.
    note_release(ledger, versions.release_id, versions.digests, OPENED, BankClock().now())
    return recommender


def _enforce_days(asked: Asked, most_days: int) -> None:
    days = temporary_days_of(asked.action_id) if asked.what == "limit" else None
    if days is not None and days > most_days:
        raise UsageError(
            f"A temporary limit of {days} days is asked for.",
            f"At most {most_days} are possible.",
            "Ask for fewer days, or for a limit that stands.",
        )


def _policy_day() -> date:
    """The day whose rules hold: today, also for a historical extract, which is judged by today's policy.

    Its own clock stands years before the rules came into force, and would leave none of them.
    """
    return BankClock().now().date()


def _enforce_same_features(release: Release, generation: OnlineGeneration) -> None:
    """A model that learnt from other definitions than the rows are of is refused: its inputs mean something else."""
    for name, model in release.models.items():
        if model.spec["definitions_hash"] != generation.filled.view.definitions_hash:
            raise NotReady(
                f"The champion of {name!r} was trained on other feature definitions than the online store's.",
                "",
                f"Run: linewise model train, then linewise model promote {name} VERSION --reason WHY",
            )
