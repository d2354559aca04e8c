"""A message is sent in as many parts as handsets and gateways count: 160 and 153 places, or 70 and 67."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.campaigns.brief.message_parts import Parts, parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Parts("GSM-7", 0, 1)),
        ("a" * 160, Parts("GSM-7", 160, 1)),
        ("a" * 161, Parts("GSM-7", 161, 2)),
        ("a" * 306, Parts("GSM-7", 306, 2)),
        ("a" * 307, Parts("GSM-7", 307, 3)),
        ("€" * 80, Parts("GSM-7", 160, 1)),
        # What takes two places is not torn: 76 of them fill 152 of the first part's 153 places.
        ("€" * 153, Parts("GSM-7", 306, 3)),
        ("à la carte, 5% @ £2", Parts("GSM-7", 19, 1)),
        ("信" * 70, Parts("UCS-2", 70, 1)),
        ("信" * 71, Parts("UCS-2", 71, 2)),
        ("信" * 134, Parts("UCS-2", 134, 2)),
        ("信" * 135, Parts("UCS-2", 135, 3)),
        # One typographer's apostrophe recodes all of it.
        ("a" * 70 + "’", Parts("UCS-2", 71, 2)),
        ("😀" * 35, Parts("UCS-2", 70, 1)),
        ("😀" * 36, Parts("UCS-2", 72, 2)),
    ],
)
def test_a_message_falls_into_the_parts_that_are_billed(text: str, parts: Parts) -> None:
    assert parts_of(text) == parts


@given(st.text(max_size=400), st.text(max_size=20))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert parts_of(text + more).part_count >= parts_of(text).part_count
