"""A team's figures: what was shown, put forward, taken and kept, and how long it took; never those of a person."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linewise.core.actions import group_of_action
from linewise.ledger.kept_orders import KeptOrders, kept_orders
from linewise.ledger.store import Ledger
from linewise.ledger.team_tallies import (
    Answered,
    Override,
    Reason,
    Span,
    answered_calls,
    overrides,
    reasons,
    standing_answers,
    teams,
    told_count,
)
from linewise.ledger.team_times import CallTime, call_times
from linewise.ledger.within import Transaction
from linewise.quality.shares import FEWEST, Share
from serving.team.complaints import TeamComplaints, complaints_of
from serving.team.hearing import CallToHear, calls_to_hear
from serving.team.periods import Period, kept_back, period_of

__all__ = ["Bucket", "Kept", "TeamFigures", "Times", "product_of", "team_figures"]

TAKEN = frozenset({"accepted", "ordered"})
BY_CUSTOMER = TAKEN | {"declined", "postponed"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day or a week: its first day, calls answered, suggestions shown and put forward, and answers that were yes."""

    starts_on: date
    call_count: int
    shown_count: int
    pitched_count: int
    accepted: Share


@dataclass(frozen=True, slots=True)
class Kept:
    """Orders of a period that ended 30 days ago, of so many calls; starts_on, ends_on: its first and last day."""

    orders: KeptOrders
    call_count: int
    starts_on: date
    ends_on: date

    @property
    def per_thousand_calls(self) -> float | None:
        """Kept orders per thousand calls; None of too few calls."""
        return None if self.call_count < FEWEST else 1000.0 * self.orders.kept / self.call_count


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in seconds, each None of too few calls, with how many calls it is of."""

    to_suggestion_seconds: float | None
    to_suggestion_count: int
    with_pitch_seconds: float | None
    with_pitch_count: int
    without_pitch_seconds: float | None
    without_pitch_count: int


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """All that the page of a team tells.

    accepted: answers of customers that are yes, of all that customers gave; taken: the same, of what was shown;
    pitched: put forward, of what was shown. by_product: `accepted` of each product (`product_of`).
    """

    period: Period
    team: str
    teams: Sequence[str]
    buckets: Sequence[Bucket]
    call_count: int
    pitched: Share
    taken: Share
    accepted: Share
    by_product: Mapping[str, Share]
    reasons: Mapping[str, Sequence[Reason]]
    overrides: Sequence[Override]
    times: Times
    kept: Kept
    complaints: TeamComplaints
    to_hear: Sequence[CallToHear]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was told of this period."""
        return not (self.call_count or self.pitched.of_count or self.accepted.of_count)


def product_of(action_id: str) -> str:
    """As what an action counts: plans of all terms are one product, and so are the steps of a ladder."""
    return group_of_action(action_id) or action_id


def team_figures(ledger: Ledger, now: datetime, zone: str, period_name: str = "days", team: str = "") -> TeamFigures:
    """The figures of a team (of all where it is empty) up to now, by the bank's clock and zone.

    All of it is counted in the ledger: what is held here is a row a bucket, product and reason, whatever the ledger
    holds.
    """
    period = period_of(period_name, now, zone)
    span = Span(period.start, period.end, team)
    with ledger.engine.connect() as connection:
        answered = standing_answers(connection, span, period.edges[1:])
        buckets = _buckets(connection, period, team, answered)
        shown, pitched = (sum(getattr(one, name) for one in buckets) for name in ("shown_count", "pitched_count"))
        accepted = _accepted(answered)
        call_count = sum(one.call_count for one in buckets)
        return TeamFigures(
            period=period,
            team=team,
            teams=teams(connection, Span(period.start, period.end)),
            buckets=buckets,
            call_count=call_count,
            pitched=Share(min(pitched, shown), shown),
            taken=Share(min(accepted.count, shown), shown),
            accepted=accepted,
            by_product=_by_product(answered),
            reasons=_by_answer(reasons(connection, span)),
            overrides=overrides(connection, span),
            times=_times(call_times(connection, span)),
            kept=_kept(connection, kept_back(period_name, now, zone), team),
            complaints=complaints_of(connection, now, zone, team, product_of),
            to_hear=calls_to_hear(connection, span, call_count, seed=now.toordinal()),
        )


def _buckets(connection: Transaction, period: Period, team: str, answered: Sequence[Answered]) -> list[Bucket]:
    found = []
    for place, starts_on in enumerate(period.starts):
        span = Span(period.edges[place], period.edges[place + 1], team)
        of_bucket = _accepted(one for one in answered if one.bucket == place)
        shown, pitched = (told_count(connection, span, outcome) for outcome in ("shown", "pitched"))
        found.append(Bucket(starts_on, answered_calls(connection, span), shown, pitched, of_bucket))
    return found


def _accepted(answered: Iterable[Answered]) -> Share:
    by_answer: Counter[str] = Counter()
    for one in answered:
        by_answer[one.answer] += one.count
    return Share(sum(by_answer[one] for one in TAKEN), sum(by_answer[one] for one in BY_CUSTOMER))


def _by_product(answered: Sequence[Answered]) -> dict[str, Share]:
    products = sorted({product_of(one.offer_id) for one in answered if one.answer in BY_CUSTOMER})
    return {name: _accepted(one for one in answered if product_of(one.offer_id) == name) for name in products}


def _by_answer(found: Sequence[Reason]) -> dict[str, Sequence[Reason]]:
    rising = sorted(found, key=lambda one: (-one.count, one.reason_code))
    return {name: [one for one in rising if one.answer == name] for name in ("declined", "postponed", "not_pitched")}


def _times(found: Sequence[CallTime]) -> Times:
    to_suggestion = [one.to_suggestion_seconds for one in found if one.to_suggestion_seconds is not None]
    lengths: dict[bool, list[float]] = {True: [], False: []}
    for one in found:
        if one.length_seconds is not None:
            lengths[one.is_pitched].append(one.length_seconds)
    medians = [
        (None if len(one) < FEWEST else statistics.median(one), len(one))
        for one in (to_suggestion, lengths[True], lengths[False])
    ]
    return Times(*(value for pair in medians for value in pair))  # type: ignore[arg-type]  # pairs in the order of the fields


def _kept(connection: Transaction, period: Period, team: str) -> Kept:
    span = Span(period.start, period.end, team)
    found = kept_orders(connection, span)
    return Kept(found, answered_calls(connection, span), period.starts[0], period.last_day)
