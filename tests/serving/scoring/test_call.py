"""What a call tells a decision: only what somebody said, in words that are known."""

from dataclasses import fields

import pytest

from linewise.core.errors import UsageError
from linewise.ledger.asked import Asked
from linewise.ledger.in_call import InCall
from serving.doors.bodies import CallIn
from serving.scoring.call import CALL_REASONS, TONES, Call, context_in_call, context_of
from tests.builders import NOW

PLAIN = context_of("voice", NOW, "en")


def test_a_call_of_which_nothing_was_said_changes_nothing():
    assert context_in_call(PLAIN, Call(), InCall(), None) == PLAIN


def test_what_was_said_and_happened_reaches_the_decision():
    call = Call("c", "a", "limit", "upset", has_voiced_complaint=True, is_willing_to_repay=False)
    asked = Asked("limit", "call", "c", NOW, 5_000_000)
    context = context_in_call(PLAIN, call, InCall(2, 1), asked)
    assert (context.call_reason, context.tone, context.has_voiced_complaint) == ("limit", "upset", True)
    assert (context.decline_count_call, context.debt_action_count_call) == (2, 1)
    assert (context.is_customer_initiated, context.asked_for, context.asked_amt) == (True, "limit", 5_000_000)
    assert context.is_willing_to_repay is False


@pytest.mark.parametrize("call", [Call(tone="furious"), Call(reason="weather")])
def test_an_unknown_word_is_named(call: Call):
    with pytest.raises(UsageError, match=r"'furious'|'weather'"):
        context_in_call(PLAIN, call, InCall(), None)


def test_a_request_for_a_plan_says_what_is_put_into_it():
    asked = Asked("plan", "call", "c", NOW, 300_000, "purchase")
    context = context_in_call(PLAIN, Call(), InCall(), asked)
    assert (context.asked_for, context.asked_plan_kind, context.asked_amt) == ("plan", "purchase", 300_000)
    assert context_in_call(PLAIN, Call(), InCall(), Asked("plan", "call", "c", NOW)).asked_plan_kind == ""
    with pytest.raises(UsageError, match=r"'wedding'.*purchase, statement"):
        context_in_call(PLAIN, Call(), InCall(), Asked("plan", "call", "c", NOW, None, "wedding"))


def test_an_unknown_channel_is_named():
    with pytest.raises(UsageError, match=r"'fax'.*voice, app"):
        context_of("fax", NOW, "en")


def test_the_door_takes_the_same_call_in_the_same_words():
    # What a second costs is measured, and nobody says it.
    said = {field.name for field in fields(Call)} - {"second_amt"}
    assert set(CallIn.model_fields) == said | {"is_identity_verified"}
    for reason in CALL_REASONS:
        assert CallIn(reason=reason).as_call() == Call(reason=reason)
    for tone in TONES:
        assert CallIn(tone=tone).as_call() == Call(tone=tone)
