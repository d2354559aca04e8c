"""To whom raises go: each group's share among the raised beside its share among the active."""

from dataclasses import dataclass

import numpy as np

from benchmarks.judging.people import People
from benchmarks.judging.proposals import Proposals
from linewise.decisioning.types import Bools

__all__ = ["Share", "shares_of"]


@dataclass(frozen=True, slots=True)
class Share:
    """A group among the customers of a base and among those of them whom a raise is proposed to.

    amount_ratio: its part of all that the raises add.
    """

    group: str
    members: int
    raised: int
    base_ratio: float
    raised_ratio: float
    amount_ratio: float

    @property
    def lift_ratio(self) -> float:
        """Its share among the raised as a multiple of its share in the base: 1 where raises do not look at it."""
        return self.raised_ratio / self.base_ratio if self.base_ratio else 0.0


def shares_of(proposals: Proposals, people: People) -> list[Share]:
    """The share of each group that matters among the active; those who are not active among all with a line."""
    groups = {
        "transactors": people.is_transactor,
        "revolvers": people.is_revolver,
        "persistent debtors": people.is_persistent,
        "cash-out rings": people.is_kind("cash_out_ring"),
        "cash-out rings at it": people.is_kind("cash_out_ring") & people.is_at_it,
        "bust-outs": people.is_kind("bust_out"),
        "bust-outs that turned": people.is_kind("bust_out") & people.is_at_it,
        "takeovers": people.is_kind("takeover"),
        "takeovers that turned": people.is_kind("takeover") & people.is_at_it,
    }
    has_line = proposals.current_amt > 0
    base = people.is_active & has_line
    found = [_share(name, members & base, base, proposals) for name, members in groups.items()]
    return [*found, _share("not active", ~people.is_active & has_line, has_line, proposals)]


def _share(group: str, members: Bools, base: Bools, proposals: Proposals) -> Share:
    raised = proposals.is_raised & base
    added = np.where(raised, proposals.suggested_amt - proposals.current_amt, 0)
    return Share(
        group=group,
        members=_count(members),
        raised=_count(members & raised),
        base_ratio=_count(members) / max(_count(base), 1),
        raised_ratio=_count(members & raised) / max(_count(raised), 1),
        amount_ratio=float(added[members].sum() / max(added.sum(), 1)),
    )


def _count(which: Bools) -> int:
    return int(np.count_nonzero(which))
