"""What would have happened: potential outcomes of limits and offers, for the judge of policies alone.

Every figure comes from the very equations that produced the bank's data, lived again from the first day with one
thing changed. Two lives of one customer use the same dice, so their difference is the effect of the change and
nothing else. Features, training and serving cannot import this room; a test holds it.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linewise.core.errors import UsageError
from linewise.simulation.calendar import EXTRA_MONTHS
from linewise.simulation.chance import Floats
from linewise.simulation.lives.living import Intervention, live, lived_with_chances
from linewise.simulation.lives.offers import AS_IT_WAS, NOTHING_SHOWN, OFFERS_COUNT
from linewise.simulation.lives.record import CHARGED_OFF, OFFERS, SHOWN_IN
from linewise.simulation.world import World

__all__ = ["AHEAD_MONTHS", "DEFAULT_BUCKET", "NO_OFFER", "PROMOTIONS", "Expected", "Outcomes", "Truth"]

NO_OFFER = "NO_OFFER"
PROMOTIONS = OFFERS[:OFFERS_COUNT]
DEFAULT_BUCKET = 4
"""An account is in default from its fourth unpaid minimum payment on, more than 90 days overdue."""
AHEAD_MONTHS = 8
"""So many months after the last with data something may still be done: what is decided today happens after today."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What becomes of customers within the horizon, (n_customers,) each; amounts in minor units.

    balance_amt and limit_amt stand at the end of the horizon (a balance that was written off counts as 0),
    spend_amt and profit_amt are sums over it; is_default says whether DEFAULT_BUCKET was reached in it.
    written_off_amt is what the bank gave up within the horizon, owed_in_default_amt what at its end is owed by
    those in default whom it has not given up yet: profit holds the loss of the first alone.
    """

    limit_amt: Floats
    balance_amt: Floats
    spend_amt: Floats
    profit_amt: Floats
    is_default: Floats
    written_off_amt: Floats
    owed_in_default_amt: Floats

    def less(self, other: "Outcomes") -> "Outcomes":
        """The differences from the other outcomes, customer by customer."""
        return Outcomes(*(getattr(self, name) - getattr(other, name) for name in Outcomes.__slots__))


@dataclass(frozen=True, slots=True)
class Expected:
    """Means over many futures from one moment on, and the standard errors of these means, (n_customers,).

    mean.is_default is the probability of default.
    """

    mean: Outcomes
    standard_error: Outcomes
    futures: int


class Truth:
    """The truth of one world. Months count from the first with data; amounts are minor units."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def next_month(self) -> int:
        """The first month whose cycle begins after the data end, whatever the customer's cycle day."""
        return self.world.month_count + 1

    def outcomes(
        self,
        numbers: NDArray[Any],
        month: int,
        *,
        limit_factor: ArrayLike = math.nan,
        offer: str | None = None,
        channel: str | None = None,
        horizon: int = 12,
        future: int = 0,
    ) -> Outcomes:
        """What becomes of these customers when that month something is done with all of them.

        limit_factor, one or (n_customers,), multiplies the limit at the beginning of the month (1.0: the bank's
        own review does not happen; NaN: the bank does what it did). offer is shown in the month's campaign to
        those who may have it, in that channel; NO_OFFER: none is shown to anybody. future 0 is the
        one that the world's data show; every other number throws the dice anew from that month on.
        Raises UsageError for a month, factor, offer or horizon that cannot be.
        """
        extra = self._refuse_impossible(month, limit_factor, offer, channel, horizon)
        action = Intervention(month, limit_factor, _offer_code(offer), _channel_code(channel), future)
        lives = live(self.world, numbers, intervention=action, with_postings=False, extra_months=extra)
        return _outcomes(lives.months[:, month : month + horizon])

    def effect(self, numbers: NDArray[Any], month: int, limit_factor: ArrayLike, **how: Any) -> Outcomes:
        """The exact effect on each customer of that limit beside no change, in one and the same future."""
        with_it = self.outcomes(numbers, month, limit_factor=limit_factor, **how)
        return with_it.less(self.outcomes(numbers, month, limit_factor=1.0, **how))

    def expected(self, numbers: NDArray[Any], month: int, *, futures: int = 64, **what: Any) -> Expected:
        """Probabilities and means over that many futures which all begin as the customer stood that month.

        The same futures are used whatever is done, so that two actions compare without the noise of the
        dice. `what` is as in `outcomes`. Raises UsageError as well where there are fewer than two futures.
        """
        _refuse_few(futures)
        runs = [self.outcomes(numbers, month, future=future, **what) for future in range(1, futures + 1)]
        columns = {name: np.array([getattr(run, name) for run in runs]) for name in Outcomes.__slots__}
        return Expected(
            Outcomes(**{name: values.mean(axis=0) for name, values in columns.items()}),
            Outcomes(**{name: values.std(axis=0, ddof=1) / math.sqrt(futures) for name, values in columns.items()}),
            futures,
        )

    def acceptance(self, numbers: NDArray[Any], month: int, offer: str, channel: str) -> Floats:
        """The probability that the customer takes the offer when it is put to them in that channel, (n_customers,).

        Exact: it is the number that the dice are held against. Of an inbound call (`voice`) it is the chance
        once the agent pitches; 0 for those who may not have the offer. Raises UsageError for an unknown one.
        """
        self._refuse_impossible(month, math.nan, offer, channel, 1)
        action = Intervention(month, offer=_offer_code(offer), channel=_channel_code(channel))
        _, chances = lived_with_chances(self.world, numbers, intervention=action)
        return chances

    def incremental_value_amt(
        self, numbers: NDArray[Any], month: int, offer: str, channel: str, *, horizon: int = 12, futures: int = 64
    ) -> tuple[Floats, Floats]:
        """What showing the offer brings the bank beside showing none, and its standard error, (n_customers,) each.

        The mean over futures of the difference of profit; a sleeping dog's is negative. Raises as `expected`.
        """
        _refuse_few(futures)
        differences = [
            self.outcomes(numbers, month, offer=offer, channel=channel, horizon=horizon, future=future).profit_amt
            - self.outcomes(numbers, month, offer=NO_OFFER, horizon=horizon, future=future).profit_amt
            for future in range(1, futures + 1)
        ]
        values = np.array(differences)
        return values.mean(axis=0), values.std(axis=0, ddof=1) / math.sqrt(futures)

    def _refuse_impossible(
        self, month: int, limit_factor: ArrayLike, offer: str | None, channel: str | None, horizon: int
    ) -> int:
        """The months to live beyond the data; refuses what cannot be."""
        last = self.world.month_count - 1 + AHEAD_MONTHS
        if not 0 <= month <= last:
            raise UsageError(f"Nothing can be done in month {month}.", f"One from 0 to {last} was expected.")
        factors = np.asarray(limit_factor, dtype=np.float64)
        if wrong := factors[~np.isnan(factors) & ~((factors > 0.0) & (factors <= 10.0))].ravel()[:1].tolist():
            raise UsageError(f"A limit cannot be multiplied by {wrong[0]}.", "Above 0 and up to 10 was expected.")
        offers = (*PROMOTIONS, NO_OFFER)
        if offer is not None and offer not in offers:
            raise UsageError(f"There is no offer {offer!r}.", f"There are: {', '.join(offers)}.")
        if channel is not None and channel not in SHOWN_IN:
            raise UsageError(f"There is no channel {channel!r}.", f"There are: {', '.join(SHOWN_IN)}.")
        longest = EXTRA_MONTHS - max(month - self.world.month_count + 1, 0)
        if not 1 <= horizon <= longest:
            raise UsageError(f"A horizon of {horizon} months cannot be lived.", f"1 to {longest} were expected.")
        return max(month + horizon - self.world.month_count, 0)


def _refuse_few(futures: int) -> None:
    if futures < 2:
        raise UsageError(f"{futures} futures give no standard error.", "Two or more were expected.")


def _offer_code(offer: str | None) -> int:
    if offer is None:
        return AS_IT_WAS
    return NOTHING_SHOWN if offer == NO_OFFER else OFFERS.index(offer)


def _channel_code(channel: str | None) -> int:
    return -1 if channel is None else SHOWN_IN.index(channel)


def _outcomes(months: NDArray[Any]) -> Outcomes:
    bucket = months["bucket"]
    last = months[:, -1]
    is_gone = last["bucket"] == CHARGED_OFF
    is_in_default = (last["bucket"] >= DEFAULT_BUCKET) & ~is_gone
    return Outcomes(
        limit_amt=last["limit_amt"].astype(np.float64),
        balance_amt=np.where(is_gone, 0.0, last["balance_amt"]),
        spend_amt=months["spend_amt"].sum(axis=1).astype(np.float64),
        profit_amt=months["profit_amt"].sum(axis=1),
        is_default=np.asarray((bucket >= DEFAULT_BUCKET).any(axis=1), dtype=np.float64),
        written_off_amt=months["charged_off_amt"].sum(axis=1).astype(np.float64),
        owed_in_default_amt=np.where(is_in_default, last["balance_amt"], 0.0).astype(np.float64),
    )
