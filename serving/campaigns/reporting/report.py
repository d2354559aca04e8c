"""The lift report of a campaign, made of its plan, the record and a file of responses, and kept beside the plan."""

from datetime import datetime
from pathlib import Path

from linewise.bank.tables import open_bank
from linewise.core.errors import BankMissing
from linewise.core.files import folder_written_whole
from linewise.core.settings import Settings
from linewise.ledger.store import Ledger
from serving.campaigns.plan.files import Plan, read_plan
from serving.campaigns.reporting.following import follow
from serving.campaigns.reporting.lift_page import page
from serving.campaigns.reporting.lift_report import LiftReport, lift_report
from serving.campaigns.reporting.roll_rates import RollRates, roll_rates_of

__all__ = ["PAGE_FILE", "REPORT_FILE", "report_campaign"]

REPORT_FILE, PAGE_FILE = "report.json", "report.html"


def report_campaign(
    settings: Settings, ledger: Ledger, campaign_id: str, now: datetime, responses: Path | None = None
) -> LiftReport:
    """Make the report as of `now` and write it, as JSON and as a page, in place of a former one.

    Beside it stand the showings and outcomes from which models learn.

    Raises UnknownCampaign and PlanDamaged as read_plan does, DataCheckFailed for a file of responses that cannot be
    used, UsageError where nobody was on the list, and StorageFull; then a former report stands as it was.
    """
    plan = read_plan(settings.paths, campaign_id)
    plan.enforce_erased_by(ledger.keys)
    with folder_written_whole(settings.paths.lift_dir(campaign_id)) as draft:
        found = follow(plan, ledger, now, responses, showings_into=draft)
        report = lift_report(plan, found, now, settings.seed, _roll_rates(settings, plan, now))
        (draft / REPORT_FILE).write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
        (draft / PAGE_FILE).write_text(page(report), encoding="utf-8")
    return report


def _roll_rates(settings: Settings, plan: Plan, now: datetime) -> RollRates | None:
    try:
        bank = open_bank(settings.paths)
    except BankMissing:
        return None
    return roll_rates_of(plan, bank, now)
