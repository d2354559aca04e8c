"""A plan is proposed and approved as it stands: whatever changes afterwards is named, and nobody's approval is left."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete

from linewise.core.errors import ApprovalMissing, ApprovalVoid, Conflict, NotReady, PlanDamaged
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.ledger.campaign_tables import campaigns
from linewise.ledger.campaigns import campaigns_seen, stop_campaign
from linewise.ledger.release_tables import signed_acts
from linewise.ledger.signing import PersonKey
from linewise.policy.standard_folder import policy_folder
from serving.campaigns.approving.approval import (
    approve,
    enforce_campaign_approved,
    held_until,
    propose,
    terms_of,
    void_because,
)
from serving.campaigns.approving.standing import VOIDING, Standing
from serving.campaigns.approving.wording import wording_of, wording_sha256
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.forgetting.erasing import erase_everywhere
from serving.campaigns.plan.erased import Erasures
from serving.campaigns.plan.files import CONTROL, TREATED, Plan, brief_path, list_path, read_plan
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from tests.builders import a_policy
from tests.linewise.ledger.campaigns import a_marketing_cast
from tests.serving.campaigns.briefs import BRIEF, brief_file
from tests.serving.campaigns.drawn_plans import DRAW, drawn_list, planned
from tests.serving.campaigns.plans import ID, list_of
from tests.serving.homes import home_of_its_own

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
POLICY = a_policy()


@pytest.fixture(scope="module")
def desk(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("approving") / "home"))
    return open_recommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="module")
def settings(desk: Recommender) -> Settings:
    return desk.settings


@pytest.fixture(scope="module")
def keys(desk: Recommender, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PersonKey]:
    return a_marketing_cast(desk.ledger, tmp_path_factory.mktemp("keys"))


@pytest.fixture(autouse=True)
def nothing_signed(desk: Recommender) -> Iterator[None]:
    """Each test begins with campaigns that nobody has signed."""
    yield
    with desk.ledger.writing() as connection:
        connection.execute(delete(signed_acts).where(signed_acts.c.subject.startswith("campaign ")))
        connection.execute(delete(campaigns))


@pytest.fixture(scope="module")
def standing(settings: Settings) -> Standing:
    return Standing.now(settings)


def approved(desk: Recommender, standing: Standing, keys: Mapping[str, PersonKey], plan: Plan) -> None:
    propose(desk.ledger, plan, standing, keys["mei"], "planned it", NOW)
    approve(desk.ledger, plan, standing, keys["lin"], "words read", NOW)


def test_what_a_plan_stands_on_is_the_same_whether_the_home_is_open_or_not(desk: Recommender, standing: Standing):
    opened = Standing.of(desk)
    assert opened.versions == standing.versions
    assert (opened.time_zone, opened.needed) == (standing.time_zone, standing.needed)


def test_a_campaign_lives_once_another_person_has_read_it_and_says_who_that_was(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    plan = planned(desk.settings, standing)
    with pytest.raises(ApprovalMissing, match="signed for having made the campaign"):
        enforce_campaign_approved(desk, plan)
    terms, _ = propose(desk.ledger, plan, standing, keys["mei"], "planned it", NOW)
    with pytest.raises(ApprovalMissing, match="0 of 1 people"):
        enforce_campaign_approved(desk, plan)
    signed = approve(desk.ledger, plan, standing, keys["lin"], "words read", NOW)
    assert (signed[0], signed[2]) == (terms, "")
    (who,) = enforce_campaign_approved(desk, plan)
    assert (who["name"], who["role"], who["meaning"]) == ("lin", "privacy_officer", "words read")


def test_what_is_signed_holds_plan_words_window_and_draw(settings: Settings, standing: Standing):
    plan = planned(settings, standing)
    terms = terms_of(plan, standing)
    assert terms.plan_sha256 == plan.plan_sha256
    assert terms.words_sha256 == wording_sha256(wording_of(plan.brief, standing.policy.catalogue))
    assert (terms.seed, terms.salt, terms.control_share_ratio) == tuple(DRAW.values())
    assert terms.treated_count + terms.control_count == 400
    assert (terms.made_by, terms.approvers) == ("mei", ("bo", "lin"))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", datetime(2027, 1, 7, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2027, 1, 6, 16, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 1, 7, 5, tzinfo=UTC)),
    ],
)
def test_a_control_is_held_to_the_end_of_the_last_day_on_which_a_response_counts(
    tmp_path: Path, zone: str, expected: datetime
):
    # The window ends on 7 December; thirty days after a contact still count.
    brief = read_brief(brief_file(tmp_path))
    assert brief.window.last_day + timedelta(days=brief.response_days) == date(2027, 1, 6)
    assert held_until(brief, zone) == expected


# ---- what voids it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(VOIDING))
def test_what_decides_must_be_what_it_was_planned_with(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey], name: str
):
    plan = planned(desk.settings, standing)
    approved(desk, standing, keys, plan)
    other = replace(standing, versions={**standing.versions, name: "another"})
    with pytest.raises(ApprovalVoid, match=f"these have changed: {VOIDING[name]}\\.") as caught:
        approve(desk.ledger, plan, other, keys["bo"], "words read", NOW)
    assert caught.value.exit_code == 6
    elsewhere = planned(desk.settings, other)
    with pytest.raises(ApprovalVoid, match=VOIDING[name]):
        enforce_campaign_approved(desk, elsewhere)
    with pytest.raises(ApprovalVoid, match=VOIDING[name]):
        propose(desk.ledger, elsewhere, standing, keys["mei"], "planned it", NOW)


def test_another_policy_voids_an_approval_by_name(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey], tmp_path: Path
):
    plan = planned(desk.settings, standing)
    approved(desk, standing, keys, plan)
    folder = Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))
    text = (folder / "catalogue.yaml").read_text(encoding="utf-8")
    (folder / "catalogue.yaml").write_text(text + "\n# Another word somewhere.\n", encoding="utf-8")
    changed = Standing.now(desk.settings.model_copy(update={"policy": folder}))
    with pytest.raises(ApprovalVoid, match=r"the release, the policy, the catalogue|the release, the catalogue"):
        approve(desk.ledger, plan, changed, keys["bo"], "words read", NOW)


def test_newer_tables_of_the_bank_void_nothing_for_everybody_is_looked_at_again(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    plan = planned(desk.settings, standing)
    assert plan.told["versions"]["bank_data_hash"] != desk.bank.manifest.data_hash
    approved(desk, standing, keys, plan)
    assert enforce_campaign_approved(desk, plan)


def test_a_list_or_a_file_that_somebody_changed_is_found_out_when_it_is_read(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    approved(desk, standing, keys, planned(desk.settings, standing))
    pq.write_table(drawn_list(401), list_path(desk.settings.paths, ID))
    with pytest.raises(PlanDamaged, match=r"list\.parquet was changed"):
        read_plan(desk.settings.paths, ID)


@pytest.mark.parametrize(
    "change",
    [{"listed": drawn_list(401)}, {"brief": BRIEF.replace("amount: 5000", "amount: 6000")}, {"planned_by": "bo"}],
    ids=["list", "file", "maker"],
)
def test_a_plan_made_anew_is_another_one_and_waits_for_its_own_signatures(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey], change: dict[str, Any]
):
    approved(desk, standing, keys, planned(desk.settings, standing))
    anew = planned(desk.settings, standing, **change)
    with pytest.raises(Conflict, match="another plan or other terms"):
        enforce_campaign_approved(desk, anew)
    with pytest.raises(Conflict, match="another plan or other terms"):
        approve(desk.ledger, anew, standing, keys["lin"], "words read", NOW)
    propose(desk.ledger, anew, standing, keys["mei"], "planned it", NOW)
    with pytest.raises(ApprovalMissing, match="0 of 1 people"):
        enforce_campaign_approved(desk, anew)


def test_what_has_voided_a_campaign_is_said_before_anybody_exports_it(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    home = desk.settings.paths

    def said(standing: Standing = standing) -> list[str]:
        (one,) = campaigns_seen(desk.ledger)
        return void_because(home, one, standing)

    approved(desk, standing, keys, planned(desk.settings, standing))
    assert said() == []
    others = {**standing.versions, "release_id": "another", "generation": "another"}
    assert said(replace(standing, versions=others)) == ["the release changed", "the features changed"]
    planned(desk.settings, standing, planned_by="bo")
    assert said() == ["it was planned anew"]
    brief_path(home, ID).write_text("title: spoilt", encoding="utf-8")
    assert "SPRING_CARDS" in said()[0]
    stop_campaign(desk.ledger, ID, "a wrong price", "sue", NOW)
    assert said() == []


@pytest.mark.parametrize("salt", ["another", ID])
def test_a_list_whose_control_was_not_drawn_is_proposed_by_nobody(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey], salt: str
):
    chosen = list_of(400) if salt == ID else drawn_list()
    plan = planned(desk.settings, standing, chosen, control={"salt": salt, "share_ratio": 0.1})
    with pytest.raises(PlanDamaged, match="is not in the arm that the draw gives"):
        propose(desk.ledger, plan, standing, keys["mei"], "planned it", NOW)


def test_a_list_from_which_somebody_was_erased_is_still_the_one_that_was_drawn(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    plan = planned(desk.settings, standing)
    for customer_id in pq.read_table(plan.list_path)["customer_id"].to_pylist()[:20]:
        erase_everywhere(desk.settings.paths, desk.ledger, customer_id, "request 114", "pia", NOW)
    again = read_plan(desk.settings.paths, ID)
    assert again.plan_sha256 == plan.plan_sha256
    approved(desk, standing, keys, again)
    assert [one["name"] for one in enforce_campaign_approved(desk, again)] == ["lin"]


def test_an_erasure_that_the_record_does_not_sign_is_proposed_by_nobody(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    plan = planned(desk.settings, standing)
    forged = replace(plan, erasures=Erasures(plan.plan_sha256, plan.told["list_sha256"], ("C000001",)))
    with pytest.raises(PlanDamaged, match="not signed by this record"):
        propose(desk.ledger, forged, standing, keys["mei"], "planned it", NOW)


def test_a_list_with_other_arms_than_its_plan_says_is_proposed_by_nobody(
    desk: Recommender, standing: Standing, keys: dict[str, PersonKey]
):
    plan = planned(desk.settings, standing, arms={TREATED: 400, CONTROL: 0})
    with pytest.raises(PlanDamaged, match=r"other arms than plan\.json"):
        propose(desk.ledger, plan, standing, keys["mei"], "planned it", NOW)


def test_without_a_rule_that_holds_the_control_nothing_is_proposed(
    desk: Recommender, keys: dict[str, PersonKey], tmp_path: Path
):
    folder = Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))
    (folder / "rules" / "bank_campaigns.yaml").unlink()
    without = Standing.now(desk.settings.model_copy(update={"policy": folder}))
    with pytest.raises(NotReady, match="BANK-CAMPAIGN-CONTROL"):
        propose(desk.ledger, planned(desk.settings, without), without, keys["mei"], "planned it", NOW)


def test_a_stopped_campaign_is_exported_no_more(desk: Recommender, standing: Standing, keys: dict[str, PersonKey]):
    plan = planned(desk.settings, standing)
    approved(desk, standing, keys, plan)
    stop_campaign(desk.ledger, ID, "a wrong price", "sue", NOW)
    with pytest.raises(Conflict, match="stopped by sue: a wrong price"):
        enforce_campaign_approved(desk, plan)


# ---- words -------------------------------------------------------------------------------------------------


def test_whoever_approves_reads_every_text_with_its_disclosure_in_both_languages(tmp_path: Path):
    brief = read_brief(brief_file(tmp_path))
    words = wording_of(brief, POLICY.catalogue)
    assert len(words) == len(brief.offers) * len(brief.channels) * 2
    assert {(one.offer_id, one.channel, one.language) for one in words} == {
        (offer, channel.channel, language)
        for offer in brief.offer_ids for channel in brief.channels for language in ("zh-CN", "en")
    }  # fmt: skip
    gold = next(one for one in words if (one.offer_id, one.channel, one.language) == ("CARD_GOLD", "sms", "zh-CN"))
    offer = POLICY.catalogue.offer("CARD_GOLD")
    assert gold.disclosure == f"{offer.disclosure.disclosure_id}/{offer.disclosure.version}"
    assert gold.disclosure_text == offer.disclosure.text.zh_cn
    assert (gold.template_code, gold.signature) == ("SMS_2201", "某某银行")
    assert all(one.template_code == "" for one in words if one.channel == "voice")


@pytest.mark.parametrize(
    "field", ["title", "says", "terms", "disclosure", "disclosure_text", "template_code", "signature"]
)
def test_every_word_and_version_counts_in_what_is_signed(tmp_path: Path, field: str):
    words = wording_of(read_brief(brief_file(tmp_path)), POLICY.catalogue)
    changed = [replace(words[0], **{field: "another"}), *words[1:]]
    assert wording_sha256(changed) != wording_sha256(words)
