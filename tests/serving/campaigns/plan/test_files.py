"""A plan is read back as it was written, or said to be damaged."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.core.errors import PlanDamaged, UnknownCampaign
from linewise.core.home import Home
from serving.campaigns.plan.files import (
    LIST_SCHEMA,
    brief_path,
    canonical,
    list_path,
    plan_path,
    plan_sha256,
    planned_campaigns,
    read_plan,
)
from tests.serving.campaigns.briefs import BRIEF

ID = "SPRING_CARDS"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    plan_path(home, ID).parent.mkdir(parents=True)
    brief_path(home, ID).write_text(BRIEF, encoding="utf-8")
    pq.write_table(LIST_SCHEMA.empty_table(), list_path(home, ID))
    told = {
        "campaign_id": ID,
        "brief_sha256": hashlib.sha256(BRIEF.encode()).hexdigest(),
        "list_sha256": hashlib.sha256(list_path(home, ID).read_bytes()).hexdigest(),
    }
    plan_path(home, ID).write_bytes(canonical(told | {"plan_sha256": plan_sha256(told)}))
    return home


def test_a_plan_is_read_back_with_its_campaign_and_list(home: Home) -> None:
    plan = read_plan(home, ID)
    assert planned_campaigns(home) == [ID]
    assert plan.brief.campaign_id == ID
    assert plan.plan_sha256 == plan.told["plan_sha256"]
    assert sum(batch.num_rows for batch in plan.batches()) == 0


@pytest.mark.parametrize("name", ["OTHER", "..", "", "SPRING_CARDS/../SPRING_CARDS"])
def test_a_campaign_that_nobody_planned_is_unknown(home: Home, name: str) -> None:
    with pytest.raises(UnknownCampaign):
        read_plan(home, name)


def test_a_changed_file_of_a_plan_is_found_out(home: Home) -> None:
    brief_path(home, ID).write_text(BRIEF.replace("5000", "9000"), encoding="utf-8")
    with pytest.raises(PlanDamaged, match=r"campaign\.yaml was changed"):
        read_plan(home, ID)


def test_a_changed_list_is_found_out_when_it_is_asked_for(home: Home) -> None:
    pq.write_table(pa.table({"customer_id": ["1"]}), list_path(home, ID))
    with pytest.raises(PlanDamaged, match=r"list\.parquet was changed"):
        read_plan(home, ID)
    read_plan(home, ID, verify=False)


def test_a_figure_changed_by_hand_is_found_out(home: Home) -> None:
    told = json.loads(plan_path(home, ID).read_bytes())
    plan_path(home, ID).write_bytes(canonical(told | {"seed": 3}))
    with pytest.raises(PlanDamaged, match="hashed"):
        read_plan(home, ID)


def test_a_list_that_is_gone_is_said_so(home: Home) -> None:
    list_path(home, ID).unlink()
    with pytest.raises(PlanDamaged, match=r"list\.parquet is gone"):
        read_plan(home, ID)
