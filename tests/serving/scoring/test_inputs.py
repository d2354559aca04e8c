"""What a decision was given comes back from the record to the very same arrays."""

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.decide import decide
from linewise.decisioning.prices import Prices
from linewise.decisioning.types import Customers, State
from serving.scoring.inputs import Known, from_inputs, inputs_of
from tests.builders import FixedScorers, a_context, a_policy, a_state, decided, some_customers

ANY_FLOAT = st.floats(width=64)


def returned(decisions: Any, prices: Prices | None = None) -> Known:
    """What comes back after all customers of the chunk went through JSON."""
    written = [inputs_of(decisions, row, prices or Prices()) for row in range(len(decisions.customers))]
    return from_inputs(json.loads(json.dumps(written, allow_nan=False)))


def assert_same(one: object, other: object) -> None:
    for field in fields(one):  # type: ignore[arg-type]
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, dict):
            assert mine.keys() == theirs.keys()
            for name, value in mine.items():
                is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
                assert np.array_equal(value, theirs[name], equal_nan=is_float)
        elif isinstance(mine, np.ndarray):
            assert mine.dtype.kind == theirs.dtype.kind
            assert mine.tobytes() == theirs.astype(mine.dtype).tobytes(), field.name
        else:
            assert mine == theirs


@settings(max_examples=40)
@given(st.lists(st.tuples(ANY_FLOAT, ANY_FLOAT, st.integers(0, 10**15)), min_size=1, max_size=4))
def test_every_number_survives_the_record_bit_by_bit(rows: list[tuple[float, float, int]]):
    customers = some_customers(*({"balance_amt": a + 0.0} for a, _, _ in rows))
    facts = {**customers.facts, "contact_point_changed_days": np.array([b for _, b, _ in rows])}
    amounts = np.array([amount for *_, amount in rows], dtype=np.int64)
    customers = replace(customers, facts=facts, current_limit_amt=amounts)
    asked = replace(decided(), customers=customers, state=a_state(customers, a_policy().decision.offers))
    came_back = returned(asked)
    assert_same(
        replace(customers, features=_one_nan(customers.features), facts=_one_nan_each(facts)), came_back.customers
    )


def _one_nan(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """There are many NaN; the record keeps that a value is missing, not which of them it was."""
    return np.where(np.isnan(values), np.nan, values) if values.dtype.kind == "f" else values


def _one_nan_each(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: _one_nan(values) for name, values in facts.items()}


def test_state_context_prices_and_seed_come_back():
    customers = some_customers({}, {"age_years": 20.0})
    context = a_context(channel="app", language="zh-CN", is_identity_verified=False)
    state = a_state(customers, a_policy().decision.offers, held_tier=2.0, has_open_complaint=True)
    decisions = decide(customers, state, context, a_policy().decision, FixedScorers(), Prices(contact_amt=7), seed=42)
    known = returned(decisions, Prices(contact_amt=7))
    assert_same(state, known.state)
    assert (known.context, known.prices, known.seed) == (context, Prices(contact_amt=7), 42)


def test_what_came_back_decides_the_same():
    customers = some_customers({}, {"age_years": 20.0}, {"income_mean_amt_6m": np.nan})
    decisions = decided(customers, days_since_declined=3.5)
    known = returned(decisions)
    again = decide(
        known.customers, known.state, known.context, a_policy().decision, FixedScorers(), known.prices, known.seed
    )
    for part in ("offers", "limit", "plans"):
        assert_same(getattr(decisions, part), getattr(again, part))


def test_nothing_that_a_decision_takes_is_left_out_of_its_record():
    written = inputs_of(decided(), 0, Prices())
    names = {field.name for field in fields(Customers)} - {"feature_names"}
    assert written.keys() >= names | {"state", "context", "prices", "seed"}
    assert written["state"].keys() == {field.name for field in fields(State)}


@pytest.mark.parametrize("words", [["bank", None], [None, None]], ids=["some", "none at all"])
def test_words_among_the_facts_come_back_as_words(words: list[str | None]):
    name = next(name for name, column in RULE_COLUMNS.items() if column.kind == "text")
    decisions = decided(some_customers({}, {}))
    facts = {**decisions.customers.facts, name: np.array(words, dtype=object)}
    known = returned(replace(decisions, customers=replace(decisions.customers, facts=facts)))
    assert known.customers.facts[name].tolist() == words
