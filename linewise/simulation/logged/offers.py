"""Offers at a decision: what the bank showed and why, what agents did with it, and what every other would have brought.

An agent hears what no feature tells, pitches by it, by pay and by the queue, and some write "postponed" for who
refused. Offers come to some who were never asked, and asking drives a few away.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr

from linewise.simulation.logged.callers import OFFER_IDS, TELEPHONE, Callers, draw_callers
from linewise.simulation.logged.limits import limit_truth
from linewise.simulation.logged.worlds import LoggedWorld

__all__ = [
    "DECLINED",
    "NOTHING",
    "NOT_PITCHED",
    "ORDERED",
    "POSTPONED",
    "OfferLog",
    "OfferTruth",
    "engine_propensities",
    "offer_log",
    "offer_truth",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NOTHING = len(OFFER_IDS)
"""The action after the offers: nothing is shown."""

DECLINED, ORDERED, POSTPONED, NOT_PITCHED = range(4)

_CLASSIC, _GOLD, _TRAVEL, _BILL, _PURCHASE, _CASH = range(len(OFFER_IDS))
_USUAL = np.array([0.14, 0.08, 0.05, 0.028])
"""Take-up of the usual offer by the usual customer once it is put to them, by channel."""

_BY_ITSELF, _BY_EAGERNESS = 0.008, 1.0
_PAYS = np.array([0.0, 0.5, 0.1, 0.5, 0.0, 0.3])
"""What an agent earns by each offer, standard deviations of the wish to pitch it."""

_BY_NEED, _HEARD_NOISE = 0.5, 0.7
_ENGINE_NOTHING = -0.4


@dataclass(frozen=True, slots=True)
class OfferTruth:
    """What each offer is expected to bring, (n_people, n_offers) unless said; orders that are kept and not cancelled.

    taken_if_shown: by whoever is shown it, pitched or not; taken_anyway: by itself; pitched: whether it would be put
    to the customer. default_12m (n_people,): as the line stands.
    """

    taken_if_shown: Floats
    taken_anyway: Floats
    pitched: Floats
    default_12m: Floats

    @property
    def uplift(self) -> Floats:
        """What showing it adds."""
        return self.taken_if_shown - self.taken_anyway


@dataclass(frozen=True, slots=True)
class OfferLog:
    """What the bank did and saw, (n_people,) unless said.

    action: an offer or NOTHING; propensity (n_people, n_offers + 1): with which each was chosen; is_random: whether
    it was drawn evenly. is_pitched, answer: what the agent noted (-1 where nothing was shown, or nobody answered);
    is_taken (n_people, n_offers): ordered within the follow-up and kept, whether shown or not; of who postponed it
    what was shown is not known: is_censored. is_default: within the year.
    """

    callers: Callers
    action: Ints
    propensity: Floats
    is_random: Bools
    is_pitched: Bools
    answer: Ints
    is_taken: Bools
    is_censored: Bools
    is_default: Bools


def _fatigue(callers: Callers) -> Floats:
    """What offers shown lately take off the logarithm of take-up; it bends by the customer's hidden shape."""
    shown = callers.feature("offer_shown_count_90d")
    bends = (
        0.45 * np.log1p(shown),
        0.28 * np.sqrt(shown),
        0.30 * np.maximum(shown - 1.5, 0.0),
        0.70 * (1.0 - np.exp(-shown / 2.0)),
    )
    return np.asarray(-np.choose(callers.people.shape, bends))


def _match(callers: Callers) -> Floats:
    """How well each offer suits, logarithm of a factor on the usual take-up, (n_people, n_offers)."""
    people = callers.people
    relative = np.log(people.income_amt / (8_000.0 * 100.0))
    used = people.feature("utilisation_mean_ratio_180d")
    bought = people.feature("purchase_sum_amt_365d") / (12.0 * people.income_amt) - 0.28
    travel = np.log(np.maximum(callers.feature("travel_sum_amt_365d") / (12.0 * 0.0168 * people.income_amt), 0.05))
    older = np.clip(people.feature("tenure_days") / 2_000.0 - 1.0, -1.0, 1.5)
    revolves, need, impatience = people.revolves, people.need, people.impatience
    match = np.empty((len(people), len(OFFER_IDS)))
    match[:, _CLASSIC] = 0.15 - 0.45 * relative - 0.35 * older - 0.6 * revolves
    match[:, _GOLD] = -0.55 + 1.1 * relative + 0.35 * older - 0.3 * revolves
    match[:, _TRAVEL] = -0.6 + 0.75 * travel + 0.3 * relative
    match[:, _BILL] = -0.7 + 1.7 * (revolves - 0.5) + 1.1 * (used - 0.4) + 0.3 * impatience
    match[:, _PURCHASE] = -0.4 + 0.3 * need + 2.5 * bought + 0.4 * revolves - 0.3 * older
    match[:, _CASH] = -0.8 + 0.55 * need + 0.45 * impatience + 0.25 * people.risk + 0.5 * (used > 0.8)
    return match + 0.45 * callers.taste


def offer_truth(world: LoggedWorld, callers: Callers) -> OfferTruth:
    """What every offer would bring of each customer, in closed form."""
    people, match = callers.people, _match(callers)
    usual = (_USUAL[callers.channel] * world.numbers.take_up_factor)[:, None]
    once_pitched = np.minimum(usual * np.exp(match + _fatigue(callers)[:, None] + 0.15 * people.need[:, None]), 0.65)
    by_itself = np.exp(0.9 * match + _BY_EAGERNESS * callers.eagerness[:, None])
    by_itself = np.minimum(_BY_ITSELF * world.numbers.take_up_factor * by_itself, 0.5)
    # Whoever is driven off would sooner have come by themselves.
    once_pitched = np.where(callers.is_sleeping[:, None], 0.25 * by_itself, np.maximum(once_pitched, by_itself))
    pitched = _pitched(callers, match)
    kept = 1.0 - (0.04 + 0.08 * expit(people.impatience))[:, None]
    shown = pitched * once_pitched + (1.0 - pitched) * by_itself
    as_it_stands = limit_truth(world, people).pd[:, 0]
    return OfferTruth(shown * kept, by_itself * kept, pitched, as_it_stands)


def _pitched(callers: Callers, match: Floats) -> Floats:
    """The probability that an agent puts each offer to the customer, (n_people, n_offers); without an agent 1.

    What the agent hears is the need through a noise; its mean over that noise is again a normal distribution's.
    """
    need, keen = callers.people.need[:, None], callers.keenness[:, None]
    mood = -0.75 * callers.of_context("call_tone") - 0.5 * (callers.of_context("queue_load_ratio") - 1.0)
    wish = 0.55 + _BY_NEED * need + 0.25 * match + _PAYS * (0.6 + 0.5 * keen) + 0.15 * keen + mood[:, None]
    has_agent = (callers.channel <= TELEPHONE)[:, None]
    return np.where(has_agent, ndtr(wish / np.sqrt(1.0 + (_BY_NEED * _HEARD_NOISE) ** 2)), 1.0)


def engine_propensities(world: LoggedWorld, callers: Callers) -> Floats:
    """The probability with which the bank's engine chooses each action, (n_people, n_offers + 1).

    It weighs by what it sees, and in a confounded world also by what it does not write down; a share is even.
    """
    people, count = callers.people, len(OFFER_IDS)
    relative = np.log(people.feature("income_p25_amt_6m") / (7_000.0 * 100.0))
    used = people.feature("utilisation_ratio")
    cash = np.minimum(people.feature("cash_advance_count_90d"), 3.0)
    wish = np.full((len(people), count + 1), _ENGINE_NOTHING)
    wish[:, _CLASSIC] = 0.1 - 0.4 * relative
    wish[:, _GOLD] = 0.9 * relative
    wish[:, _TRAVEL] = -0.5 + 0.5 * relative
    wish[:, _BILL] = -0.5 + 1.6 * used
    wish[:, _PURCHASE] = -0.3 + 0.4 * used
    wish[:, _CASH] = -0.5 + 0.5 * cash
    if world.hidden_confounding > 0:
        hidden = 0.6 * callers.taste + 0.6 * people.need[:, None] * (np.arange(count) >= _BILL)
        wish[:, :count] += world.hidden_confounding * hidden
    is_open = np.column_stack([callers.is_permitted, np.ones(len(people), dtype=np.bool_)])
    weight = np.where(is_open, np.exp(1.2 * wish), 0.0)
    even = is_open / is_open.sum(axis=1, keepdims=True)
    chosen = weight / weight.sum(axis=1, keepdims=True)
    return np.asarray((1.0 - world.floor_ratio) * chosen + world.floor_ratio * even)


def offer_log(world: LoggedWorld, count: int | None = None, start: int = 0) -> OfferLog:
    """What the bank did at `count` decisions (the world's own number) and what it could see of them."""
    callers = draw_callers(world, world.log_count if count is None else count, start)
    who, chance, rows = callers.people.number, world.chance, np.arange(len(callers))
    truth, propensity = offer_truth(world, callers), engine_propensities(world, callers)
    # One throw for the even share and one for the choice: the sum of both is the propensity that is written down.
    is_random = chance.happens(world.floor_ratio, "drawn evenly", who)
    is_open = propensity > 0
    even = is_open / is_open.sum(axis=1, keepdims=True)
    by_engine = (propensity - world.floor_ratio * even) / max(1.0 - world.floor_ratio, 1e-12)
    action = chance.pick(np.where(is_random[:, None], even, np.maximum(by_engine, 0.0)), "shown", who)
    is_shown = action < NOTHING
    offer = np.minimum(action, NOTHING - 1)

    is_pitched = is_shown & (chance.uniform("pitched", who) < truth.pitched[rows, offer])
    is_taken = chance.uniform("by itself", who[:, None], np.arange(NOTHING)) < truth.taken_anyway
    # The truth of who is shown an offer is a mean over being pitched: what is left of it belongs to those who are.
    left = truth.taken_if_shown - (1.0 - truth.pitched) * truth.taken_anyway
    once = left[rows, offer] / np.maximum(truth.pitched[rows, offer], 1e-9)
    takes = chance.uniform("takes", who) < once
    is_taken[rows[is_pitched], offer[is_pitched]] = takes[is_pitched]

    has_agent = callers.channel <= TELEPHONE
    puts_off = chance.happens(expit(-2.1 + 0.3 * callers.people.need), "puts it off", who)
    hides = ~takes & chance.happens(0.05 * expit(callers.keenness), "hides a refusal", who)
    is_censored = is_pitched & has_agent & (puts_off | hides)
    is_taken[rows[is_censored], offer[is_censored]] = False
    answer = np.select(
        [~is_shown, ~is_pitched, is_censored, is_taken[rows, offer]], [-1, NOT_PITCHED, POSTPONED, ORDERED], DECLINED
    )
    is_default = chance.happens(truth.default_12m, "defaults", who)
    return OfferLog(callers, action, propensity, is_random, is_pitched, answer, is_taken, is_censored, is_default)
