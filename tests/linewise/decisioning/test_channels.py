"""The same answer in every channel: what a channel may change, named one by one, and that nothing else does."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.types import Decisions
from tests.builders import a_context, a_policy, decided, some_customers

CHANNELS = ("voice", "app", "web", "branch", "ivr")
PAIRS = [pair for pair in product(CHANNELS, repeat=2) if pair[0] != pair[1]]
POLICY = a_policy().decision
CARRYING_ALL = replace(POLICY, offers=replace(POLICY.offers, channels=(frozenset(CHANNELS),) * len(POLICY.offers)))
"""The standard policy, as if every channel carried every offer: the first exception is what a channel carries."""

NAMING_A_CHANNEL = {
    # What takes something away in one channel, beside what the channel carries.
    "BANK-IMPRESSIONS": "voice: the third promotion within thirty days",
    "BANK-IVR": "ivr: whatever the bank would sell",
    "CN-SMS": "sms: without consent",
    "CN-SMS-CALL": "voice: a call of ours without consent",
    "CN-TIME": "not sms: hours of what the bank begins",
    "CN-TIME-SMS": "sms: hours of what the bank begins",
    # What only has to be done after it.
    "CN-CC-70D": "voice: the recording is kept",
    "CN-BJ-01": "voice: terms are sent after the call",
    "CN-BJ-01-OFFER": "voice: terms are sent after the call",
}


def given_in(channel: str, context: dict[str, Any], state: dict[str, Any], facts: dict[str, float]) -> Decisions:
    customers = some_customers(current_limit_amt=2_000_000, statement_count_365d=12.0, statement_balance_amt=2_000_000)
    known = {**customers.facts} | {name: np.array([value]) for name, value in facts.items()}
    # What is said in the call counts, whatever an ordinary customer's facts say of it.
    known = {name: value for name, value in known.items() if name not in context}
    asks = a_context(channel=channel, **context)
    return decided(replace(customers, facts=known), context=asks, policy=CARRYING_ALL, **state)


def given_to(decisions: Decisions) -> tuple[list[list[int]], ...]:
    """Which offers in which order, which help, which limit and which plans."""
    offers, plans = decisions.offers, decisions.plans
    found = (offers.rank, offers.help_rank, decisions.limit.suggested_amt, plans.is_shown, plans.payment_amt)
    return tuple(np.asarray(one).tolist() for one in found)


def test_the_rules_that_name_a_channel_are_those_that_are_written_down_here():
    named = {one.rule_id for one in a_policy().rules.entries if re.search(r"\bchannel\b", one.when)}
    assert named == set(NAMING_A_CHANNEL)


@given(
    st.fixed_dictionaries({
        "is_outbound": st.just(False), "tone": st.sampled_from([None, "calm", "upset"]),
        "has_voiced_complaint": st.booleans(), "is_identity_verified": st.booleans(),
        "asked_for": st.sampled_from(["", "limit", "plan"]),
    }),
    st.fixed_dictionaries({
        "has_open_complaint": st.booleans(), "is_in_hardship": st.booleans(),
        "days_since_declined": st.sampled_from([np.nan, 3.0, 59.0, 200.0]),
        "days_since_group_declined": st.sampled_from([np.nan, 3.0, 200.0]),
        "postponed_until_days": st.sampled_from([np.nan, 4.0]), "has_said_already_has": st.booleans(),
        "is_opted_out": st.booleans(),
    }),
    st.fixed_dictionaries({
        "is_vulnerable": st.sampled_from([0.0, 1.0]), "impression_count_30d": st.sampled_from([0.0, 1.0]),
        "has_marketing_consent": st.sampled_from([0.0, 1.0]),
    }),
)  # fmt: skip
def test_what_is_given_does_not_depend_on_the_channel(
    context: dict[str, Any], state: dict[str, Any], facts: dict[str, float]
):
    asked_amt = 2_000_000 if context["asked_for"] else None
    asks = context | {"is_customer_initiated": bool(context["asked_for"]), "asked_amt": asked_amt}
    found = {channel: given_to(given_in(channel, asks, state, facts)) for channel in CHANNELS[:-1]}
    assert all(one == found["voice"] for one in found.values())
    # The voice menu answers what is asked as everybody does, and helps as everybody does.
    in_menu = given_in("ivr", asks, state, facts)
    assert in_menu.offers.help_rank.tolist() == found["voice"][1]
    if context["asked_for"] == "limit":
        assert in_menu.limit.suggested_amt.tolist() == found["voice"][2]


@pytest.mark.parametrize(("declined_in", "asked_in"), PAIRS)
def test_what_was_declined_is_gone_everywhere_from_the_next_decision_on(declined_in: str, asked_in: str):
    # One counter for all channels: where it was declined is no column of a decision at all.
    before = given_in(asked_in, {}, {}, {}).offers.rank[0]
    after = given_in(asked_in, {}, {"days_since_declined": 0.0, "days_since_group_declined": 0.0}, {}).offers.rank[0]
    assert (asked_in == "ivr") or (before >= 0).any()
    assert (after < 0).all()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("context", "facts", "only_in"),
    [
        ({}, {"impression_count_30d": 2.0}, "voice"),
        ({"is_outbound": True}, {"has_marketing_consent": 0.0, "local_hour": 10.0}, "voice"),
    ],
)
def test_each_exception_takes_away_in_its_own_channel_alone(
    channel: str, context: dict[str, Any], facts: dict[str, float], only_in: str
):
    promotional = [kind == "promotional" for kind in POLICY.offers.kind]
    shown = bool((given_in(channel, context, {}, facts).offers.rank[0][promotional] >= 0).any())
    assert shown is (channel not in {only_in, "ivr"})


def test_a_voice_menu_sells_nothing_by_itself_and_answers_what_is_asked():
    proposed, on_the_phone = given_in("ivr", {}, {}, {}), given_in("voice", {}, {}, {})
    asks = {"asked_for": "limit", "is_customer_initiated": True, "asked_amt": 2_500_000}
    assert (on_the_phone.limit.suggested_amt > 2_000_000).all()
    assert (proposed.limit.suggested_amt == 2_000_000).all()
    assert not proposed.plans.is_shown.any()
    assert given_in("ivr", asks, {}, {}).limit.suggested_amt.tolist() == [2_500_000]
    promotional = [kind == "promotional" for kind in POLICY.offers.kind]
    assert (proposed.offers.rank[0][promotional] < 0).all()
    assert (proposed.offers.help_rank >= 0).any()
