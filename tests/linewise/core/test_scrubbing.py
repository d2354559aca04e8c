"""No card, identity or phone number survives in a note, however it is written; what is none stays as it stands."""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linewise.core.scrubbing import CHECKS, WEIGHTS, scrub

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
MATHEMATICAL = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
SCRIPTS = [{}, FULL_WIDTH, ARABIC, SPOKEN, MATHEMATICAL]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("卡号4111 1111 1111 1111，请回电", "卡号[card …1111]，请回电"),
        ("card 4111-1111-1111-1111.", "card [card …1111]."),
        ("４１１１－１１１１－１１１１－１１１１", "[card …1111]"),
        ("6222 0202 0000 0000 001", "6222 0202 0000 0000 001"),  # the last digit does not fit
        ("378282246310005", "[card …0005]"),
        ("x4111\u200b1111\u00a01111\u20111111x", "x[card …1111]x"),
        ("digits within 41111111111111110", "digits within [card number]"),
        ("身份证11010519491231002X", "身份证[identity number]"),
        ("身份证 110105 19491231 002ｘ", "身份证 [identity number]"),
        ("110105194912310021", "[identity number]"),  # mistyped, and a day of birth within
        ("old 110105491231002", "old [identity number]"),
        ("手机13812345678", "手机[phone …5678]"),
        ("call 138-1234-5678 back", "call [phone …5678] back"),
        ("+86 (138) 1234 5678", "+[phone …5678]"),
        ("008613812345678", "[phone …5678]"),
        ("+49 30 901820", "+[phone …1820]"),
        ("＋１ ４１５ ５５５ ０１３２", "＋[phone …0132]"),
        ("一三八一二三四五六七八", "[phone …5678]"),
        ("4️⃣1️⃣1️⃣1️⃣ 1111 1111 1111", "[card …1111]"),
    ],
)
def test_numbers_of_customers_are_taken_out_of_a_note(typed: str, kept: str) -> None:
    assert scrub(typed) == kept
    assert scrub(kept) == kept


@pytest.mark.parametrize(
    "note",
    [
        "",
        "回电时间 2026-11-26 10:30，金额 1,200.00 元",
        "the instalments are 1200 1500 1800 2000",
        "letter 4711 of 2026-11-02, branch 0123",
        "decision 5d2f0d7e-8f0c-5f3b-9a3e-2b6f2a1c4d10",
        "seen at 1732612345678",
        "😀 \u202e مرحبا '; DROP TABLE outcomes; --",
        "limit from 40000 to 168000",
    ],
)
def test_what_is_no_such_number_stays_as_it_is(note: str) -> None:
    assert scrub(note) == note


def with_luhn(body: str) -> str:
    doubled = [2 * int(one) for one in body[::-2]]
    total = sum(map(int, body[-2::-2])) + sum(one - 9 if one > 9 else one for one in doubled)
    return f"{body}{-total % 10}"


def with_check(body: str) -> str:
    return body + CHECKS[sum(weight * int(one) for weight, one in zip(WEIGHTS, body, strict=True)) % 11]


digits = st.text("0123456789", min_size=40, max_size=40)
cards = st.builds(
    lambda first, rest, length: with_luhn((first + rest)[: length - 1]),
    st.sampled_from(["4", "51", "2221", "34", "62", "95"]), digits, st.integers(13, 19),
)  # fmt: skip
identities = st.builds(
    lambda place, born, rest: with_check(f"{place}{born:%Y%m%d}{rest[:3]}"),
    st.integers(110000, 659999), st.dates(date(1930, 1, 1), date(2015, 1, 1)), digits,
)  # fmt: skip
phones = st.builds(lambda second, rest: f"1{second}{rest[:9]}", st.integers(3, 9), digits)
separators = st.sampled_from(["", " ", "-", "–", ".", "  ", " - ", "\u3000", "\u200b", "·"])
words = st.text(
    st.characters(exclude_categories=["Cs"]).filter(lambda one: not _is_of_a_number(one)), max_size=20
)  # fmt: skip


def _is_of_a_number(char: str) -> bool:
    return (
        unicodedata.numeric(char, None) is not None
        or char in "〇零幺+＋﬩⁺₊﹢"
        or not unicodedata.normalize("NFKC", char)
    )


@st.composite
def written(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and a note in which it stands, in groups, in some script, between words without digits."""
    number = draw(numbers)
    script, between = draw(st.sampled_from(SCRIPTS)), draw(separators)
    size = draw(st.integers(3, 6))
    groups = [number[at : at + size] for at in range(0, len(number), size)]
    shown = between.join(groups).translate(script)
    return number, f"{draw(words)} {shown} {draw(words)}"


def digits_of(text: str) -> str:
    """What a reader sees as digits and letters."""
    return "".join(
        str(digit) if (digit := unicodedata.digit(one, None)) is not None else one
        for one in text.translate({ord(word): str(at) for at, word in enumerate("零一二三四五六七八九")})
        if one.isalnum()
    )


@given(written(cards | identities | phones))
def test_no_number_survives_in_any_spelling(case: tuple[str, str]) -> None:
    number, note = case
    kept = digits_of(scrub(note))
    assert number not in kept
    assert number[-5:] not in kept


@given(written(cards | identities | phones), written(cards | phones))
def test_scrubbing_twice_changes_nothing_more(one: tuple[str, str], other: tuple[str, str]) -> None:
    once = scrub(one[1] + other[1])
    assert scrub(once) == once


@given(st.text(max_size=200))
def test_any_text_is_taken_and_only_becomes_a_note(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once


@given(identities)
def test_of_an_identity_number_nothing_is_left(number: str) -> None:
    assume(number[-1] != "X")
    assert scrub(f"no {number}.") == "no [identity number]."
