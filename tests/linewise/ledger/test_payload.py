"""The personal part of a record: what is sealed opens again to the letter, under its own key alone."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.ledger.payload import commitment_of, fits, opened, packed, sealed
from tests.linewise.ledger.test_canonical import JSON

SECRET = bytes(range(32))


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_what_was_sealed_opens_word_for_word_and_fits_its_commitment(personal: dict[str, object]):
    kept = sealed(SECRET, "D1", packed(personal))
    again = opened(SECRET, "D1", kept.payload)
    assert json.dumps(again) == json.dumps(personal)
    assert commitment_of(SECRET, packed(again).digest) == kept.commitment


def test_a_payload_opens_under_its_own_key_and_decision_alone():
    kept = sealed(SECRET, "D1", packed({"a": 1}))
    for secret, decision_id, payload in (
        (bytes(32), "D1", kept.payload),
        (SECRET, "D2", kept.payload),
        (SECRET, "D1", kept.payload[:-1] + bytes([kept.payload[-1] ^ 1])),
        (SECRET, "D1", b""),
    ):
        with pytest.raises(ValueError, match="does not open"):
            opened(secret, decision_id, payload)


def test_the_same_content_is_committed_to_otherwise_for_another_customer():
    one, other = (sealed(secret, "D1", packed({"a": 1})) for secret in (SECRET, os.urandom(32)))
    assert one.commitment != other.commitment
    assert one.payload != sealed(SECRET, "D1", packed({"a": 1})).payload


def test_what_was_committed_to_fits_and_nothing_else_does():
    kept, other = (sealed(SECRET, "D1", packed({"pd_12m": value})) for value in (0.1, 0.1 + 2**-54))
    assert fits(SECRET, "D1", kept.payload, kept.commitment)
    assert not fits(SECRET, "D1", other.payload, kept.commitment)
    assert not fits(bytes(32), "D1", kept.payload, kept.commitment)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [float("-inf")]}])
def test_a_number_that_json_does_not_know_is_not_recorded(value: object):
    with pytest.raises(ValueError, match="JSON"):
        packed({"value": value})


def test_a_sentence_may_hold_the_words_that_numbers_may_not():
    assert opened(SECRET, "D1", sealed(SECRET, "D1", packed({"NaN": "to Infinity"})).payload) == {"NaN": "to Infinity"}
