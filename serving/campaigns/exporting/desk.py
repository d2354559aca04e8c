"""What an export takes of a home: its record, what the bank's tables say, and what decides."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from linewise.core.errors import Conflict
from linewise.core.home import Home
from linewise.ledger.store import Ledger
from linewise.policy.policy import Policy
from serving.campaigns.base import contacts_among
from serving.campaigns.exporting.facts_by_frame import FactsByFrame, FactsOfRows
from serving.scoring.release import Versions

if TYPE_CHECKING:
    from serving.scoring.recommender import Recommender

__all__ = ["ExportDesk"]


@dataclass(frozen=True, slots=True)
class ExportDesk:
    """An open home. now: the bank's moment, asked anew for each piece of the list; killed_kinds: what is switched off.

    facts: what the bank's tables say of the customers of a piece; currency: that of the bank.
    addresses: for a channel, the first and the last of some customers and a moment, by which token each is reached
    (customer_id, contact_ref); None where the bank delivers no contact points. `killed_kinds` raises ApprovalMissing
    where the release is stopped, or in production not approved.
    """

    home: Home
    ledger: Ledger
    facts: FactsOfRows
    currency: str
    policy: Policy
    versions: Versions
    now: Callable[[], datetime]
    killed_kinds: Callable[[], Collection[str]] = tuple
    addresses: Callable[[str, tuple[str, str], datetime], pa.Table] | None = None

    @classmethod
    def of(cls, recommender: "Recommender") -> Self:
        """The desk of a home that is open to decide."""
        return cls(
            recommender.settings.paths,
            recommender.ledger,
            # Read by frames even where the whole base is known: it may have been opened for hours.
            FactsByFrame(recommender.bank),
            recommender.bank.manifest.currency,
            recommender.policy,
            recommender.versions,
            recommender.clock.now,
            recommender.killed_kinds,
            partial(contacts_among, recommender.bank) if recommender.bank.has("contact_points") else None,
        )

    def enforce_may_send(self, offer_ids: Collection[str]) -> None:
        """Raise Conflict where the kind of one of these offers is switched off, and what `killed_kinds` raises."""
        killed = set(self.killed_kinds())
        stopped = [one for one in offer_ids if self.policy.catalogue.offer(one).kind in killed]
        if stopped:
            kinds = sorted({self.policy.catalogue.offer(one).kind for one in stopped})
            raise Conflict(
                f"{', '.join(stopped)} may not be sent: what is {', '.join(kinds)} is switched off.",
                "Offers of kinds that are in force were expected.",
                "See who stopped it, and why: linewise release list",
            )
