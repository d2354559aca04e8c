"""The canonical form: equal answers have one spelling, and different ones have two."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.ledger.canonical import rounded


def spelled(value: object) -> str:
    return json.dumps(rounded(value), sort_keys=True)


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
    assert (spelled(one) == spelled(other)) is is_same


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [float("-inf")]}])
def test_a_number_that_json_does_not_know_has_no_canonical_form(value: object):
    with pytest.raises(ValueError, match="JSON"):
        rounded(value)


@given(JSON)
def test_the_canonical_form_of_a_canonical_form_is_itself(value: object):
    assert spelled(json.loads(spelled(value))) == spelled(value)
    assert rounded(rounded(value)) == rounded(value)


@given(JSON)
def test_a_value_that_went_through_json_has_the_same_canonical_form(value: object):
    assert spelled(json.loads(json.dumps(value))) == spelled(value)
