"""Rules inside the decision: what they take away is gone, what obliges stays, what is asked for is not held."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.rule import takes_away
from linewise.decisioning.types import Customers, Decisions
from linewise.policy.rules import CompiledRules
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers
from tests.linewise.decisioning.test_decide import same
from tests.linewise.policy.rules.builders import a_source

POLICY = a_policy().decision
GOOD = FixedScorers(offset=-9.0)
KINDS = ["offer", "limit", "plan"]


def under(effect: str, **context: object) -> Decisions:
    """Decided under one rule of that effect alone, which always hits."""
    rules = CompiledRules([a_source(effect=effect, applies_to=KINDS, when="TRUE")], [])
    return decided(policy=replace(POLICY, rules=rules), scorers=GOOD, context=a_context(**context))


def shown(decisions: Decisions) -> tuple[bool, bool, bool]:
    """Whether an offer, a raise and a plan are shown."""
    limit = decisions.limit
    is_raised = bool(limit.suggested_amt[0] > limit.current_amt[0])
    return bool((decisions.offers.rank >= 0).any()), is_raised, bool(decisions.plans.is_shown.any())


@pytest.mark.parametrize("effect", ["BLOCK", "SUPPRESS", "HUMAN_REVIEW", "REQUIRE_CONSENT", "HOLD"])
def test_what_a_rule_takes_away_is_not_shown(effect: str):
    assert shown(under(effect)) == (False, False, False)


@pytest.mark.parametrize("effect", ["REQUIRE_DOC", "DISCLOSE", "NOTIFY", "LOG", "REPORT"])
def test_what_only_obliges_leaves_everything_where_it_is_and_is_kept(effect: str):
    decisions = under(effect)
    assert shown(decisions) == (True, True, True)
    assert decisions.limit.hits.all()
    assert decisions.plans.hits.all()


def test_a_hold_never_holds_what_the_customer_asked_for():
    assert shown(under("HOLD", is_customer_initiated=True)) == (True, True, True)
    assert shown(under("BLOCK", is_customer_initiated=True)) == (False, False, False)


def test_who_asks_for_a_limit_has_not_asked_for_offers():
    decisions = under("HOLD", is_customer_initiated=True, asked_for="limit")
    assert shown(decisions) == (False, True, False)
    assert decisions.asks_for("limit").tolist() == [True]
    assert decisions.asks_for("offer").tolist() == [False]


VALUES = {
    "number": st.sampled_from([np.nan, 0.0, 1.0, 30.0, 400.0, 1e7]),
    "flag": st.sampled_from([np.nan, 0.0, 1.0]),
    "text": st.sampled_from([None, "voice", "A", "E", "upset"]),
}
people = st.fixed_dictionaries(
    {
        name: VALUES[column.kind]
        for name, column in RULE_COLUMNS.items()
        if column.of in {"customer", "bank"} and name != "current_limit_amt"
    }
)


def knowing(rows: list[dict]) -> Customers:
    """Ordinary customers of whom every column of the register is told."""
    told = {
        name: np.array([row[name] for row in rows], dtype=object if RULE_COLUMNS[name].kind == "text" else float)
        for name in rows[0]
    }
    crowd = some_customers(*({} for _ in rows))
    return replace(crowd, facts=told)


def alone(crowd: Customers, row: int) -> Customers:
    cut = slice(row, row + 1)
    return replace(
        crowd,
        customer_id=crowd.customer_id[cut],
        as_of=crowd.as_of[cut],
        features=crowd.features[cut],
        current_limit_amt=crowd.current_limit_amt[cut],
        facts={name: column[cut] for name, column in crowd.facts.items()},
    )


@settings(max_examples=25)
@given(rows=st.lists(people, min_size=2, max_size=4), asked=st.booleans())
def test_whatever_is_known_nothing_ineligible_appears_and_a_call_equals_the_batch(rows: list[dict], asked: bool):
    crowd, context = knowing(rows), a_context(is_customer_initiated=asked)
    together = decided(crowd, GOOD, POLICY, context)
    asks = together.is_asked_for
    offers, limit, plans = together.offers, together.limit, together.plans
    taken = offers.hits & takes_away(offers.rules, asks)[:, None, :]
    assert (offers.rank[taken.any(axis=2)] == -1).all()
    assert not plans.is_shown[(plans.hits & takes_away(plans.rules, asks)[:, None, :]).any(axis=2)].any()
    is_blocked = (limit.hits & takes_away(limit.rules, asks)).any(axis=1)
    assert (limit.suggested_amt[is_blocked] == limit.current_amt[is_blocked]).all()
    for row in range(len(rows)):
        single = decided(alone(crowd, row), GOOD, POLICY, context)
        assert same(single.offers, together.offers, row)
        assert same(single.limit, together.limit, row)
        assert same(single.plans, together.plans, row)


def test_of_whom_nothing_is_known_nothing_is_lent():
    stranger = replace(some_customers(), features=np.full_like(some_customers().features, np.nan), facts={})
    decisions = decided(stranger, GOOD, POLICY)
    assert shown(decisions)[1:] == (False, False)
