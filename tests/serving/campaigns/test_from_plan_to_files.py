"""A campaign that was planned on a bank and signed leaves as files that hold exactly its list."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from linewise.core.errors import ApprovalMissing, Conflict
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.campaigns import campaigns_seen, stop_campaign
from linewise.ledger.contacts import contacts_of
from serving.campaigns.approving.approval import approve, propose
from serving.campaigns.approving.standing import Standing
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.export import Exported
from serving.campaigns.exporting.manifest import problems_of
from serving.campaigns.exporting.signed import export_signed
from serving.campaigns.plan.files import Plan, read_plan
from serving.campaigns.planning.together import plan_campaigns
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from tests.linewise.ledger.campaigns import a_marketing_cast
from tests.serving.campaigns.briefs import brief_file
from tests.serving.homes import home_of_its_own

BY_MEI = ExportOptions(by="mei")


@pytest.fixture(scope="module")
def desk(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("leaving") / "home"))
    return open_recommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="module")
def plan(desk: Recommender, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A campaign planned on the bank, proposed, and signed by another person once it was seen not to go out before."""
    folder, now = tmp_path_factory.mktemp("campaign"), desk.clock.now()
    (made,) = plan_campaigns(desk.settings, [brief_file(folder)], "mei")
    plan, keys = read_plan(desk.settings.paths, made.brief.campaign_id), a_marketing_cast(desk.ledger, folder)
    standing = Standing.of(desk)
    propose(desk.ledger, plan, standing, keys["mei"], "the plan of spring", now)
    with pytest.raises(ApprovalMissing):
        export_signed(desk, plan, BY_MEI)
    approve(desk.ledger, plan, standing, keys["lin"], "words and disclosures read", now)
    return plan


@pytest.fixture(scope="module")
def made(desk: Recommender, plan: Plan) -> Exported:
    return export_signed(desk, plan, BY_MEI)


def rows_of(made: Exported, *kinds: str) -> list[dict[str, object]]:
    paths = [one["path"] for one in made.manifest["files"] if one["kind"] in kinds and one["path"].endswith("parquet")]
    return [row for path in paths for row in pq.read_table(made.folder / path).to_pylist()]


def test_everybody_of_the_list_is_in_one_file(plan: Plan, made: Exported) -> None:
    listed = pa.Table.from_batches(plan.batches())
    treated, control = (listed.filter(pc.equal(listed["arm"], arm)) for arm in ("treated", "control"))
    sent = rows_of(made, "gateway", "calls")
    assert made.manifest["export"]["withheld"] == {}
    assert sorted(str(one["contact_ref"]) for one in sent) == sorted(treated["contact_ref"].to_pylist())
    controls = sorted(str(one["customer_id"]) for one in rows_of(made, "control"))
    assert controls == sorted(control["customer_id"].to_pylist())
    assert len(sent) > 50
    assert problems_of(made.folder) == []


def test_windows_are_those_of_the_plan_where_nobody_has_moved(plan: Plan, made: Exported) -> None:
    planned = {row["contact_ref"]: row for batch in plan.batches() for row in batch.to_pylist()}
    for one in rows_of(made, "gateway", "calls"):
        row = planned[one["contact_ref"]]
        names = ("send_on", "send_not_before", "send_not_after", "time_zone", "offer_id", "expires_on", "consent_ref")
        assert [one[name] for name in names] == [row[name] for name in names]
    assert made.manifest["export"]["windows_moved"] == 0


def test_every_message_has_the_catalogues_words_and_says_how_to_refuse(desk: Recommender, made: Exported) -> None:
    texts = {one["text"] for one in made.manifest["files"] if one["kind"] == "gateway"}
    assert texts
    assert all(one.endswith(("拒收请回复R", "Reply STOP to refuse.")) for one in texts)


def test_the_manifest_names_the_waterfall_and_who_signed(plan: Plan, made: Exported) -> None:
    assert made.manifest["waterfall"] == plan.told["waterfall"]
    assert [(one["name"], one["role"]) for one in made.manifest["approvers"]] == [("lin", "privacy_officer")]
    assert made.manifest["versions"] == plan.told["versions"]


def test_every_contact_counts_and_the_campaign_stands_as_exported(desk: Recommender, made: Exported) -> None:
    called = [str(one["customer_id"]) for one in rows_of(made, "calls")]
    found = contacts_of(desk.ledger, called, desk.clock.now())
    assert sorted(one.customer_id for one in found if one.kind == "impression") == sorted(called)
    assert (
        contacts_of(desk.ledger, [str(one["customer_id"]) for one in rows_of(made, "control")], desk.clock.now()) == []
    )
    assert [one.state for one in campaigns_seen(desk.ledger)] == ["exported"]


def test_a_stopped_campaign_is_exported_no_more(desk: Recommender, plan: Plan, made: Exported) -> None:
    stop_campaign(desk.ledger, plan.campaign_id, "a wrong price", "sue", desk.clock.now())
    with pytest.raises(Conflict, match="stopped"):
        export_signed(desk, plan, ExportOptions(by="mei", supersede=True))
