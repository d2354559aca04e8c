"""The canonical form: equal answers have one spelling, different ones have two; and what is sealed opens again."""

import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.ledger.canonical import canonical_bytes, rounded
from linewise.ledger.payload import commitment_of, opened, packed, sealed

SECRET = bytes(range(32))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64) | st.integers(-(10**15), 10**15)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (0.1234567891, 0.12345678914, True),
        (0.123456789, 0.123456788, False),
        (0.0000000004, 0, True),
        (0.0000000006, 0, False),
        (-0.0, 0, True),
        (120_000, 120_000.0, True),
        (120_000, 120_001, False),
        (1, "1", False),
        (None, 0, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        ([1, 2], (1, 2), True),
        (np.float64(0.5), 0.5, True),
        ("é", "é", True),
        ([[1], 2], [[1, 2]], False),
    ],
)
def test_money_counts_to_the_minor_unit_and_ratios_to_a_billionth(one: object, other: object, is_same: bool):
    assert (canonical_bytes(one) == canonical_bytes(other)) is is_same


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [float("-inf")]}])
def test_a_number_that_json_does_not_know_has_no_canonical_form(value: object):
    with pytest.raises(ValueError, match="JSON"):
        canonical_bytes(value)


@given(JSON)
def test_the_canonical_form_of_a_canonical_form_is_itself(value: object):
    assert canonical_bytes(json.loads(canonical_bytes(value))) == canonical_bytes(value)
    assert canonical_bytes(rounded(value)) == canonical_bytes(value)


@given(JSON)
def test_a_value_that_went_through_json_has_the_same_canonical_form(value: object):
    assert canonical_bytes(json.loads(json.dumps(value))) == canonical_bytes(value)


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
