"""From the catalogue to what may be proposed: gates first, then scores of what is open, then value less prices."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from linewise.decisioning.arbitration import Ranking
from linewise.decisioning.arrays import or_zero, some
from linewise.decisioning.described import Described
from linewise.decisioning.gates import Rules, is_asked_for
from linewise.decisioning.offer_use import offer_use
from linewise.decisioning.offers import Offers, modelled_of, places_of_modelled
from linewise.decisioning.prices import Prices
from linewise.decisioning.priorities import priorities
from linewise.decisioning.reasons import Coded
from linewise.decisioning.relevance import relevance
from linewise.decisioning.rule import STOP_RULE, Hits, Rule, taking
from linewise.decisioning.scorers import Scorers
from linewise.decisioning.taking import open_actions
from linewise.decisioning.types import Bools, Context, Customers, Floats, Ints, OfferDecisions
from linewise.decisioning.value import Economics, value_of

__all__ = ["Gated", "Scored", "gated", "offered", "scored"]


@dataclass(frozen=True, slots=True)
class Gated:
    """What the rules leave, (n_customers, n_offers) each.

    is_relevant: of use to the customer in this channel at all; is_left: relevant, and taken away by no rule;
    is_open: left and for sale; is_requested: open, and what the customer named. hits: the rules that count, for a
    rule that guards a sale does not touch what is not for sale.
    """

    hits: Hits
    is_relevant: Bools
    is_left: Bools
    is_open: Bools
    is_requested: Bools

    def closed(self, is_closed: Bools) -> "Gated":
        """The same with nothing for sale to some customers, (n_customers,); what helps stays."""
        if not some(is_closed):
            return self
        is_sold = ~is_closed[:, None]
        return replace(self, is_open=self.is_open & is_sold, is_requested=self.is_requested & is_sold)


@lru_cache(maxsize=16)
def _counts_always(rules: tuple[Rule, ...]) -> Bools:
    """Which rules count for what is not for sale too, (n_rules,): a kill switch does, what guards a sale does not."""
    return np.array([rule.rule_id == STOP_RULE for rule in rules], dtype=bool)


def gated(described: Described, asks: Bools, context: Context, offers: Offers, rules: Rules) -> Gated:
    """Every rule for every offer.

    described: as by `offer_columns`; asks (n_customers,): whose request this is, whatever it is for.
    """
    hits = rules.evaluate("offer", described, (len(asks), len(offers)), with_values=context.explain)
    is_relevant = relevance(described, offers, context.channel)
    is_left, is_open, is_requested = open_actions(
        # Nobody else holds these hits: what does not count is struck out where it stands, as long as a frame is.
        hits.hit.transpose(2, 1, 0).view(np.uint8),
        (*taking(hits.rules), _counts_always(hits.rules)),
        (offers.serves, _closed_to(offers, context.asked_for), _is_named(offers, context.asked_offer_id)),
        is_asked_for(described).view(np.uint8),
        asks,
        is_relevant,
    )
    return Gated(hits, is_relevant, is_left, is_open, is_requested)


@lru_cache(maxsize=64)
def _closed_to(offers: Offers, asked_for: str) -> Bools:
    """Which offers are closed to who asks for a kind of thing, (n_offers,).

    A request is answered before anything is proposed: no other credit beside a line or a plan asked for.
    """
    return offers.borrows if asked_for in {"limit", "plan"} else np.zeros(len(offers), dtype=np.bool_)


@lru_cache(maxsize=64)
def _is_named(offers: Offers, asked_offer_id: str) -> Bools:
    """Which offer the customer named, (n_offers,)."""
    return np.array([one == asked_offer_id for one in offers.offer_id], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Scored:
    """What the open offers are worth, (n_customers, n_offers) each; propensity, uplift and priority 0 where not open.

    uplift: what showing it adds to the propensity; value_amt: once taken; priority: uplift × value − cost
    − Σ price × use, whole minor units.
    """

    propensity: Floats
    uplift: Floats
    value_amt: Ints
    priority: Ints


def scored(
    customers: Customers,
    is_open: Bools,
    offers: Offers,
    economics: Economics,
    scorers: Scorers,
    pd_12m: Floats,
    prices: Prices,
) -> Scored:
    """Models are asked for open pairs alone; without a control group take-up stands in for uplift.

    pd_12m (n_customers,): as the line stands.
    """
    propensity = np.where(is_open, _assumed_take_up(offers), 0.0)
    uplift = propensity
    rows, columns = np.nonzero(is_open & offers.is_modelled)
    if len(rows):
        known, places = modelled_of(offers), places_of_modelled(offers)[columns]
        propensity[rows, columns] = scorers.take_up(customers, known, rows, places)
        if scorers.has_control_group:
            uplift = propensity.copy()
            uplift[rows, columns] = scorers.uplift(customers, known, rows, places, propensity[rows, columns])
    valued = value_of(offer_use(customers, offers, pd_12m, economics), economics)
    value, priority = priorities(
        uplift,
        is_open,
        (valued.value_amt, valued.exposure_amt, valued.expected_loss_amt, valued.capital_amt),
        offers.cost_amt,
        offers.say_seconds,
        prices.of_each,
    )
    return Scored(propensity, uplift, value, priority)


@lru_cache(maxsize=16)
def _assumed_take_up(offers: Offers) -> Floats:
    """What stands in for the models' take-up, (n_offers,); 0 where a model scores the offer."""
    return or_zero(offers.prior_take_up_ratio)


def offered(
    offers: Offers,
    gates: Gated,
    scores: Scored,
    ranking: Ranking,
    help_rank: Ints,
    room_amt: Ints,
    contributions: tuple[Coded, ...],
) -> OfferDecisions:
    """All that was decided of the offers; room_amt (n_customers,): what a month leaves beside all that is shown."""
    return OfferDecisions(
        offer_id=offers.offer_id,
        propensity=scores.propensity,
        uplift=scores.uplift,
        value_amt=scores.value_amt,
        priority=scores.priority,
        pscore=ranking.pscore,
        rank=ranking.rank,
        help_rank=help_rank,
        is_relevant=gates.is_relevant,
        room_amt=room_amt,
        rules=gates.hits.rules,
        hits=gates.hits.hit,
        hit_value=gates.hits.value,
        hit_threshold=gates.hits.threshold,
        contributions=contributions,
    )
