"""What a home would decide: champions, features, live state and policy brought together. Nothing is recorded."""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.online import MATERIALISE_COMMAND, OnlineGeneration, OnlineRows, OnlineStore
from linewise.bank.tables import Bank
from linewise.core.clock import BankClock
from linewise.core.errors import FeaturesMissing, NotReady, UnknownCustomer
from linewise.core.settings import Settings
from linewise.decisioning.decide import decide
from linewise.decisioning.economics import Economics
from linewise.decisioning.offers import Offers
from linewise.decisioning.prices import Prices
from linewise.decisioning.scorers import Scorers
from linewise.decisioning.types import Context, Customers, Decisions, Ints, State
from linewise.ledger.budgets import Budget
from linewise.ledger.store import Ledger
from linewise.policy.policy import Policy
from linewise.policy.roles import load_roles
from linewise.policy.standard_folder import policy_folder
from serving.scoring.answer import complete_answer
from serving.scoring.call import context_of
from serving.scoring.facts import BankFacts
from serving.scoring.grants import grants_at
from serving.scoring.knowing import Knowledge, open_knowledge, terms_of
from serving.scoring.observing import UNOBSERVED, Observer
from serving.scoring.policy_terms import terms_for
from serving.scoring.promises import Promises, read_promises, with_promises
from serving.scoring.registry import Release
from serving.scoring.release import Versions, solved_for, versions_of, with_prices
from serving.scoring.release_prices import prices_for
from serving.scoring.scorers import BoosterScorers, learnt_offers
from serving.scoring.switches import with_switches

__all__ = ["Decider", "Offered", "Parts", "enforce_same_features"]

Named = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What is read of a home once, before anything can be decided; threads: those of a model's call on many rows."""

    settings: Settings
    bank: Bank
    knowledge: Knowledge
    store: OnlineStore
    release: Release
    policy: Policy
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Offered:
    """Some of the catalogue's offers to choose from: places (n_chosen,) among all, at these prices."""

    offers: Offers
    places: Ints
    prices: Prices

    @classmethod
    def of(cls, offers: Offers, offer_ids: Collection[str], prices: Prices) -> Self:
        """Those of these ids, in the order of the catalogue."""
        kept = np.array([one in offer_ids for one in offers.offer_id], dtype=np.bool_)
        return cls(offers.only(kept), np.flatnonzero(kept).astype(np.int64), prices)

    def state_of(self, state: State) -> State:
        """What is in force, of these offers alone."""
        wide = {name: values for name in State.__slots__ if (values := getattr(state, name)).ndim == 2}
        return replace(state, **{name: values[:, self.places] for name, values in wide.items()})


class Decider:
    """All that a decision needs, opened once; methods are safe to call from several threads.

    It looks only: no approval is asked for, no stop holds, and prices are those of the release, not paced.
    """

    def __init__(self, parts: Parts, prices: Prices | None = None) -> None:
        self._parts = parts
        self.settings, self.bank, self.policy = parts.settings, parts.bank, parts.policy
        self.clock: BankClock = parts.bank.clock(parts.settings)
        versions = versions_of(parts.release, parts.policy, policy_folder(parts.settings.policy))
        self._prices = prices_for(parts.settings.paths, solved_for(versions)) if prices is None else prices
        self.versions: Versions = with_prices(versions, self._prices)
        self._facts, self._ledger = parts.knowledge.facts, parts.knowledge.ledger
        self._scorers = BoosterScorers(parts.release, parts.policy.decision.economics, parts.threads)
        self._needed = load_roles(parts.settings.policy).needed
        self._apart_from: frozenset[str] = frozenset()

    def under(self, folder: Path | None) -> "Decider":
        """The same home with another policy folder (None: the standard one), to see what it would decide.

        Raises PolicyInvalid.
        """
        parts = self._parts
        settings = self.settings.model_copy(update={"policy": folder})
        terms = terms_for(self.bank, self.settings)
        policy = terms.load(folder).scored_by_models(learnt_offers(parts.release))
        knowledge = replace(parts.knowledge, offers=policy.decision.offers, terms=terms_of(policy), cells=policy.cells)
        # At the same prices: what differs is the policy, not that prices were solved for one of the two.
        return Decider(replace(parts, settings=settings, knowledge=knowledge, policy=policy), self._prices)

    def on(self, economics: Economics) -> Self:
        """The same home on other assumptions of value, to see what it would decide."""
        other = copy(self)
        other.policy = replace(self.policy, decision=replace(self.policy.decision, economics=economics))
        other._scorers = self._scorers.on(economics)
        return other

    def with_models(self, release: Release) -> "Decider":
        """The same home with other models, at the same prices, to see what they would decide."""
        parts = self._parts
        policy = parts.policy.scored_by_models(learnt_offers(release))
        knowledge = replace(parts.knowledge, offers=policy.decision.offers)
        return Decider(replace(parts, release=release, knowledge=knowledge, policy=policy), self._prices)

    def apart_from(self, campaign_ids: Collection[str]) -> Self:
        """The same home as if nobody were in the controls of these campaigns, to see what those would be sent."""
        other = copy(self)
        other._apart_from = frozenset(campaign_ids)
        return other

    def at_prices(self, prices: Prices) -> "Decider":
        """The same home at other prices, to see what it would decide."""
        return Decider(self._parts, prices)

    def among(self, first_id: str, last_id: str) -> Self:
        """The same home, knowing the customers from the first of these ids to the last alone, read anew."""
        other, among = copy(self), (first_id, last_id)
        knowledge = open_knowledge(self.bank, self._ledger, self.policy, self.clock.now(), self.settings.seed, among)
        other._parts, other._facts = replace(self._parts, knowledge=knowledge), knowledge.facts
        return other

    @property
    def facts(self) -> BankFacts:
        """What the bank's tables say of its customers."""
        return self._facts

    @property
    def ledger(self) -> Ledger:
        """The record of this home, what was promised, and what of budgets is left."""
        return self._ledger

    @property
    def prices(self) -> Prices:
        """The prices of this release."""
        return self._prices

    @property
    def scorers(self) -> BoosterScorers:
        """The models of this release."""
        return self._scorers

    def open_budgets(self, context: Context) -> Sequence[Budget]:
        """The budgets of the ledger that may be drawn on at the context's moment."""
        return self._promises((), context).budgets

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
        generation = self._parts.store.generation()
        enforce_same_features(self._parts.release, generation)
        return generation

    def decide(
        self, customer_ids: Sequence[str], context: Context, generation: OnlineGeneration | None = None
    ) -> Decisions:
        """Decide for a chunk of customers on the features of one generation (default: the live one).

        Raises UnknownCustomer, FeaturesMissing where the online store lacks one of them, and what `generation` raises.
        """
        return self._decide(customer_ids, context, generation, self._promises(customer_ids, context))

    def decide_on(
        self,
        customer_ids: Sequence[str],
        context: Context,
        change: Callable[[OnlineRows], OnlineRows] = lambda rows: rows,
        scorers: Scorers | None = None,
    ) -> Decisions:
        """What would be decided were the features others, or were it scored by others; raises as `decide`."""
        promises = self._promises(customer_ids, context)
        return self._decide(customer_ids, context, None, promises, change, scorers)

    def propose(
        self, rows: OnlineRows, context: Context, offered: Offered, told: Callable[[Customers], Named] = lambda _: {}
    ) -> Decisions:
        """What the bank would propose of its own accord, out of some offers and beside no limit and no plan.

        rows: features of customers of this home; told: what is known of them otherwise than their tables say.
        Raises UnknownCustomer, and FeaturesMissing where the features lack one of them.
        """
        customer_ids = rows.customer_id.tolist()
        self._enforce_known(customer_ids, rows)
        promises = self._promises(customer_ids, context)
        customers, state = self._parts.knowledge.of(customer_ids, rows, context)
        customers, state = with_promises(
            with_switches(customers, self._killed_kinds()),
            state,
            promises,
            self._parts.knowledge.offers,
        )
        customers = replace(customers, facts={**customers.facts, **told(customers)})
        policy = replace(self.policy.decision, offers=offered.offers, decides=frozenset())
        state = offered.state_of(state)
        return decide(customers, state, context, policy, self._scorers, offered.prices, self.settings.seed)

    def _promises(
        self, customer_ids: Sequence[str], context: Context, found_spent: Collection[tuple[str, str]] = ()
    ) -> Promises:
        at = context.decided_at
        funds_needed = self._needed["raise_budget"] if self.settings.profile == "production" else None
        grants = grants_at(self.policy.catalogue, self.bank.manifest.time_zone, at)
        return read_promises(self._ledger, customer_ids, at, grants, funds_needed, found_spent, self._apart_from)

    def _decide(
        self,
        customer_ids: Sequence[str],
        context: Context,
        generation: OnlineGeneration | None,
        promises: Promises,
        change: Callable[[OnlineRows], OnlineRows] = lambda rows: rows,
        scorers: Scorers | None = None,
        observer: Observer = UNOBSERVED,
    ) -> Decisions:
        killed = self._killed_kinds()
        with observer.timing("features"):
            rows = (generation or self.generation()).read(customer_ids)
        self._enforce_known(customer_ids, rows)
        with observer.timing("facts"):
            customers, state = self._parts.knowledge.of(customer_ids, change(rows), context)
            customers, state = with_promises(
                with_switches(customers, killed), state, promises, self._parts.knowledge.offers
            )
        prices = self._prices_now(promises)
        by = scorers or self._scorers
        with observer.timing("decide"):
            return decide(customers, state, context, self.policy.decision, by, prices, self.settings.seed)

    def _enforce_known(self, customer_ids: Sequence[str], rows: OnlineRows) -> None:
        stranger = self._facts.roster.stranger_among(customer_ids)
        if stranger is not None:
            raise UnknownCustomer(stranger)
        if not rows.found.all():
            absent = str(np.asarray(customer_ids)[~rows.found][0])
            raise FeaturesMissing(f"The online store holds no features of customer {absent!r}", MATERIALISE_COMMAND)

    def _killed_kinds(self) -> Collection[str]:
        """The kinds of action that are switched off."""
        return ()

    def _prices_now(self, promises: Promises) -> Prices:
        """The prices as they count now: whoever only looks asks what these very ones would do."""
        return self._prices

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


def enforce_same_features(release: Release, generation: OnlineGeneration) -> None:
    """A model that learnt from other definitions than the rows are of is refused: its inputs mean something else."""
    for name, model in release.models.items():
        if model.spec["definitions_hash"] != generation.filled.view.definitions_hash:
            raise NotReady(
                f"The champion of {name!r} was trained on other feature definitions than the online store's.",
                "",
                f"Run: linewise model train, then linewise model promote {name} VERSION --reason WHY",
            )
