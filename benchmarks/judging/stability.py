"""What changes although nothing changed: the same customers, the same features, decided on another day."""

from dataclasses import dataclass

import numpy as np

from benchmarks.judging.proposals import Proposals
from linewise.decisioning.types import Bools, Ints

__all__ = ["Change", "change_between"]


@dataclass(frozen=True, slots=True)
class Change:
    """How many customers' suggestions differ between two decisions, of how many with a suggestion in either.

    limits_by_rule, primaries_by_rule: those of them where another rule holds now, of the limit or of an offer, such
    as a pause that ran out: there the calendar changed something. The others differ although nothing changed.
    """

    customers: int
    limits: int
    limits_of: int
    limits_by_rule: int
    primaries: int
    primaries_of: int
    primaries_by_rule: int
    plans: int
    plans_of: int

    @property
    def changed_ratio(self) -> float:
        """Suggestions of all kinds that differ, whatever the reason, of all that were made in either."""
        made = self.limits_of + self.primaries_of + self.plans_of
        return (self.limits + self.primaries + self.plans) / max(made, 1)

    @property
    def limit_ratio(self) -> float:
        """Limits that differ although no rule does, of the customers who are proposed a raise in either."""
        return (self.limits - self.limits_by_rule) / max(self.limits_of, 1)

    @property
    def primary_ratio(self) -> float:
        """Primary offers that differ although no rule does, of the customers who have one in either."""
        return (self.primaries - self.primaries_by_rule) / max(self.primaries_of, 1)


def change_between(before: Proposals, after: Proposals) -> Change:
    """Compare two decisions on the same customers in the same order."""
    limit = (before.suggested_amt != after.suggested_amt) | (before.current_amt != after.current_amt)
    is_other_rule = (before.limit_hits != after.limit_hits).any(axis=1)
    is_other_rule |= (before.offer_hits != after.offer_hits).any(axis=1)
    one, other = _primary(before), _primary(after)
    return Change(
        customers=len(before),
        limits=_count(limit),
        limits_of=_count(before.is_raised | after.is_raised),
        limits_by_rule=_count(limit & is_other_rule),
        primaries=_count(one != other),
        primaries_of=_count((one >= 0) | (other >= 0)),
        primaries_by_rule=_count((one != other) & is_other_rule),
        plans=_count((before.plan_amt != after.plan_amt).any(axis=1)),
        plans_of=_count((before.plan_amt > 0).any(axis=1) | (after.plan_amt > 0).any(axis=1)),
    )


def _primary(proposals: Proposals) -> Ints:
    """The place of the primary offer, (n_customers,); -1 where there is none."""
    is_primary = proposals.rank == 0
    return np.where(is_primary.any(axis=1), is_primary.argmax(axis=1), -1)


def _count(which: Bools) -> int:
    return int(np.count_nonzero(which))
