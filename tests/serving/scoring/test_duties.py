"""Which duties a decision creates: of what is shown, of what a person must look at, and of nothing else."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from linewise.decisioning.rule import Rule, RuleDuty
from linewise.decisioning.types import Decisions
from linewise.ledger.asked import Asked
from serving.scoring.duties import COUNTER_OFFER_RULE, due_of, duties_of
from serving.scoring.duties_view import duties_view
from tests.builders import NOW, decided

SHOWN, WITHHELD = 0, 1


def a_rule(effect: str, rule_id: str = "R-1", audience: str = "customer", tell: str = "customer", **due: int) -> Rule:
    duty = RuleDuty(
        what={"zh-CN": "做这件事。", "en": "Do this."},
        audience=audience,
        due_days=due.get("due_days", None if due else 30),
        due_working_days=due.get("due_working_days"),
        is_blocking=effect != "NOTIFY",
    )
    neutral = {"zh-CN": "请稍候。", "en": "Please wait."}
    return Rule(rule_id, "suitability", "offer", effect, duty.what, neutral, tell, duty=duty)


def hit_by(*rules: Rule, where: tuple[int, ...] = (SHOWN, WITHHELD), of: str = "offers") -> Decisions:
    """A decision of which the first offer alone is shown, and these rules hit those places; no other rule."""
    decisions = decided()
    offers, limit, plans = decisions.offers, decisions.limit, decisions.plans
    rank = np.full_like(offers.rank, -1)
    rank[0, SHOWN] = 0
    none = {"rules": (), "hit_value": np.zeros((1, 0)), "hit_threshold": np.zeros((1, 0))}
    offers = replace(offers, rank=rank, help_rank=rank * 0 - 1, **none, hits=np.zeros((*rank.shape, 0), dtype=bool))
    limit = replace(limit, **none, hits=np.zeros((1, 0), dtype=bool))
    plans = replace(plans, **none, hits=np.zeros((*plans.is_shown.shape, 0), dtype=bool))
    if of == "offers":
        hits = np.zeros((*rank.shape, len(rules)), dtype=bool)
        hits[0, list(where)] = True
        offers = replace(offers, rules=rules, hits=hits)
    elif of == "limit":
        limit = replace(limit, rules=rules, hits=np.ones((1, len(rules)), dtype=bool))
    else:
        plans = replace(plans, rules=rules, hits=np.ones((*plans.is_shown.shape, len(rules)), dtype=bool))
    return replace(decisions, offers=offers, limit=limit, plans=plans)


def actions(decisions: Decisions, asked: Asked | None = None) -> list[str]:
    return [one.action_id for one in duties_of(decisions, 0, "D1", asked)]


def first(decisions: Decisions, place: int = SHOWN) -> str:
    return decisions.offers.offer_id[place]


@pytest.mark.parametrize("effect", ["NOTIFY", "DISCLOSE", "REQUIRE_DOC"])
def test_what_is_shown_obliges_and_what_is_not_shown_does_not(effect: str):
    decisions = hit_by(a_rule(effect))
    assert actions(decisions) == [first(decisions)]


@pytest.mark.parametrize("effect", ["BLOCK", "SUPPRESS", "HOLD", "CAP", "LOG", "REPORT", "REQUIRE_CONSENT"])
def test_other_effects_oblige_nobody(effect: str):
    assert actions(hit_by(a_rule(effect))) == []


def test_a_review_is_of_what_it_withholds_and_of_nothing_that_a_law_withholds_too():
    review, law = a_rule("HUMAN_REVIEW", audience="reviewer"), a_rule("BLOCK", "R-2")
    decisions = hit_by(review, where=(WITHHELD,))
    assert actions(decisions) == [first(decisions, WITHHELD)]
    assert actions(hit_by(review, law, where=(WITHHELD,))) == []


def test_a_refusal_of_what_the_customer_asked_for_obliges_to_a_notice():
    decisions = hit_by(a_rule("NOTIFY"), where=(WITHHELD,))
    asked = Asked("offer", "call", "call-1", NOW, action_id=first(decisions, WITHHELD))
    assert actions(decisions) == []
    assert actions(decisions, asked) == [first(decisions, WITHHELD)]
    assert actions(decisions, replace(asked, action_id=first(decisions))) == []
    assert actions(decisions, replace(asked, what="limit")) == []


def test_what_compliance_is_told_is_told_once_whatever_is_suggested():
    assert actions(hit_by(a_rule("NOTIFY", audience="compliance"))) == [""]


def test_plans_that_were_withheld_are_reviewed_as_one_and_those_shown_are_disclosed_one_by_one():
    assert set(actions(hit_by(a_rule("DISCLOSE"), of="plans"))) <= {
        f"PLAN-{term}" for term in (3, 6, 9, 12, 18, 24, 36, 48, 60)
    }
    decisions = hit_by(a_rule("HUMAN_REVIEW", audience="reviewer"), of="plans")
    none_shown = replace(decisions.plans, is_shown=np.zeros_like(decisions.plans.is_shown))
    assert actions(replace(decisions, plans=none_shown)) == ["PLAN"]


def test_a_counter_offer_opens_the_notice_that_lapses_when_it_is_taken():
    decisions = hit_by(a_rule("NOTIFY", COUNTER_OFFER_RULE, due_days=90), of="limit")
    no_hit = replace(decisions.limit, hits=np.zeros_like(decisions.limit.hits))
    suggested = int(decisions.limit.suggested_amt[0])
    assert suggested > 0
    asked = Asked("limit", "call", "call-1", NOW, amount_amt=suggested + 1)
    (duty,) = duties_of(replace(decisions, limit=no_hit), 0, "D1", asked)
    assert (duty.action_id, duty.lapses_when_accepted, duty.due_at) == ("LIMIT", True, NOW + timedelta(days=90))
    assert actions(replace(decisions, limit=no_hit), replace(asked, amount_amt=suggested)) == []
    assert actions(replace(decisions, limit=no_hit)) == []


def test_what_must_not_be_told_reaches_no_agent_through_a_duty_and_reaches_the_reviewer():
    for audience, said in (("agent", "Please wait."), ("customer", "Please wait."), ("reviewer", "Do this.")):
        rule = a_rule("REQUIRE_DOC", audience=audience, tell="risk_only")
        (duty,) = duties_of(hit_by(rule, where=(SHOWN,)), 0, "D1")
        assert duty.what == said


@pytest.mark.parametrize(
    ("due", "days"),
    [({"due_days": 0}, 0), ({"due_days": 30}, 30), ({"due_working_days": 3}, 3), ({"due_working_days": 6}, 8)],
)
def test_a_duty_is_due_by_calendar_or_working_days(due: dict[str, int], days: int):
    assert NOW.weekday() == 0
    rule = a_rule("NOTIFY", **due)
    assert rule.duty is not None
    assert due_of(rule.duty, NOW) == NOW + timedelta(days=days)


def test_the_same_decision_gives_the_same_duties_again():
    decisions = hit_by(a_rule("DISCLOSE"), a_rule("REQUIRE_DOC", "R-2"))
    assert duties_of(decisions, 0, "D1") == duties_of(decisions, 0, "D1")
    assert len({one.duty_id for one in duties_of(decisions, 0, "D1")}) == 2
    assert {one.duty_id for one in duties_of(decisions, 0, "D2")}.isdisjoint(
        one.duty_id for one in duties_of(decisions, 0, "D1")
    )


def test_each_view_shows_the_duties_it_may_know_of():
    row = {
        "duty_id": "x", "action_id": "LIMIT", "what": "Do this.", "due_at": NOW, "opened_at": NOW, "rule_id": "R-1",
        "is_blocking": True, "acts": [{"act": "done", "evidence": "e", "by": "b", "due_at": None, "ends_duty_id": "x"}],
    }  # fmt: skip
    rows = [row | {"audience": audience} for audience in ("customer", "agent", "reviewer", "compliance")]
    seen = {view: duties_view(rows, view) for view in ("customer", "agent", "reviewer", "full")}
    assert {view: len(found) for view, found in seen.items()} == {"customer": 1, "agent": 2, "reviewer": 4, "full": 4}
    assert not {"rule_id", "acts"} & set(seen["agent"][0]) | {"rule_id", "acts"} & set(seen["customer"][0])
    assert seen["agent"][0]["is_open"] is False
