"""Rules of a decision: judged as often as candidates differ, switched off where the bank has no table for them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.policy.rules import CompiledRules
from tests.linewise.policy.rules.builders import a_source

SOURCES = [
    a_source(rule_id="CUSTOMER-1", applies_to=["offer"], when="age_years < 18", value="age_years"),
    a_source(rule_id="EACH-1", applies_to=["offer"], when="held_tier >= offer_tier", threshold="offer_tier"),
    a_source(rule_id="KIND-1", applies_to=["offer"], when="action_kind = 'promotional' AND is_opted_out = 1"),
    a_source(rule_id="CAP-1", applies_to=["offer"], effect="CAP", when="is_credit = 1", cap="age_years * 100"),
    a_source(rule_id="EACH-2", applies_to=["offer"], when="offer_annual_fee_amt > 500", on_missing="pass"),
]
RULES = CompiledRules(SOURCES, ["age_years"])
maybe = st.sampled_from([np.nan, 0.0, 1.0, 2.0, 17.0, 600.0])


@settings(max_examples=50)
@given(data=st.data(), customers=st.integers(0, 3), offers=st.integers(1, 4))
def test_pairs_are_judged_as_if_each_were_alone(data: st.DataObject, customers: int, offers: int):
    def drawn(*shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        return np.array(data.draw(st.lists(maybe, min_size=count, max_size=count))).reshape(shape)

    kinds = data.draw(st.lists(st.sampled_from(["promotional", "service"]), min_size=offers, max_size=offers))
    columns = {
        "age_years": drawn(customers),
        "is_opted_out": drawn(customers),
        "held_tier": drawn(customers, offers),
        "offer_tier": drawn(1, offers),
        "offer_annual_fee_amt": drawn(1, offers),
        "is_credit": drawn(1, offers),
        "action_kind": np.array(kinds)[None, :],
    }
    found = RULES.evaluate("offer", columns, (customers, offers))
    assert found.hit.shape == (customers, offers, len(SOURCES))
    for row in range(customers):
        for place in range(offers):
            pair = {
                name: column[row : row + 1] if column.ndim == 1 else column[row if len(column) > 1 else 0, [place]]
                for name, column in columns.items()
            }
            alone = RULES.evaluate("offer", pair)
            for name in ("hit", "value", "threshold", "cap_amt"):
                np.testing.assert_array_equal(getattr(found, name)[row, place], getattr(alone, name)[0], err_msg=name)


def test_without_values_the_same_rules_hit():
    columns = {"age_years": np.array([17.0, 40.0])}
    with_them, without = (RULES.evaluate("offer", columns, (2, 3), with_values=one) for one in (True, False))
    np.testing.assert_array_equal(with_them.hit, without.hit)
    assert np.isnan(without.value).all()


def test_a_rule_over_a_table_that_the_bank_has_not_is_switched_off_and_says_which():
    sources = [
        a_source(rule_id="ALWAYS-1"),
        a_source(rule_id="BUREAU-1", when="bureau_age_days > 30"),
        a_source(rule_id="FEATURE-1", when="past_due_days > 30"),
    ]
    tables = {"age_years": frozenset[str](), "past_due_days": frozenset({"statements"})}
    rules = CompiledRules(sources, tuple(tables), ["obligations", "statements"], tables)
    assert [entry.rule_id for entry in rules.entries] == ["ALWAYS-1"]
    assert rules.switched_off == {"BUREAU-1": {"obligations"}, "FEATURE-1": {"statements"}}
    assert CompiledRules(sources, tuple(tables), (), tables).switched_off == {}


@pytest.mark.parametrize("kind", ["offer", "limit", "plan"])
def test_a_policy_may_have_no_rule_for_a_kind(kind: str):
    found = CompiledRules([a_source(scope="bank", applies_to=None, when="oldest_complaint_days > 1")], []).evaluate(
        kind, {"current_limit_amt": np.zeros(2)}, (2, 3)
    )
    assert found.hit.shape == (2, 3, 0)
    assert found.cap_amt.shape == (2, 3, 0)
