"""Merchant category codes and their groups."""

from itertools import combinations

import ibis
import pytest

from features.merchant_groups import GROUPS, OTHER, SENSITIVE_GROUPS, group_of, merchant_group

EVERY_CODE = [f"{number:04}" for number in range(10_000)]


@pytest.mark.parametrize(
    ("mcc", "group"),
    [
        ("5411", "groceries"),
        ("5812", "dining"),
        ("5541", "fuel"),
        ("4111", "transport"),
        ("3000", "travel"),
        ("3299", "travel"),
        ("3300", "other"),
        ("7011", "travel"),
        ("5311", "retail"),
        ("5999", "online_retail"),
        ("5944", "luxury"),
        ("4814", "utilities"),
        ("8220", "education"),
        ("5199", "wholesale"),
        ("6011", "cash_like"),
        ("8062", "health"),
        ("7995", "gambling"),
        ("8661", "belief"),
        ("9223", "law"),
        ("5933", "pawn"),
        ("0000", "other"),
    ],
)
def test_codes_stand_where_a_credit_officer_would_look_for_them(mcc: str, group: str) -> None:
    assert group_of(mcc) == group


def test_no_code_stands_in_two_groups() -> None:
    def codes(name: str) -> set[str]:
        ranges = [(one, one) if isinstance(one, str) else one for one in GROUPS[name]]
        return {code for code in EVERY_CODE for first, last in ranges if first <= code <= last}

    held = {name: codes(name) for name in GROUPS}
    assert [(one, two, held[one] & held[two]) for one, two in combinations(held, 2) if held[one] & held[two]] == []


def test_the_expression_gives_every_code_its_group_and_none_where_there_is_no_code() -> None:
    codes = ibis.memtable({"mcc": [*EVERY_CODE, None]})
    made = ibis.duckdb.connect().execute(codes.select("mcc", group=merchant_group(codes.mcc)))
    found = dict(zip(made["mcc"].tolist()[:-1], made["group"].tolist()[:-1], strict=True))
    assert found == {code: group_of(code) for code in EVERY_CODE}
    assert made["group"].isna().tolist() == [False] * len(EVERY_CODE) + [True]


def test_a_sensitive_group_is_never_the_one_that_gathers_the_rest() -> None:
    assert OTHER not in GROUPS
    assert set(SENSITIVE_GROUPS) == {"gambling", "health", "belief", "intimate", "law", "pawn"}
