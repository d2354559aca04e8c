"""The export of a plan that people signed, from a home that is open to decide: what the command line and pages call."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from linewise.ledger.campaigns import mark_exported
from linewise.ledger.within import Transaction
from serving.campaigns.approving.approval import enforce_campaign_approved, terms_of
from serving.campaigns.approving.standing import Standing
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.export import Exported, export_campaign
from serving.campaigns.plan.files import Plan
from serving.scoring.recommender import Recommender

__all__ = ["SignedPlan", "export_signed"]


class SignedPlan:
    """A plan with what people have signed of it; asked anew each time, for somebody may stop it meanwhile."""

    def __init__(self, recommender: Recommender, plan: Plan) -> None:
        self._recommender, self._plan = recommender, plan

    def approvers(self) -> Sequence[Mapping[str, Any]]:
        """Who approved it; raises ApprovalVoid, ApprovalMissing or Conflict where it may not be exported."""
        return enforce_campaign_approved(self._recommender, self._plan)

    def mark_exported(self, connection: Transaction, by: str, at: datetime) -> None:
        """Write down that its list went out."""
        mark_exported(connection, terms_of(self._plan, Standing.of(self._recommender)), by, at)


def export_signed(
    recommender: Recommender,
    plan: Plan,
    options: ExportOptions,
    advance: Callable[[int], None] = lambda rows: None,
) -> Exported:
    """Write the files of a plan that people have signed as it stands; raises as `export_campaign`."""
    return export_campaign(ExportDesk.of(recommender), plan, SignedPlan(recommender, plan), options, advance)
