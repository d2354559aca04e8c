"""How an export is asked for: by whose signatures, by whom, and in the place of which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from linewise.ledger.within import Transaction

__all__ = ["Approval", "ExportOptions"]


class Approval(Protocol):
    """By whose signatures a plan may be exported."""

    def approvers(self) -> Sequence[Mapping[str, Any]]:
        """Who approved it, as the manifest tells it.

        Raises ApprovalMissing, ApprovalVoid or Conflict where it may not be exported as it stands.
        """

    def mark_exported(self, connection: Transaction, by: str, at: datetime) -> None:
        """Write down that its list went out, inside the transaction in which the export begins to stand."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How an export is made: by whom, whether it takes another's place, whether its CSV begins with a mark (BOM)."""

    by: str
    supersede: bool = False
    has_bom: bool = False
