"""What an effect does to a candidate, and which hit is told first."""

import numpy as np
import pytest

from linewise.decisioning.rule import EFFECTS, Rule, headline, precedence, takes_away


def a_rule(effect: str = "BLOCK", severity: str = "eligibility") -> Rule:
    return Rule("R-1", "eligibility", "offer", effect, {}, {}, "agent", severity)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("asked", [False, True])
def test_blocking_effects_take_a_candidate_away_and_a_hold_never_what_was_asked_for(effect: str, asked: bool):
    taking = {"BLOCK", "SUPPRESS", "HUMAN_REVIEW", "REQUIRE_CONSENT"} | (set() if asked else {"HOLD"})
    assert takes_away((a_rule(effect),), np.array([asked, asked])).tolist() == [[effect in taking]] * 2


def test_the_headline_is_the_gravest_hit_and_the_first_of_its_kind():
    rules = tuple(a_rule(severity=one) for one in ("ranking", "contact", "legal", "cap", "legal", "safety"))
    assert precedence(rules).tolist() == [5, 4, 0, 3, 1, 2]
    hits = np.array([[True] * 6, [True, True, False, True, False, False], [False] * 6, [False] * 4 + [True, True]])
    assert headline(rules, hits).tolist() == [2, 3, -1, 4]


def test_without_rules_there_is_no_headline():
    assert headline((), np.zeros((2, 3, 0), dtype=bool)).tolist() == [[-1] * 3] * 2
