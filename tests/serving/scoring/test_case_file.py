"""A case file tells what the customer was shown and answered, and nothing that may not be told."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from linewise.core.errors import NotFound, UnknownDecision
from linewise.core.home import Home
from linewise.core.settings import Language, load_settings
from linewise.ledger.record import read_decision, write_decisions
from serving.scoring.call import Call
from serving.scoring.case_file import case_of_customer, case_of_decision, write_case
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SECRET = "The customer stands on the list of suspected frauds"
NEUTRAL = "Not available at present"
HIDDEN = {
    "stage": "eligibility",
    "rule_id": "BANK-FRAUD-LIST",
    "effect": "BLOCK",
    "because": SECRET,
    "tell": "risk_only",
    "neutral": NEUTRAL,
    "value": 0.987654,
    "threshold": 0.912345,
}


@pytest.fixture(scope="module")
def desk(served_home: Home) -> Recommender:
    return open_recommender(load_settings(home=served_home.root))


def decided_with_an_offer(desk: Recommender) -> dict[str, Any]:
    for customer_id in desk.customer_ids()[700:]:
        answer = desk.decide_one(customer_id, "voice", "en", call=Call(agent_id="agent-7"))
        if answer["offers"]:
            return answer
    raise AssertionError("nobody in this bank is offered anything")


def test_the_case_says_what_was_shown_said_disclosed_and_refused_by_whom_and_when(desk: Recommender):
    answer = decided_with_an_offer(desk)
    offer = answer["offers"][0]
    for outcome, reason_code in (("pitched", ""), ("disclosure_read", ""), ("declined", "price")):
        desk.record_outcome(
            answer["decision_id"], offer["offer_id"], outcome, reason_code, agent_id="agent-7", call_id="call-9"
        )
    case = case_of_customer(desk._ledger, answer["customer_id"], NOW)
    (told,) = [one for one in case["decisions"] if one["decision_id"] == answer["decision_id"]]
    assert (told["by"], told["offers"][0]["title"]) == ("agent-7", offer["title"])
    assert told["offers"][0]["disclosure"]["text"] == offer["disclosure"]["text"]
    for step in ("said", "disclosed", "refused"):
        assert [(one["offer_id"], one["agent_id"]) for one in told[step]] == [(offer["offer_id"], "agent-7")]
    assert told["consented"] == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_may_not_be_told_stands_in_neither_file(desk: Recommender, tmp_path: Path, language: Language):
    real = read_decision(desk._ledger, decided_with_an_offer(desk)["decision_id"])
    limit = real.answer["limit"] | {"why_not": [HIDDEN], "binding": "BANK-FRAUD-LIST", "binding_text": SECRET}
    answer = real.answer | {
        "limit": limit,
        "not_offered": [{"offer_id": "X", "title": "<b>Gold</b>"} | HIDDEN],
        "plans_none_because": SECRET,
    }
    decision_id = f"hidden-{language}"
    write_decisions(
        desk._ledger, [replace(real, decision_id=decision_id, answer=answer | {"decision_id": decision_id})]
    )
    case = case_of_decision(desk._ledger, decision_id, NOW)
    data, page = write_case(case, tmp_path / "case", language)
    for path in (data, page):
        content = path.read_text(encoding="utf-8")
        assert NEUTRAL in content
        for secret in (SECRET, "BANK-FRAUD-LIST", "0.987654", "0.912345", "propensity", "pscore", "pd_12m", "priority"):
            assert secret not in content
    assert "&lt;b&gt;Gold" in page.read_text(encoding="utf-8")
    assert json.loads(data.read_text(encoding="utf-8")) == case


def test_a_case_of_nobody_is_not_found(desk: Recommender):
    with pytest.raises(NotFound, match="'nobody'"):
        case_of_customer(desk._ledger, "nobody", NOW)
    with pytest.raises(UnknownDecision):
        case_of_decision(desk._ledger, "nothing", NOW)
