"""What customers complain of, by week: reason, product and rule, and what is more than its own history explains."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linewise.ledger.complaint_tallies import Complaint, complaints, marked_complaints
from linewise.ledger.team_tallies import Span, answered_calls
from linewise.ledger.within import Transaction
from linewise.quality.spikes import Spike, WeeklyCounts, spikes_of
from serving.team.periods import weeks_before

__all__ = ["HISTORY_WEEKS", "ComplaintSeries", "TeamComplaints", "complaints_of"]

HISTORY_WEEKS = 26
"""How far back a series' own history reaches (our default): half a year, so that a season is in it."""


@dataclass(frozen=True, slots=True)
class ComplaintSeries:
    """Complaints of one kind (`reason`, `product`, `rule`, or `marked` in calls) by week, the latest week last."""

    kind: str
    name: str
    counts: Sequence[int]
    spike: Spike | None

    @property
    def before_count(self) -> int:
        """In all weeks before the latest."""
        return sum(self.counts[:-1])


@dataclass(frozen=True, slots=True)
class TeamComplaints:
    """All series that had a complaint, those with a spike first; starts, call_counts: of each week."""

    starts: Sequence[date]
    call_counts: Sequence[int]
    totals: Sequence[int]
    series: Sequence[ComplaintSeries]

    @property
    def spikes(self) -> Sequence[ComplaintSeries]:
        """Those that are more than chance."""
        return [one for one in self.series if one.spike is not None]


def complaints_of(
    connection: Transaction, now: datetime, zone: str, team: str, product_of: Callable[[str], str]
) -> TeamComplaints:
    """The complaints of the seven days up to now and of the weeks before.

    What an agent said of a complaint marked in a call counts with what is told of orders and offers, once where the
    same call told both of the same product.
    """
    weeks = weeks_before(now, zone, HISTORY_WEEKS)
    span = Span(weeks.start, weeks.end, team)
    told, marked = complaints(connection, span), marked_complaints(connection, span)
    found: dict[tuple[str, str], list[datetime]] = {}
    if marked:
        found["marked", ""] = [one.at for one in marked]
    known = {(one.call_id, product_of(one.offer_id)) for one in told}
    said = [one for one in marked if (one.call_id, product_of(one.offer_id)) not in known]
    for one in (*told, *said):
        for key in _keys(one, product_of):
            found.setdefault(key, []).append(one.at)
    about = [one.at for one in (*told, *said) if one.offer_id]
    call_counts = [
        answered_calls(connection, Span(start, end, team))
        for start, end in zip(weeks.edges, weeks.edges[1:], strict=False)
    ]
    counts = {key: _by_week(moments, weeks.edges) for key, moments in found.items()}
    series = _with_spikes(counts, call_counts)
    return TeamComplaints(weeks.starts, call_counts, _by_week(about, weeks.edges), series)


def _keys(one: Complaint, product_of: Callable[[str], str]) -> list[tuple[str, str]]:
    """The series in which a complaint counts."""
    product = [("product", product_of(one.offer_id))] if one.offer_id else []
    reason = [("reason", one.reason_code)] if one.reason_code else []
    return [*product, *(("rule", rule_id) for rule_id in one.rule_ids), *reason]


def _by_week(moments: Iterable[datetime], edges: Sequence[datetime]) -> list[int]:
    counts = [0] * (len(edges) - 1)
    for moment in moments:
        counts[bisect_right(edges, moment) - 1] += 1
    return counts


def _with_spikes(counts: Mapping[tuple[str, str], Sequence[int]], call_counts: Sequence[int]) -> list[ComplaintSeries]:
    spikes = spikes_of({"\n".join(key): WeeklyCounts(one, call_counts) for key, one in counts.items()})
    by_name = {one.name: one for one in spikes}
    series = [ComplaintSeries(*key, one, by_name.get("\n".join(key))) for key, one in counts.items()]
    return sorted(series, key=lambda one: (one.spike is None, one.kind, -one.counts[-1], -one.before_count, one.name))
