"""What is proposed together: the best set of offers beside the limit, within one budget, and a little exploration."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import some
from linewise.decisioning.choosing import places_in
from linewise.decisioning.contesting import contested, led
from linewise.decisioning.draws import tie_breaks, uniform_draw
from linewise.decisioning.offers import Offers
from linewise.decisioning.together import best_sets
from linewise.decisioning.types import Bools, Floats, Ints, Texts

__all__ = ["REQUESTED", "ArbitrationPolicy", "Contest", "Ranking", "contest_of", "ranked"]

REQUESTED = 1 << 40
"""The priority of what the customer named, above all that the bank proposes: a request is never ranked by its worth."""


@dataclass(frozen=True, slots=True)
class ArbitrationPolicy:
    """shown_count: suggestions on a screen; exploration_ratio: how often the primary one is drawn.

    help_shown_count: services that stand above the suggestions. raise_take_up_ratio: the share of the raises
    proposed that are taken, by which the worth of one is compared with that of an offer.
    """

    shown_count: int
    exploration_ratio: float
    help_shown_count: int = 3
    raise_take_up_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """rank (n_customers, n_offers): 0 primary, -1 not shown; pscore: probability of being the primary one."""

    rank: Ints
    pscore: Floats


@dataclass(frozen=True, slots=True)
class Contest:
    """The two best sets of each customer, before it is known what becomes of the limit.

    priority, candidates, order (n_customers, n_offers): what may be proposed, and from the best down. best: the best
    set of all, with at most one offer that borrows; beside_raise: the best set that borrows nothing and may stand
    beside a raise; each (n_customers, n_offers). need_beside_raise_amt (n_customers,): what that costs a month.
    """

    offers: Offers
    priority: Ints
    candidates: Bools
    order: Ints
    best: Bools
    beside_raise: Bools
    need_beside_raise_amt: Ints

    def goes_to_offers(self, raise_worth_amt: Ints) -> Bools:
        """Where borrowing by an offer is worth more than the raise, (n_customers,), 0 where none is suggested.

        One thing that increases debt is enough for a call: where it is an offer, the limit stays as it is.
        """
        borrows = (self.best & self.offers.borrows).any(axis=1)
        if not some(borrows):
            return np.asarray(borrows)
        worth = np.where(self.best, self.priority, 0).sum(axis=1)
        beside = np.where(self.beside_raise, self.priority, 0).sum(axis=1)
        return np.asarray(borrows & (worth > beside + raise_worth_amt))


def contest_of(
    priority: Ints,
    is_open: Bools,
    customer_id: Texts,
    offers: Offers,
    budget_amt: Ints,
    policy: ArbitrationPolicy,
    seed: int,
) -> Contest:
    """The sets from which is chosen once the limit is known; amounts in minor units.

    A candidate is an open offer of positive priority whose own need a month can be paid, (n_customers, n_offers).
    Ties go by a hash of seed, customer and offer, never by the order of the catalogue.
    """
    candidates, order, best, beside_raise, need = contested(
        priority,
        is_open,
        tie_breaks(customer_id, offers.offer_id, seed),
        (offers.need_amt, offers.borrows, offers.clash),
        budget_amt,
        policy.shown_count,
    )
    return Contest(offers, priority, candidates, order, best, beside_raise, need)


def ranked(
    contest: Contest,
    is_raised: Bools,
    room_amt: Ints,
    customer_id: Texts,
    policy: ArbitrationPolicy,
    seed: int,
    exploration: Floats,
) -> Ranking:
    """The shown set in its order, with the primary suggestion drawn evenly for a share of the customers.

    is_raised (n_customers,): whether a raise stands beside the set, which then borrows nothing. room_amt
    (n_customers,): what a month leaves beside the limit. Drawn is among candidates that go with both, so that
    the limit never depends on a draw; the rest of the set is then the best beside the one drawn. pscore is the
    probability with which each would have been primary, so that it can be weighed later. exploration
    (n_customers,): how often the primary one is drawn.
    """
    offers = contest.offers
    # The best of the set leads it.
    chosen, may_lead, primary, count, pscore = led(
        (contest.candidates, contest.order, contest.best, contest.beside_raise),
        is_raised,
        (offers.need_amt, offers.borrows),
        room_amt,
        exploration,
    )
    draw = uniform_draw(customer_id, seed, "primary")
    drawn = np.flatnonzero((draw < exploration) & (count > 1))
    if len(drawn):
        position = np.floor(draw[drawn] / exploration[drawn] * count[drawn]).astype(np.int64)
        place = np.cumsum(np.take_along_axis(may_lead[drawn], contest.order[drawn], axis=1), axis=1)
        leads = contest.order[drawn, (place > np.minimum(position, count[drawn] - 1)[:, None]).argmax(axis=1)]
        chosen[drawn] = _led_by(contest, drawn, leads, may_lead[drawn], room_amt[drawn], policy.shown_count)
        primary[drawn] = leads
    return Ranking(places_in(contest.order, chosen, primary), pscore)


def _led_by(contest: Contest, drawn: Ints, leads: Ints, may_stand: Bools, room_amt: Ints, shown_count: int) -> Bools:
    """The best sets that hold the one drawn, (n_drawn, n_offers)."""
    offers, rows = contest.offers, np.arange(len(drawn))
    beside = may_stand & ~offers.clash[leads]
    beside[rows, leads] = False
    left = room_amt - offers.need_amt[leads]
    beside &= offers.need_amt <= left[:, None]
    priority = contest.priority[drawn]
    # Those that may stand beside it keep their order and come first.
    order = np.take_along_axis(
        contest.order[drawn],
        np.argsort(~np.take_along_axis(beside, contest.order[drawn], axis=1), axis=1, kind="stable"),
        axis=1,
    )
    chosen = best_sets(priority, order, beside, offers.clash, offers.need_amt, left, shown_count - 1)
    chosen[rows, leads] = True
    return chosen
