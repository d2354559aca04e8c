"""`linewise campaign report` as marketing runs it, and as a machine reads it."""

import json
from pathlib import Path

import pytest

from linewise.core.home import CAMPAIGN_OUTCOMES, CAMPAIGN_SHOWINGS, Home
from tests.cli.test_cli import run
from tests.linewise.bank.builders import small_tables, write_small
from tests.serving.campaigns.plans import ID, list_of, plan_in

AT = ("--now", "2027-03-01")


@pytest.fixture
def campaign_home(home: Home) -> Home:
    write_small(home, small_tables())
    plan_in(home.root, list_of(600))
    return home


@pytest.fixture
def responses(campaign_home: Home, tmp_path: Path) -> Path:
    """Every fifth customer orders; two rows are of nobody on the list, one comes twice."""
    path = tmp_path / "responses.csv"
    rows = [f"C{one:06d},2026-12-06" for one in [*range(0, 600, 5), 900_001, 900_002, 0]]
    path.write_text("customer_id,responded_at\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_report_is_told_written_and_read_by_a_machine(campaign_home: Home, responses: Path):
    done = run("campaign", "report", ID, "--responses", str(responses), "--json", *AT, home=campaign_home)
    told, folder = json.loads(done.stdout), campaign_home.lift_dir(ID)
    assert told["read"]["used_count"] == 120
    assert {one["reason"]: one["row_count"] for one in told["read"]["left_out"]} == {
        "unknown_customer": 2, "repeated": 1
    }  # fmt: skip
    assert told["lift"]["treated_responses"] + told["lift"]["control_responses"] == 120
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["lift"] == told["lift"]
    assert sorted(path.name for path in folder.iterdir()) == [
        CAMPAIGN_OUTCOMES, "report.html", "report.json", CAMPAIGN_SHOWINGS
    ]  # fmt: skip
    words = run("campaign", "report", ID, "--responses", str(responses), *AT, home=campaign_home).stderr
    assert "123 rows of responses, of which 120 count" in words
    assert "incremental profit" in words


def test_arms_that_are_not_as_drawn_are_warned_of_in_words(campaign_home: Home):
    plan_in(campaign_home.root, list_of(3_000, control_ratio=0.3))
    done = run("campaign", "report", ID, *AT, home=campaign_home)
    assert "WARNING: The arms are not as they were drawn" in done.stderr


def test_a_file_that_cannot_be_used_leaves_the_former_report(campaign_home: Home, responses: Path, tmp_path: Path):
    run("campaign", "report", ID, "--responses", str(responses), *AT, home=campaign_home)
    former = (campaign_home.lift_dir(ID) / "report.json").read_bytes()
    bad = tmp_path / "bad.csv"
    bad.write_bytes("customer_id,responded_at\n张三,2026-12-03\n".encode("gbk"))
    done = run("campaign", "report", ID, "--responses", str(bad), *AT, home=campaign_home)
    assert done.exit_code == 4
    assert "line 2: the byte" in done.stderr and "UTF-8" in done.stderr
    assert (campaign_home.lift_dir(ID) / "report.json").read_bytes() == former


def test_a_campaign_that_nobody_planned_is_told(campaign_home: Home):
    done = run("campaign", "report", "NEVER_PLANNED", *AT, home=campaign_home)
    assert done.exit_code == 1
    assert "There is no campaign 'NEVER_PLANNED'" in done.stderr
