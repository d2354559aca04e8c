"""Raises of a line: what each would bring of every customer, and the log of a bank that chose one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from linewise.simulation.logged.people import People, draw_people
from linewise.simulation.logged.worlds import LoggedWorld

__all__ = ["RAISES", "LimitLog", "LimitTruth", "bank_propensities", "effect_of", "is_open", "limit_log", "limit_truth"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

RAISES = (0.0, 0.10, 0.25, 0.50, 1.00)
"""The actions, each a share of the line in force that is added to it; the first is no change."""

_LOG_TWO = float(np.log(2.0))
_KINK, _KINK_WORTH = 0.30, 0.60

# How gladly the bank gives each raise: a weight on what speaks for one, less what stands against its size.
_WEIGHTS = np.array([0.0, 0.5, 0.8, 1.0, 1.1])
_COSTS = np.array([0.0, 1.3, 1.2, 1.9, 2.9])
_SCORE_CUT = 1.4

_AMOUNT_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class LimitTruth:
    """What is expected within twelve months of each raise, (n_people, n_raises); minor units.

    pd: the probability of default; balance_amt: owed at the end; spend_amt: purchases. borrowing_ratio (n_people,):
    what a unit of effect adds to the balance, as a share of the line.
    """

    pd: Floats
    balance_amt: Floats
    spend_amt: Floats
    borrowing_ratio: Floats


@dataclass(frozen=True, slots=True)
class LimitLog:
    """What a bank did and what came of it, (n_rows,) each; amounts in minor units.

    people: of whom a learner may see the features alone. action: a place in RAISES. propensity: with which the bank
    says that it drew this action, by what its features show; where the world is confounded its people moved the
    draw by what they saw beside it. is_randomised: drawn evenly among what was open.
    """

    people: People
    action: Ints
    raise_amt: Floats
    propensity: Floats
    is_randomised: Bools
    is_default: Ints
    balance_amt: Floats
    spend_amt: Floats


def effect_of(raise_ratio: npt.ArrayLike, shape: Ints) -> Floats:
    """How much of an effect a raise by a share of the line has, (n_people, n_raises); log 2 where the line is doubled.

    Shape 0: log1p; 1: a square root; 2: a kink, most of it within the first third of the line; 3: saturating.
    """
    ratio = np.asarray(raise_ratio, dtype=np.float64)
    kinked = np.minimum(ratio, _KINK) * (_KINK_WORTH / _KINK)
    kinked = kinked + np.maximum(ratio - _KINK, 0.0) * ((1.0 - _KINK_WORTH) / (1.0 - _KINK))
    saturating = (1.0 - np.exp(-4.0 * ratio)) / (1.0 - np.exp(-4.0))
    curves = np.stack([np.log1p(ratio), _LOG_TWO * np.sqrt(ratio), _LOG_TWO * kinked, _LOG_TWO * saturating])
    return np.asarray(curves[shape])


def is_open(people: People) -> Bools:
    """Who may be raised at all, (n_people,): nobody who is overdue. It holds for the bank and for whoever is judged."""
    return people.feature("past_due_days") == 0.0


def limit_truth(world: LoggedWorld, people: People) -> LimitTruth:
    """What is expected of each of RAISES, in closed form."""
    numbers = world.numbers
    has_drifted = (world.name == "drift") & (people.month >= world.drift_month)
    effect = effect_of(RAISES, people.shape)
    line, used = people.limit_amt, people.feature("utilisation_mean_ratio_180d")
    margin = (
        numbers.default_margin
        + numbers.drift_default_add * has_drifted
        + 1.30 * people.risk
        + 0.45 * people.impatience
        + 0.9 * (used - 0.3)
        + 0.5 * (people.feature("past_due_days") > 0)
    )
    default_slope = 0.10 + 0.60 * expit(1.1 * people.risk + 0.4 * people.impatience - 0.3)
    default_slope = default_slope * numbers.default_slope_factor

    spendthrift = expit(1.3 * (0.8 * people.risk + 0.35 * people.impatience) - 0.4)
    borrowing = (0.04 + 0.50 * spendthrift) * (0.12 + 0.88 * people.revolves) * (0.35 + 1.1 * used)
    borrowing = np.clip(borrowing * numbers.borrowing_factor, 0.0, 0.75)
    borrowing = borrowing * np.where(has_drifted, numbers.drift_borrowing_factor, 1.0)
    owed = 0.80 * used + 0.12 * people.revolves * (1.0 + 0.4 * np.tanh(people.impatience)) + 0.05 * expit(people.need)

    bought = people.feature("purchase_sum_amt_365d") * np.exp(0.06 * people.need)
    is_declined = people.feature("declined_count_90d") > 0
    buying = 0.03 + 0.25 * expit(1.2 * people.need - 0.8 + 1.2 * is_declined)
    return LimitTruth(
        pd=expit(margin[:, None] + default_slope[:, None] * effect),
        balance_amt=line[:, None] * (owed[:, None] + borrowing[:, None] * effect),
        spend_amt=bought[:, None] + (line * buying)[:, None] * effect,
        borrowing_ratio=borrowing,
    )


def _score(people: People) -> Floats:
    """The bank's own score of risk, about standardised: what it sees and weighs by habit."""
    return np.asarray(
        1.6 * (people.feature("utilisation_mean_ratio_180d") - 0.30)
        + 0.35 * np.minimum(people.feature("past_due_count_365d"), 4.0)
        + 0.20 * np.minimum(people.feature("enquiry_count_365d"), 4.0)
        + 1.2 * (people.feature("other_utilisation_ratio") - 0.35)
        - 0.25
    )


def bank_propensities(people: People, hidden_confounding: float = 0.0) -> Floats:
    """With what probability the bank's rule gives each raise, (n_people, n_raises).

    It raises who buys much for the line and scores well, and nobody above a cut of its score. What it knows beside
    its features, hidden_confounding says how far: it holds back from who is riskier than he looks, and gives to who
    needs it and asks.
    """
    score = _score(people)
    busy = people.feature("purchase_sum_amt_365d") / people.limit_amt / 1.5 - 1.0
    speaks_for = 0.7 * np.clip(busy, -1.0, 2.0) - 0.9 * score + 1.0 * people.feature("utilisation_mean_ratio_180d")
    speaks_for = speaks_for + hidden_confounding * (0.4 * people.need - people.risk)
    gladness = speaks_for[:, None] * _WEIGHTS - _COSTS
    weight = np.exp(gladness - gladness.max(axis=1, keepdims=True))
    given = weight / weight.sum(axis=1, keepdims=True)
    is_held = (score > _SCORE_CUT) | ~is_open(people)
    given[is_held] = np.eye(len(RAISES))[0]
    return np.asarray(given)


def limit_log(world: LoggedWorld, people: People | None = None) -> LimitLog:
    """The decision on each of the people (the world's own number of them), and what came of it in twelve months."""
    people = draw_people(world, world.log_count) if people is None else people
    chance, who = world.chance, people.number
    even = np.where(is_open(people)[:, None], 1.0 / len(RAISES), np.eye(len(RAISES))[0])
    is_randomised = chance.happens(world.floor_ratio, "floor", who) & is_open(people)
    by_bank = bank_propensities(people, world.hidden_confounding)
    action = chance.pick(np.where(is_randomised[:, None], even, by_bank), "action", who)
    told = world.floor_ratio * even + (1.0 - world.floor_ratio) * bank_propensities(people)
    truth, rows = limit_truth(world, people), np.arange(len(people))
    spread = _AMOUNT_SPREAD**2 / 2.0
    return LimitLog(
        people=people,
        action=action,
        raise_amt=np.array(RAISES)[action] * people.limit_amt,
        propensity=told[rows, action],
        is_randomised=is_randomised,
        is_default=chance.happens(truth.pd[rows, action], "default", who).astype(np.int64),
        balance_amt=truth.balance_amt[rows, action] * np.exp(_AMOUNT_SPREAD * chance.normal("owed", who) - spread),
        spend_amt=truth.spend_amt[rows, action] * np.exp(_AMOUNT_SPREAD * chance.normal("spent", who) - spread),
    )
