"""What stands against a campaign is told with the line of its file, before anybody is looked at."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewise.bank.tables import Bank
from linewise.core.errors import BriefInvalid
from linewise.core.home import Home
from linewise.policy.policy import Policy
from serving.campaigns.brief.lint import Judged, enforce_sound, lint
from serving.campaigns.brief.reading import read_brief
from tests.builders import a_policy
from tests.linewise.bank.builders import small_tables, write_small
from tests.serving.campaigns.briefs import brief_file

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return write_small(Home(tmp_path_factory.mktemp("bank")), small_tables(), data_until=NOW)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return a_policy()


def found_in(path: Path, bank: Bank, policy: Policy) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in lint(read_brief(path), path, Judged(bank, policy, (), NOW))]


def test_a_sound_campaign_is_let_through(tmp_path: Path, bank: Bank, policy: Policy) -> None:
    assert found_in(brief_file(tmp_path), bank, policy) == []


@pytest.mark.parametrize(
    ("change", "line", "problem"),
    [
        ((", signature: 某某银行}}\n    benefit", "}}\n    benefit"), 12, "'CARD_GOLD' by sms: it has no signature"),
        (
            ("SMS_2202, signature: 某某银行", "SMS_2202, signature: 【某某银行】"),
            16,
            "'CARD_TRAVEL' by sms: its signature",
        ),
        (("SMS_2202, signature: 某某银行", "SMS_2202, signature: 银行★"), 16, "symbols that gateways do not take: ★"),
    ],
)
def test_a_signature_that_no_gateway_takes_is_told_once_for_its_offer(
    tmp_path: Path, bank: Bank, policy: Policy, change: tuple[str, str], line: int, problem: str
) -> None:
    ((at, told),) = found_in(brief_file(tmp_path, change), bank, policy)
    assert (at, problem in told) == (line, True), told


def test_a_text_that_no_gateway_takes_is_told_with_its_language_or_both(
    tmp_path: Path, bank: Bank, policy: Policy
) -> None:
    benefit = {"zh-CN": "详见 http://m.bank.cn", "en": "See bit.ly/gold"}
    offers = tuple(
        replace(one, benefit=one.benefit.model_validate(benefit)) if one.offer_id == "CARD_GOLD" else one
        for one in policy.catalogue.offers
    )
    worded = replace(policy, catalogue=replace(policy.catalogue, offers=offers))
    told = found_in(brief_file(tmp_path), bank, worded)
    assert [line for line, _ in told] == [12, 12]
    assert "'bit.ly/gold' is of a public shortener" in told[0][1]
    assert "'http://m.bank.cn' is not sealed" in told[1][1]


def test_where_nothing_is_sent_by_message_nothing_is_asked_of_one(tmp_path: Path, bank: Bank, policy: Policy) -> None:
    changes = (("  - {channel: sms, a_day: 100, cost: 0.05}\n", ""), ("signature: 某某银行", "signature: ''"))
    assert found_in(brief_file(tmp_path, *changes), bank, policy) == []


def test_a_campaign_with_findings_is_refused_with_what_to_do(tmp_path: Path, bank: Bank, policy: Policy) -> None:
    path = brief_file(tmp_path, ("SMS_2201, signature: 某某银行", "SMS_2201, signature: ''"))
    with pytest.raises(BriefInvalid, match=r"line 12: .* no signature.*refusals are kept by it.*beside the template"):
        enforce_sound(read_brief(path), path, Judged(bank, policy, (), NOW))
