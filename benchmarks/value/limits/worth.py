"""What raises are truly worth, and lose: the true answers of a world through the product's own arithmetic."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.use import Answers, behaviour_of, value_of_limits
from linewise.decisioning.scorers import AmountCoefficients, DefaultCoefficients, Dose, LimitResponse
from linewise.decisioning.types import Bools, Customers, Floats, Ints
from linewise.policy.economics import load_economics
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.logged import FEATURE_NAMES, LoggedWorld, People
from linewise.simulation.logged.limits import RAISES, LimitLog, is_open, limit_truth

__all__ = ["TrueWorth", "candidates_of", "customers_of", "economics_of", "realised_value", "true_worth"]

DECIDED_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TrueWorth:
    """Of each of RAISES, (n_people, n_raises), minor units: what it adds to value and to expected loss.

    Both are zero for no change; is_open (n_people,): who may be raised at all.
    """

    gain_amt: Floats
    loss_amt: Floats
    is_open: Bools

    def of(self, action: Ints) -> tuple[float, float]:
        """Gain and added loss a customer of a choice (n_people,) of RAISES, minor units."""
        rows = np.arange(len(action))
        return float(self.gain_amt[rows, action].mean()), float(self.loss_amt[rows, action].mean())


def economics_of(world: LoggedWorld) -> Economics:
    """The standard register with what the world changes in it."""
    economics = load_economics(policy_folder(None), "CNY", DECIDED_AT.date())
    numbers = world.numbers
    return replace(
        economics,
        card_rate_ratio=economics.card_rate_ratio * numbers.card_rate_factor,
        interchange_ratio=economics.interchange_ratio * numbers.interchange_factor,
        funding_rate_ratio=economics.funding_rate_ratio * numbers.funding_factor,
    )


def customers_of(people: People) -> Customers:
    """People as a decision sees them."""
    count = len(people)
    return Customers(
        customer_id=np.array([f"C{number}" for number in people.number]),
        as_of=np.full(count, np.datetime64(DECIDED_AT.replace(tzinfo=None), "us")),
        currency="CNY",
        feature_names=FEATURE_NAMES,
        features=people.features,
        current_limit_amt=people.limit_amt.astype(np.int64),
    )


def candidates_of(people: People) -> Ints:
    """The limits that RAISES lead to, (n_people, n_raises), minor units."""
    return np.rint(people.limit_amt[:, None] * (1.0 + np.array(RAISES))).astype(np.int64)


def true_worth(world: LoggedWorld, people: People, economics: Economics) -> TrueWorth:
    """The truth of a world composed to value as `decide` does it; no coefficient of any model enters."""
    truth, customers, limit = limit_truth(world, people), customers_of(people), candidates_of(people)
    behaviour = behaviour_of(customers, _as_it_stands(truth.spend_amt[:, 0], people), economics)
    answers = Answers(truth.pd, truth.balance_amt, truth.balance_amt, truth.spend_amt)
    dose = np.log1p(np.array(RAISES))[None, :]
    valued = value_of_limits(limit, dose, answers, behaviour, economics)
    return TrueWorth(
        gain_amt=valued.value_amt - valued.value_amt[:, :1],
        loss_amt=valued.expected_loss_amt - valued.expected_loss_amt[:, :1],
        is_open=is_open(people),
    )


def realised_value(log: LimitLog, economics: Economics) -> Floats:
    """What each row of a log turned out to be worth, (n_rows,), minor units: the same formula on what was seen."""
    people, customers = log.people, customers_of(log.people)
    limit = np.rint(people.limit_amt[:, None] + np.column_stack([np.zeros(len(people)), log.raise_amt]))
    twice = np.ones((1, 2))
    seen = (log.is_default[:, None] * twice, log.balance_amt[:, None] * twice, log.spend_amt[:, None] * twice)
    behaviour = behaviour_of(customers, _as_it_stands(log.spend_amt, people), economics)
    dose = np.log1p(limit / people.limit_amt[:, None] - 1.0)
    answers = Answers(seen[0], seen[1], seen[1], seen[2])
    return value_of_limits(limit.astype(np.int64), dose, answers, behaviour, economics).value_amt[:, 1]


def _as_it_stands(spend_amt: Floats, people: People) -> LimitResponse:
    """What `behaviour_of` asks of a response: how much is bought (n_people,), and that it is a line."""
    count = len(people)
    nothing = np.zeros(count)
    dose = Dose(people.limit_amt.astype(np.int64), people.limit_amt)
    return LimitResponse(
        default=DefaultCoefficients(nothing, nothing, nothing, dose, 12.0),
        balance=AmountCoefficients(nothing, nothing, nothing, dose),
        spend=AmountCoefficients(spend_amt, nothing, nothing, dose),
        is_loan=np.zeros(count, dtype=np.bool_),
        sources={},
    )
