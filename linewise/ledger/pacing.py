"""Pacing: spending ahead of the plan raises the price of a scarce thing, spending behind it lowers it, bounded."""

from dataclasses import dataclass
from datetime import datetime
from math import exp

from linewise.ledger.budgets import Budget, Pot

__all__ = ["Pace", "PacingPolicy", "kept_ratio", "pace_of"]


@dataclass(frozen=True, slots=True)
class PacingPolicy:
    """How strongly a price answers, and how far it may go.

    gain: by a tenth of the budget ahead of its plan the price grows by the factor exp(gain / 10). most_ratio: the
    largest factor; its inverse is the least. prior_ratio: with how much of the budget, as if it had been spent, the
    estimate of what becomes of reservations begins.
    """

    gain: float = 10.0
    most_ratio: float = 10.0
    prior_ratio: float = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a budget stands in its time: shares of it planned and expected to be spent, and the factor on its price."""

    planned_ratio: float
    spent_ratio: float
    multiplier: float


def kept_ratio(pot: Pot, policy: PacingPolicy) -> float:
    """What share of reservations comes to be spent, from those that have ended; one before any has."""
    prior = policy.prior_ratio * pot.amount_amt
    ended = pot.consumed_amt + pot.released_amt + prior
    return (pot.consumed_amt + prior) / ended if ended > 0 else 1.0


def pace_of(budget: Budget, at: datetime, policy: PacingPolicy) -> Pace:
    """The pace of what the bank proposes: multiplier = exp(gain × (spent − planned)), within bounds.

    The bounds are most_ratio and its inverse. planned: the elapsed share of the budget's time. spent: (consumed +
    kept × reserved) / amount, where kept is the share of ended reservations that were booked. A pot of nothing is
    spent from its first moment.
    """
    whole = (budget.ends_at - budget.begins_at).total_seconds()
    planned = min(max((at - budget.begins_at).total_seconds() / whole, 0.0), 1.0)
    pot = budget.proposed
    expected = pot.consumed_amt + kept_ratio(pot, policy) * pot.reserved_amt
    spent = expected / pot.amount_amt if pot.amount_amt else 1.0
    factor = exp(policy.gain * (spent - planned))
    return Pace(planned, spent, min(max(factor, 1.0 / policy.most_ratio), policy.most_ratio))
