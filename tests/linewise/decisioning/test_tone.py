"""The customer's tone holds what the bank proposes, never what the customer asks for, and never touches a limit."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.types import Decisions
from linewise.ledger.call_kinds import TONES
from tests.builders import a_context, decided, some_customers

LINE_AMT = 2_000_000
TELLS = (None, *TONES)

FACTS = st.fixed_dictionaries({
    "is_vulnerable": st.sampled_from([0.0, 0.0, 1.0]), "impression_count_30d": st.sampled_from([0.0, 2.0]),
    "income_evidence_class": st.sampled_from(["A", "C", "E"]),
})  # fmt: skip
STATES = st.fixed_dictionaries({
    "has_open_complaint": st.booleans(), "is_in_hardship": st.booleans(), "is_opted_out": st.booleans(),
    "days_since_declined": st.sampled_from([np.nan, 5.0]),
})  # fmt: skip


def decision(tone: str | None, asked_for: str, asked_amt: int | None, facts: dict, state: dict) -> Decisions:
    customers = some_customers(current_limit_amt=LINE_AMT, statement_count_365d=12.0, statement_balance_amt=LINE_AMT)
    known = {**customers.facts} | {name: np.array([value]) for name, value in facts.items()}
    asks = a_context(
        tone=tone,
        asked_for=asked_for,
        is_customer_initiated=bool(asked_for),
        asked_amt=asked_amt if asked_for else None,
    )
    return decided(replace(customers, facts=known), context=asks, **state)


def answer(decisions: Decisions, asked_for: str) -> Any:
    """What was asked for, as it is answered."""
    if asked_for == "limit":
        limit = decisions.limit
        return limit.suggested_amt.tolist(), limit.max_amt.tolist()
    plans = decisions.plans
    return plans.is_shown.tolist(), plans.payment_amt.tolist(), plans.amount_amt.tolist()


@given(st.sampled_from(["limit", "plan"]), st.integers(1, 5_000_000), FACTS, STATES)
def test_what_is_asked_for_is_answered_the_same_in_whatever_tone(
    asked_for: str, asked_amt: int, facts: dict, state: dict
):
    told = [answer(decision(tone, asked_for, asked_amt, facts, state), asked_for) for tone in TELLS]
    assert told == [told[0]] * len(TELLS)


@given(FACTS, STATES)
def test_tone_holds_what_is_proposed_or_leaves_it_and_never_lowers_a_limit(facts: dict, state: dict):
    found = {tone: decision(tone, "", None, facts, state) for tone in TELLS}
    calm = found[None]
    for tone, one in found.items():
        # A raise is proposed as ever or held until another day; what stands is never less for a tone.
        assert one.limit.suggested_amt[0] in {calm.limit.suggested_amt[0], max(LINE_AMT, 0)}
        assert one.limit.suggested_amt[0] >= min(LINE_AMT, calm.limit.suggested_amt[0])
        assert one.offers.help_rank.tolist() == calm.offers.help_rank.tolist()
        if tone != "upset":
            assert one.offers.rank.tolist() == calm.offers.rank.tolist()


def test_an_upset_customer_is_proposed_nothing():
    upset, calm = (decision(tone, "", None, {}, {}) for tone in ("upset", "calm"))
    assert (calm.limit.suggested_amt > LINE_AMT).all()
    assert (upset.limit.suggested_amt == LINE_AMT).all()
    assert (upset.offers.rank < 0).all()
    assert not upset.plans.is_shown.any()
