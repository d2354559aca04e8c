"""A base in frames, and by which tokens and consents its customers are reached."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.home import Home
from serving.campaigns.base import consents_among, contacts_among, frames_between
from tests.linewise.bank.builders import END, a_customer, a_row, rows_of, small_tables, write_small


@given(lengths=st.lists(st.integers(1, 30), min_size=1, max_size=12), most=st.integers(1, 40), cut=st.integers(0, 9))
def test_frames_hold_everybody_once_and_share_no_part_that_would_fit_into_one(lengths, most, cut):
    ends = [sum(lengths[: at + 1]) for at in range(len(lengths))]
    count = max(ends[-1] - cut, 1)
    frames = list(frames_between(ends, count, most))
    assert [frames[0][0], *(end for _, end in frames)] == [0, *(start for start, _ in frames[1:]), count]
    assert all(0 < end - start <= most for start, end in frames)
    for first, end in pairwise([0, *ends]):
        if end <= count and end - first <= most:
            # Of a part that fits no frame begins within it, but where a longer one before it had to be cut.
            inside = [start for start, _ in frames if first < start < end]
            assert not inside or any(before < first for before, until in frames if until == inside[0])


NOW = END - timedelta(days=1)


def a_point(key: str, token: str, days: float, channel: str = "push", **more: Any) -> dict[str, Any]:
    plain = {"contact_point_id": key, "customer_id": "c1", "channel": channel, "token": token, "is_opted_out": False}
    changed_at = NOW - timedelta(days=days)
    return a_row("contact_points", **{**plain, "changed_at": changed_at, "recorded_at": changed_at, **more})


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([a_point("p1", "old", 9), a_point("p2", "new", 2)], "new"),
        ([a_point("p1", "of the app", 9, "app"), a_point("p2", "of push", 2)], "of push"),
        ([a_point("p1", "to write to", 9), a_point("p2", "letters", 2, "post")], "to write to"),
        ([a_point("p1", "to write to", 9), a_point("p2", "refused", 2, is_opted_out=True)], "to write to"),
        ([a_point("p1", "to write to", 9), a_point("p2", "not yet", -0.5)], "to write to"),
        ([a_point("p1", "told late", 9, recorded_at=NOW), a_point("p2", "at once", 9)], "told late"),
        ([a_point("p1", "to write to", 9), a_point("p2", "in no book", 2, recorded_at=END)], "to write to"),
        ([a_point("p1", "first", 9), a_point("p2", "of the greater key", 9)], "of the greater key"),
        ([a_point("p1", "refused", 9, is_opted_out=True)], None),
        ([], None),
    ],
)  # fmt: skip
def test_a_customer_is_reached_by_the_latest_token_of_the_channel_that_was_known(
    home: Home, points: list[dict[str, Any]], expected: str | None
):
    stranger = a_point("p0", "somebody else's", 1, customer_id="c0")
    tables = small_tables() | {"contact_points": rows_of("contact_points", stranger, *points)}
    tables["customers"] = rows_of("customers", *map(a_customer, ("c0", "c1", "c2")))
    bank = write_small(home, tables)
    found = contacts_among(bank, "app", ("c0", "c1"), NOW).to_pylist()
    of_all = [{"customer_id": "c0", "contact_ref": "somebody else's"}]
    assert found == of_all + [{"customer_id": "c1", "contact_ref": expected}] * (expected is not None)
    assert contacts_among(bank, "app", ("c0", "c0"), NOW).to_pylist() == of_all


def a_consent(key: str, days: float = 9.0, **more: Any) -> dict[str, Any]:
    plain = {"consent_id": key, "customer_id": "c1", "purpose": "marketing", "channel": "app", "text_version": "1"}
    given_at = NOW - timedelta(days=days)
    told = {"is_own_act": True, "given_at": given_at, "recorded_at": given_at}
    return a_row("consents", **{**plain, **told, **more})


@pytest.mark.parametrize(
    ("consents", "expected"),
    [
        ([a_consent("k1"), a_consent("k2", 2)], "k2"),
        ([a_consent("k1"), a_consent("k2", 2, purpose="profiling")], "k1"),
        ([a_consent("k1"), a_consent("k2", 2, is_own_act=False)], "k1"),
        ([a_consent("k1"), a_consent("k2", 2, withdrawn_at=NOW)], "k1"),
        ([a_consent("k1"), a_consent("k2", 2, withdrawn_at=END)], "k2"),
        ([a_consent("k1"), a_consent("k2", 2, scope="sms")], "k1"),
        ([a_consent("k1"), a_consent("k2", 2, scope="sms, push")], "k2"),
        ([a_consent("k1", scope="telephone")], None),
        ([], None),
    ],
)
def test_a_consent_is_the_latest_own_one_to_marketing_that_stands_and_covers_the_channel(
    home: Home, consents: list[dict[str, Any]], expected: str | None
):
    bank = write_small(home, small_tables() | {"consents": rows_of("consents", *consents)})
    found = consents_among(bank, "app", ("c1", "c1"), NOW).to_pylist()
    assert found == [{"customer_id": "c1", "consent_ref": expected}] * (expected is not None)
