"""What offers are worth once taken, by the product's own arithmetic, and what showing them uses of what is scarce."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from benchmarks.value.limits.worth import DECIDED_AT, economics_of
from linewise.decisioning.economics import Economics
from linewise.decisioning.offer_use import offer_use
from linewise.decisioning.offers import Offers
from linewise.decisioning.portfolio import solving
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import value_of
from linewise.policy.catalogue import load_catalogue
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.logged import FEATURE_NAMES, LoggedWorld
from linewise.simulation.logged.callers import OFFER_FEATURE_NAMES, OFFER_IDS, Callers
from linewise.simulation.logged.offers import NOTHING, OfferTruth

__all__ = ["Stakes", "catalogue_offers", "chosen", "stakes_of"]

CONTACTS_RATIO, SECONDS_EACH, MONEY_EACH_AMT = 0.40, 7.2, 34.0
"""A customer: how often one may be asked at all, the agents' seconds and the minor units that there are for it."""


@lru_cache(maxsize=1)
def catalogue_offers() -> Offers:
    """The offers of the world, as the standard catalogue describes them, in its order."""
    columns = load_catalogue(policy_folder(None), "CNY", DECIDED_AT.date()).columns()
    found = columns.only(np.array([one in OFFER_IDS for one in columns.offer_id]))
    if found.offer_id != OFFER_IDS:
        raise LookupError(f"The catalogue holds {found.offer_id}, the world {OFFER_IDS}.")
    return found


@dataclass(frozen=True, slots=True)
class Stakes:
    """The customers of one judging: what showing each offer truly adds, and what a rule may choose from.

    gain_amt (n_people, n_offers): true uplift times true value, less the cost of asking; customers: as a decision
    sees them; is_permitted: by the bank's rules.
    """

    callers: Callers
    customers: Customers
    gain_amt: Floats
    economics: Economics

    def value_amt(self, default_12m: Floats) -> Floats:
        """What each offer is worth once taken, (n_people, n_offers), by probabilities of default (n_people,)."""
        use = offer_use(self.customers, catalogue_offers(), default_12m, self.economics)
        return np.asarray(value_of(use, self.economics).value_amt)

    def priority_amt(self, uplift: Floats, value_amt: Floats) -> Floats:
        """What is expected of showing each offer, as `decide` ranks it before prices; -inf where not permitted."""
        worth = uplift * value_amt - catalogue_offers().cost_amt
        return np.where(self.callers.is_permitted, worth, -np.inf)

    def earned_amt(self, choice: Ints) -> float:
        """The true gain a customer of a choice (n_people,) of offers, NOTHING among them."""
        gains = np.column_stack([self.gain_amt, np.zeros(len(choice))])
        return float(gains[np.arange(len(choice)), choice].mean())


def stakes_of(world: LoggedWorld, callers: Callers, truth: OfferTruth) -> Stakes:
    """The true worth of every offer for every customer."""
    people = callers.people
    customers = Customers(
        customer_id=np.array([f"C{number}" for number in people.number]),
        as_of=np.full(len(people), np.datetime64(DECIDED_AT.replace(tzinfo=None), "us")),
        currency="CNY",
        feature_names=(*FEATURE_NAMES, *OFFER_FEATURE_NAMES),
        features=np.hstack([people.features, callers.features]),
        current_limit_amt=people.limit_amt.astype(np.int64),
    )
    empty = Stakes(callers, customers, np.empty((0, 0)), economics_of(world))
    gain = truth.uplift * empty.value_amt(truth.default_12m) - catalogue_offers().cost_amt
    return replace(empty, gain_amt=gain)


def chosen(stakes: Stakes, priority_amt: Floats) -> Ints:
    """The product's allocation under the budgets of contacts, seconds and money: an offer or NOTHING, (n_people,).

    Whoever chooses, a person or an oracle, chooses by this.
    """
    offers, count = catalogue_offers(), len(priority_amt)
    of_one = np.column_stack([np.ones(len(offers)), offers.say_seconds, offers.cost_amt.astype(np.float64)])
    uses = np.ascontiguousarray(np.broadcast_to(of_one, (count, *of_one.shape)))
    budgets = count * np.array([CONTACTS_RATIO, SECONDS_EACH, MONEY_EACH_AMT])
    keys = stakes.callers.people.number.astype(np.uint64)
    choice = solving.solve(priority_amt, uses, budgets, keys=keys).choice
    return np.where(choice < 0, NOTHING, choice)
