"""What a release did, from the record alone: what it showed, suggested, refused and owed, and what was answered."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from linewise.core.errors import NotFound
from linewise.ledger.by_release import answers_given, duties_opened, made_by
from linewise.ledger.record import DecisionRecord, read_decision
from linewise.ledger.store import Ledger

__all__ = ["Impact", "Tally", "impact_of"]


@dataclass(slots=True)
class Tally:
    """Some decisions counted: actions by how often they were shown, limits, refusals, answers, duties.

    suggested_amt: what each suggested limit adds to the one in force, minor units. refused: the headline
    reason of each decision that suggested no limit. outcomes: the last answer to each action of a decision.
    """

    decisions: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    with_nothing_shown: int = 0
    suggested_amt: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    duties: Counter[str] = field(default_factory=Counter)

    def add(self, record: DecisionRecord, outcomes: Iterable[str], duties: Iterable[str]) -> None:
        """Count one more decision."""
        answer: Mapping[str, Any] = record.answer
        offers, limit = answer["offers"], answer["limit"]
        self.decisions += 1
        self.shown.update(offer["offer_id"] for offer in offers)
        self.with_nothing_shown += not offers
        added_amt = limit["suggested_amt"] - limit["current_amt"]
        if added_amt > 0:
            self.suggested_amt.append(added_amt)
        else:
            self.refused[limit["binding"]] += 1
        self.outcomes.update(outcomes)
        self.duties.update(duties)

    def as_json(self) -> dict[str, object]:
        """The counts, the most frequent first."""
        amounts = self.suggested_amt
        return {
            "decisions": self.decisions,
            "shown": dict(self.shown.most_common()),
            "with_nothing_shown": self.with_nothing_shown,
            "limits_suggested": len(amounts),
            "limits_suggested_sum_amt": sum(amounts),
            "limits_suggested_median_amt": round(median(amounts)) if amounts else None,
            "limits_refused": dict(self.refused.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "duties": dict(self.duties.most_common()),
        }


@dataclass(slots=True)
class Impact:
    """What a release did, in all, by channel and by ISO week; `unreadable` decisions were erased or have lapsed."""

    release_id: str
    currency: str = ""
    unreadable: int = 0
    total: Tally = field(default_factory=Tally)
    by_channel: dict[str, Tally] = field(default_factory=dict)
    by_week: dict[str, Tally] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """All of it, channels and weeks in order."""
        return {
            "release_id": self.release_id,
            "currency": self.currency,
            "unreadable": self.unreadable,
            "total": self.total.as_json(),
            "by_channel": {name: tally.as_json() for name, tally in sorted(self.by_channel.items())},
            "by_week": {name: tally.as_json() for name, tally in sorted(self.by_week.items())},
        }


def impact_of(ledger: Ledger, release_id: str, advance: Callable[[int], None] = lambda done: None) -> Impact:
    """Count what the release decided, as it stands in the record; `advance` is told how many more are counted."""
    found = Impact(release_id)
    outcomes, duties = answers_given(ledger, release_id), duties_opened(ledger, release_id)
    for made in made_by(ledger, release_id):
        advance(1)
        try:
            record = read_decision(ledger, made.decision_id)
        except NotFound:
            found.unreadable += 1
            continue
        found.currency = record.answer["currency"]
        year, week, _ = record.decided_at.isocalendar()
        for tally in (
            found.total,
            found.by_channel.setdefault(record.channel, Tally()),
            found.by_week.setdefault(f"{year}-W{week:02}", Tally()),
        ):
            tally.add(record, outcomes.get(record.decision_id, ()), duties.get(record.decision_id, ()))
    return found
