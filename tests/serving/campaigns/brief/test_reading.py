"""A campaign's file is read strictly: whatever is wrong in it is told with its line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from linewise.core.errors import BriefInvalid
from serving.campaigns.brief.reading import read_brief
from tests.serving.campaigns.briefs import BRIEF, brief_file


def test_a_campaign_is_read_from_its_file(tmp_path: Path) -> None:
    brief = read_brief(brief_file(tmp_path))
    assert brief.offer_ids == ("CARD_GOLD", "CARD_TRAVEL")
    assert brief.budget.amount == Decimal(5000)
    assert [one.most_a_day for one in brief.channels] == [100, 60]
    assert brief.window.day_count == 7
    assert brief.segment_names == ("young", "rest")
    assert brief.main_objective.metric == "incremental_value"


def test_what_an_agent_is_given_needs_no_template(tmp_path: Path) -> None:
    brief = read_brief(brief_file(tmp_path))
    gold = brief.template("CARD_GOLD", "sms")
    assert gold is not None and (gold.code, gold.signature) == ("SMS_2201", "某某银行")
    assert brief.template("CARD_GOLD", "voice") is None


def test_an_offer_ends_with_the_window_unless_it_says_otherwise(tmp_path: Path) -> None:
    brief = read_brief(brief_file(tmp_path, ("    benefit: 50", "    benefit: 50\n    valid_until: 2026-12-31")))
    assert brief.expires_on("CARD_GOLD") == date(2026, 12, 31)
    assert brief.expires_on("CARD_TRAVEL") == date(2026, 12, 7)


def test_what_is_clawed_back_costs_the_bank_nothing(tmp_path: Path) -> None:
    brief = read_brief(brief_file(tmp_path))
    assert brief.offer("CARD_GOLD").net_benefit_ratio == pytest.approx(0.9)
    assert brief.offer("CARD_TRAVEL").net_benefit_ratio == 1.0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("budget: {amount: 5000}", "budget: {amount: 0}", 21, "a budget of 0 buys nothing"),
        ("budget: {amount: 5000}", "budget: {amount: -3}", 21, "a budget of -3 buys nothing"),
        ("budget: {amount: 5000}", "budget: {amount: .nan}", 21, "finite"),
        ("budget: {amount: 5000}", "budget: {amount: 5000, funding: [{source: cards, share_ratio: 0.5}]}", 21, "to 1"),
        ("owner: mei", "ownr: mei", 3, "this key is unknown"),
        ("campaign_id: SPRING_CARDS", "campaign_id: ../other", 1, "pattern"),
        ("first_day: 2026-12-01", "first_day: 2026-12-31", 17, "before it begins"),
        ("last_day: 2026-12-07", "last_day: 2027-12-07", 17, "at most 92"),
        ("weight: 0.2", "weight: 0.3", 4, "do not add up to 1"),
        ("metric: cards_issued", "metric: incremental_value", 4, "stands there twice"),
        ("metric: cards_issued", "metric: fun", 6, "incremental_value"),
        ("channel: voice", "channel: fax", 9, "'sms', 'voice' or 'app'"),
        ("a_day: 100", "a_day: 0", 8, "greater than or equal to 1"),
        ("a_day: 100, cost", "a_day: 100, agents: 2, cost", 8, "either a_day"),
        ("agents: 2, calls_an_hour", "calls_an_hour", 9, "what a day holds is missing"),
        ("    templates: {sms: {code: SMS_2202, signature: 某某银行}}", "    most_count: 3", 10, "no template for sms"),
        ("offer_id: CARD_TRAVEL", "offer_id: CARD_GOLD", 10, "stands there twice"),
        ("code: SMS_2202", "code: SMS_2201", 10, "'SMS_2201' is that of two offers, 'CARD_GOLD' and 'CARD_TRAVEL'"),
        ("control_ratio: 0.1", "control_ratio: 0.9", 22, "less than or equal to 0.5"),
        ("approvers: [bo, lin]", "approvers: [mei]", 23, "nobody but the owner"),
        ("segment: young", "segment: rest", 19, "stands there twice"),
        ("title: Cards in spring", "title: Cards in spring\ntitle: Again", 3, "occurs twice"),
        ("audience: age_years >= 18", "audience: [", 20, ""),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(BriefInvalid) as found:
        read_brief(brief_file(tmp_path, (old, new)))
    assert f"line {line}" in str(found.value)
    assert said in str(found.value)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "campaign.yaml"
    path.write_bytes(BRIEF.encode(encoding))
    with pytest.raises(BriefInvalid, match=r"line \d+: the byte 0x\w\w is no UTF-8"):
        read_brief(path)


def test_a_file_with_the_mark_that_excel_puts_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "campaign.yaml"
    path.write_bytes(BRIEF.encode("utf-8-sig"))
    assert read_brief(path).campaign_id == "SPRING_CARDS"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BriefInvalid, match="cannot be read"):
        read_brief(tmp_path / "nowhere.yaml")
