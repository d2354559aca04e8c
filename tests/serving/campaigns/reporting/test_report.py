"""What was exported is what the report counts as sent, and a report is written whole beside what models learn from."""

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from linewise.core.home import CAMPAIGN_OUTCOMES, CAMPAIGN_SHOWINGS, Home
from linewise.core.settings import load_settings
from linewise.ledger.store import Ledger
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.reporting.lift_report import LiftReport
from serving.campaigns.reporting.report import PAGE_FILE, REPORT_FILE, report_campaign
from tests.serving.campaigns.exports import ID, NOW, SIGNED_BY, a_desk, a_list, facts_about, write_plan

LATER = NOW + timedelta(days=60)
OPTED_OUT = "C000000"


@pytest.fixture
def report(home: Home, ledger: Ledger, tmp_path: Path) -> LiftReport:
    """A campaign of forty customers, of whom one opted out between its plan and its export, and two then order."""
    plan = write_plan(home, a_list(40))
    ids = [f"C{n:06}" for n in range(40)]
    refused = {"customer_id": OPTED_OUT, "channel": "voice", "is_opted_out": True, "contact_ref": f"tok-{OPTED_OUT}",
               "changed_at": NOW, "recorded_at": NOW}  # fmt: skip
    desk = a_desk(home, ledger, facts_about(ids, contact_points=[refused]))
    export_campaign(desk, plan, SIGNED_BY, ExportOptions(by="mei"))
    answers = tmp_path / "responses.csv"
    answers.write_text("customer_id,responded_at\nC000001,2026-12-03\nC000003,2026-12-04T08:00:00\n", encoding="utf-8")
    return report_campaign(load_settings(home=home.root), ledger, ID, LATER, answers)


def test_who_opted_out_before_the_export_costs_nothing_and_counts_in_the_arm_that_was_drawn(report: LiftReport):
    assert report.lift is not None and report.money is not None
    assert (report.lift.treated_count, report.lift.control_count) == (36, 4)
    assert (report.lift.treated_responses, report.lift.control_responses) == (1, 1)
    assert report.sent_count == 35
    assert report.money.cost_amt == 35 * 5


def test_beside_the_report_lies_what_models_learn_from(report: LiftReport, home: Home):
    folder = home.lift_dir(ID)
    assert LiftReport.model_validate_json((folder / REPORT_FILE).read_bytes()) == report
    assert report.plan_sha256 in (folder / PAGE_FILE).read_text(encoding="utf-8")
    showings = pq.read_table(folder / CAMPAIGN_SHOWINGS).to_pylist()
    assert [sum(one["is_shown"] is arm for one in showings) for arm in (True, False)] == [35, 4]
    assert {one["propensity"] for one in showings} == {0.9}
    assert OPTED_OUT not in {one["customer_id"] for one in showings}
    told = {one["customer_id"]: one for one in pq.read_table(folder / CAMPAIGN_OUTCOMES).to_pylist()}
    assert sorted(told) == ["C000001", "C000003"]
    shown_at = {one["customer_id"]: one["shown_at"] for one in showings}
    # A response told by its day alone lies after the contact that it may answer.
    assert all(told[one]["occurred_at"] > shown_at[one] for one in told)
