"""To whom raises go: each group's share among the raised beside its share among the active."""

from dataclasses import dataclass

import numpy as np

from benchmarks.judging.people import People
from benchmarks.judging.proposals import Proposals
from linewise.decisioning.types import Bools

__all__ = ["Share", "shares_of"]


@dataclass(frozen=True, slots=True)
class Share:
    """A group among the active customers and among those of them whom a raise is proposed to.

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
    """The share of each group that matters; a raise to somebody who is not active counts as a group of its own."""
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
    base = people.is_active & (proposals.current_amt > 0)
    raised = proposals.is_raised & (proposals.current_amt > 0)
    added = np.where(raised, proposals.suggested_amt - proposals.current_amt, 0)
    found = [_share(name, members, base, raised, added) for name, members in groups.items()]
    return [*found, _share("not active", ~people.is_active, base, raised, added)]


def _share(group: str, members: Bools, base: Bools, raised: Bools, added: np.ndarray) -> Share:
    within = members & raised
    return Share(
        group=group,
        members=int((members & base).sum()),
        raised=int(within.sum()),
        base_ratio=float((members & base).sum() / max(base.sum(), 1)),
        raised_ratio=float(within.sum() / max(raised.sum(), 1)),
        amount_ratio=float(added[members].sum() / max(added.sum(), 1)),
    )
