"""From the catalogue to what may be proposed: gates first, then scores of what is open, then value less prices."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from linewise.decisioning.arbitration import Ranking
from linewise.decisioning.arrays import or_zero
from linewise.decisioning.gates import Columns, Rules, is_asked_for
from linewise.decisioning.offer_use import offer_use
from linewise.decisioning.offers import Offers, modelled_of, places_of_modelled
from linewise.decisioning.prices import Prices
from linewise.decisioning.relevance import relevance
from linewise.decisioning.rule import STOP_RULE, Hits, Rule
from linewise.decisioning.scorers import Scorers
from linewise.decisioning.taking import taken_away
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
        if not is_closed.any():
            return self
        is_sold = ~is_closed[:, None]
        return replace(self, is_open=self.is_open & is_sold, is_requested=self.is_requested & is_sold)


@lru_cache(maxsize=16)
def _counts_for(rules: tuple[Rule, ...], offers: Offers) -> Bools | None:
    """Whether each rule counts for each offer, (n_offers, n_rules); None where all do.

    What helps or must be told is not for sale: a rule that guards a sale does not touch it, a kill switch does.
    """
    is_switch = np.array([rule.rule_id == STOP_RULE for rule in rules], dtype=bool)
    return (~offers.serves[:, None] | is_switch) if offers.serves.any() else None


def gated(columns: Columns, asks: Bools, context: Context, offers: Offers, rules: Rules) -> Gated:
    """Every rule for every offer.

    columns: those of `offer_columns`; asks (n_customers,): whose request this is, whatever it is for.
    """
    hits = rules.evaluate("offer", columns, (len(asks), len(offers)), with_values=context.explain)
    hit, counts = hits.hit, _counts_for(hits.rules, offers)
    if counts is not None:
        # Nobody else holds these hits: what does not count is struck out where it stands, as long as a frame is.
        hit.transpose(1, 2, 0)[~counts] = False
    asks_for_offer = is_asked_for(columns)
    taken = taken_away(hits.rules, hit, asks_for_offer)
    is_relevant = relevance(columns, offers, context.channel)
    is_left = is_relevant & ~taken
    is_open = is_left & ~offers.serves
    if context.asked_for in {"limit", "plan"}:
        # A request is answered before anything is proposed: no other credit beside a line or a plan asked for.
        is_open &= ~(asks[:, None] & offers.borrows)
    is_named = _is_named(offers, context.asked_offer_id)
    return Gated(hits, is_relevant, is_left, is_open, is_open & is_named & asks_for_offer[:, None])


@lru_cache(maxsize=64)
def _is_named(offers: Offers, asked_offer_id: str) -> Bools:
    """Which offer the customer named, (n_offers,)."""
    return np.array([one == asked_offer_id for one in offers.offer_id], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Scored:
    """What the open offers are worth, (n_customers, n_offers) each; propensity and priority 0 where not open.

    value_amt: once taken; priority: uplift × value − cost − Σ price × use, whole minor units.
    """

    propensity: Floats
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
    propensity = np.where(is_open, or_zero(offers.prior_take_up_ratio), 0.0)
    uplift = propensity
    rows, columns = np.nonzero(is_open & offers.is_modelled)
    if len(rows):
        known, places = modelled_of(offers), places_of_modelled(offers)[columns]
        propensity[rows, columns] = scorers.take_up(customers, known, rows, places)
        if scorers.has_control_group:
            uplift = propensity.copy()
            uplift[rows, columns] = scorers.uplift(customers, known, rows, places, propensity[rows, columns])
    valued = value_of(offer_use(customers, offers, pd_12m, economics), economics)
    once_taken = prices.charge_amt(
        exposure_amt=valued.exposure_amt, loss_amt=valued.expected_loss_amt, capital_amt=valued.capital_amt
    )
    # A proposal takes a contact, what it costs and the time to say it, whatever the customer then answers.
    at_once = prices.charge_amt(money_amt=offers.cost_amt.astype(np.float64), contacts=1.0, seconds=offers.say_seconds)
    priority = uplift * (valued.value_amt - once_taken) - offers.cost_amt - at_once
    return Scored(
        propensity,
        np.rint(valued.value_amt).astype(np.int64),
        np.rint(np.where(is_open, priority, 0.0)).astype(np.int64),
    )


def offered(
    offers: Offers, gates: Gated, scores: Scored, ranking: Ranking, help_rank: Ints, room_amt: Ints
) -> OfferDecisions:
    """All that was decided of the offers; room_amt (n_customers,): what a month leaves beside all that is shown."""
    return OfferDecisions(
        offer_id=offers.offer_id,
        propensity=scores.propensity,
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
    )
