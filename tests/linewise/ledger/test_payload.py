"""The personal part of a record: what is sealed opens again to the letter, under its own key alone."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.ledger.payload import PayloadKeys, commitment_of, fits, opened, packed, sealed
from tests.linewise.ledger.test_canonical import JSON

KEYS = PayloadKeys.of(bytes(range(32)))
OTHERS = PayloadKeys.of(bytes(32))
PERSONAL = {
    "customer_id": "C1",
    "inputs": {"features": {"balance_mean_amt_90d": 287249.0, "pd_12m": 0.1, "title": "金卡，首年免年费"}},
    "answer": {"offers": [], "limit": None, "ok": True, "n": -3},
}
SEALED_IN_2026 = base64.b64decode(
    "fD4ux1t51KkLeJ/lUbuxQYwCglKPI2dEDD02ehaRhHLC0CDZqB4DszKdHp2XCsCJI0njForRbsE9TfrZLlEdorCYUiLxiD4Z7YrIYS3T"
    "OxCoPtxQrAV+wZU0AhsCpZaE7cLEWanTflUVUF17k6sk5A4eOZzmE0W+ZbEQmCWJg4ShsbUdfhmf7DP670q/akdZKO9ur8dCMgPTiw3d"
    "heKc3un52FEsV5XzXLerO3KTvf83q7zp2hq3DIBPmCv/CYpEDGK/+shDSifJ"
)
COMMITTED_TO_IN_2026 = "6c3dc33abb4ac7b63caf9431af200209e324e5fc3aacc3810a235ea909248140"


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_what_was_sealed_opens_word_for_word_and_fits_its_commitment(personal: dict[str, object]):
    kept = sealed(KEYS, "D1", packed(personal))
    again = opened(KEYS, "D1", kept.payload)
    assert json.dumps(again) == json.dumps(personal)
    assert commitment_of(KEYS, packed(again).digest) == kept.commitment


def test_a_payload_opens_under_its_own_key_and_decision_alone():
    kept = sealed(KEYS, "D1", packed({"a": 1}))
    for keys, decision_id, payload in (
        (OTHERS, "D1", kept.payload),
        (KEYS, "D2", kept.payload),
        (KEYS, "D1", kept.payload[:-1] + bytes([kept.payload[-1] ^ 1])),
        (KEYS, "D1", b""),
    ):
        with pytest.raises(ValueError, match="does not open"):
            opened(keys, decision_id, payload)


def test_what_was_sealed_years_ago_still_opens_fits_and_is_committed_to_alike():
    assert opened(KEYS, "D1", SEALED_IN_2026) == PERSONAL
    assert fits(KEYS, "D1", SEALED_IN_2026, COMMITTED_TO_IN_2026)
    assert commitment_of(KEYS, packed(PERSONAL).digest) == COMMITTED_TO_IN_2026


def test_the_same_content_is_committed_to_otherwise_for_another_customer():
    one, other = (sealed(keys, "D1", packed({"a": 1})) for keys in (KEYS, OTHERS))
    assert one.commitment != other.commitment
    assert one.payload != sealed(KEYS, "D1", packed({"a": 1})).payload


def test_what_was_committed_to_fits_and_nothing_else_does():
    kept, other = (sealed(KEYS, "D1", packed({"pd_12m": value})) for value in (0.1, 0.1 + 2**-54))
    assert fits(KEYS, "D1", kept.payload, kept.commitment)
    assert not fits(KEYS, "D1", other.payload, kept.commitment)
    assert not fits(OTHERS, "D1", kept.payload, kept.commitment)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        {"a": [float("-inf")]},
        ["N", "Na", "NNaN", float("nan")],
        ["I", "Infinit", "IInfinity", float("inf")],
    ],
)
def test_a_number_that_json_does_not_know_is_not_recorded(value: object):
    with pytest.raises(ValueError, match="JSON"):
        packed({"value": value})


def test_a_sentence_may_hold_the_words_that_numbers_may_not():
    said = {"NaN": "to Infinity", "No": ["Night", "Int. N", "I"]}
    assert opened(KEYS, "D1", sealed(KEYS, "D1", packed(said)).payload) == said
