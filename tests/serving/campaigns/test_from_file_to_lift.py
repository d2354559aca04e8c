"""From a campaign's file to its lift report on a simulated bank: the measured lift's interval holds the truth.

The bank and the list are fixed; who is control and who responds is drawn anew fifty times.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.core.home import Home
from linewise.core.settings import Settings
from linewise.decisioning.cells import is_drawn_control
from linewise.ledger.store import Ledger, open_ledger
from linewise.simulation.truth import Truth
from linewise.simulation.world import world_of
from serving.campaigns.plan.files import CONTROL, LIST_SCHEMA, TREATED, Plan, read_plan
from serving.campaigns.planning.together import plan_campaigns
from serving.campaigns.reporting.following import follow
from serving.campaigns.reporting.lift_report import LiftReport, lift_report
from tests.serving.campaigns.briefs import brief_file
from tests.serving.campaigns.plans import ID, plan_in
from tests.serving.campaigns.reporting.test_lift_report import NOW

ROUNDS, LEAST_HELD = 50, 44
CONTROL_RATIO = 0.3
BY_THEMSELVES = 0.01
"""The share that orders without a contact, in both arms alike."""

CHANNELS = {"sms": "sms", "voice": "telephone", "app": "push"}
"""What a campaign's channel is called in the simulated bank."""

OWN_ID = "LIFT_CARDS"
"""Of its own, for other tests plan theirs in the same home."""

LARGE = (
    (f"campaign_id: {ID}", f"campaign_id: {OWN_ID}"),
    ("audience: age_years >= 18", "audience: age_years >= 0"),
    ("control_ratio: 0.1", f"control_ratio: {CONTROL_RATIO}"),
    ("a_day: 100,", "a_day: 1000,"),
    ("budget: {amount: 5000}", "budget: {amount: 500000}"),
)


@dataclass(frozen=True)
class Known:
    """The plan of the bank's own planner, its list, and what is true of each customer once contacted."""

    plan: Plan
    rows: pa.Table
    if_contacted: np.ndarray

    @property
    def lift(self) -> float:
        return float(self.if_contacted.mean()) - BY_THEMSELVES


@pytest.fixture(scope="module")
def known(planning: Settings, tmp_path_factory: pytest.TempPathFactory) -> Known:
    plan_campaigns(planning, [brief_file(tmp_path_factory.mktemp("file"), *LARGE)], "mei")
    plan = read_plan(planning.paths, OWN_ID)
    rows = pq.read_table(plan.list_path)
    truth = Truth(world_of(customer_count=2_000, month_count=36, seed=3))
    number = np.array([int(one[1:]) for one in rows["customer_id"].to_pylist()])
    offer, channel = (np.array(rows[name].to_pylist()) for name in ("offer_id", "channel"))
    chance = np.zeros(len(rows))
    for one in sorted(set(offer.tolist())):
        for way in sorted(set(channel.tolist())):
            at = np.flatnonzero((offer == one) & (channel == way))
            if len(at):
                chance[at] = truth.acceptance(number[at], truth.next_month, one, CHANNELS[way])
    return Known(plan, rows, 1 - (1 - chance) * (1 - BY_THEMSELVES))


@pytest.fixture(scope="module")
def reports(known: Known, tmp_path_factory: pytest.TempPathFactory) -> list[LiftReport]:
    ledger = open_ledger(Home(tmp_path_factory.mktemp("record")))
    found = [_drawn_anew(known, ledger, tmp_path_factory.mktemp("home"), number) for number in range(ROUNDS)]
    ledger.close()
    return found


def _drawn_anew(known: Known, ledger: Ledger, folder: Path, number: int) -> LiftReport:
    ids = np.array(known.rows["customer_id"].to_pylist())
    is_control = is_drawn_control(ids, 7, f"round {number}", CONTROL_RATIO)
    arms = pa.array(np.where(is_control, CONTROL, TREATED))
    rows = known.rows.set_column(LIST_SCHEMA.get_field_index("arm"), LIST_SCHEMA.field("arm"), arms)
    draw = np.random.default_rng(1_000 + number).random(len(ids))
    responded = draw < np.where(is_control, BY_THEMSELVES, known.if_contacted)
    days = np.array(known.rows["send_on"].to_pylist())
    answers = folder / "responses.csv"
    lines = [f"{one},{day}\n" for one, day in zip(ids[responded], days[responded], strict=True)]
    answers.write_text("customer_id,responded_at\n" + "".join(lines), encoding="utf-8")
    brief = known.plan.list_path.with_name("campaign.yaml").read_text(encoding="utf-8").replace(OWN_ID, ID)
    plan = plan_in(folder, rows, brief=brief, currency=known.plan.told["currency"])
    return lift_report(plan, follow(plan, ledger, NOW, answers), NOW, seed=number)


def test_on_a_simulated_bank_the_interval_of_the_lift_holds_the_truth_in_44_to_50_of_50(
    known: Known, reports: list[LiftReport]
):
    intervals = [one.lift.absolute for one in reports if one.lift is not None]
    assert len(intervals) == ROUNDS
    assert known.lift > 0
    assert sum(one.low <= known.lift <= one.high for one in intervals) >= LEAST_HELD


def test_the_plan_has_its_page_with_every_part(known: Known):
    told = known.plan.list_path.with_name("report.html").read_text(encoding="utf-8")
    parts = ("From the audience to the list", "Cumulative gain", "Expected profit by depth", "Contacts a day",
             "Whose money it is", "Calibration of the champion", "Who is on the list", "Some of the list")  # fmt: skip
    for word in (*parts, known.plan.plan_sha256):
        assert word in told, word
