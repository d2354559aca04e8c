"""Card, identity and phone numbers taken out of free text, however they are written; notes and logs pass through it.

What a number is comes from ISO/IEC 7812-1 (cards: 13 to 19 digits, the last one by Luhn), GB 11643-1999 (identity
cards: 18 characters, the last one by ISO 7064 MOD 11-2; 15 digits before 1999) and ITU-T E.164 (phones: at most 15
digits behind a plus); mobile numbers of mainland China are 11 digits that begin with 13 to 19.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

__all__ = ["scrub"]

NAMES_OF_DIGITS = ("〇零", "一幺", "二", "三", "四", "五", "六", "七", "八", "九")
SPOKEN = {name: str(digit) for digit, names in enumerate(NAMES_OF_DIGITS) for name in names}
"""Digits as they are said and typed in Chinese."""

ALIKE = dict.fromkeys("−‐‑‒–—―·•・", "-") | dict.fromkeys("Хх×", "X") | dict.fromkeys("，、", ",")
"""What stands for a dash, for the letter that may end an identity number, and for a comma."""

SHORTEST = 11
"""Fewer digits are none of these numbers, but for a phone behind a plus."""

RUN = re.compile(r"\d(?:(?:[ \-./_()]{1,3}|,)?\d)*")
"""Digits, in groups that something short stands between."""

OWN_ID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
"""An id of ours (a UUID), whose digits are nobody's number."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

PHONE = re.compile(r"(?:86|086|0086|0)?1[3-9]\d{9}")
ISSUED = re.compile(r"[3-9]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720")
"""How numbers of cards begin: those of years and moments do not."""

FEWEST_ABROAD, MOST_ABROAD = 8, 15

LONGEST_GROUP = 64

IDENTITY = "[identity number]"


def scrub(text: str) -> str:
    """The text with each card and phone number cut to its last four digits, and each identity number gone.

    Digits may be of any script, full width, circled or Chinese words, with spaces, dashes, dots or nothing
    between. Where it cannot be told (an order's number whose last digit happens to fit) the number goes too:
    a note loses less by that than a customer by the other. What was scrubbed once stays as it is.
    """
    if sum(map(_may_be_digit, text)) < FEWEST_ABROAD:
        return text
    # What stood beside a number may begin or end as one only once that is gone.
    while (scrubbed := _scrubbed_once(text)) != text:
        text = scrubbed
    return text


def _scrubbed_once(text: str) -> str:
    plain, places = _plain(text)
    pieces, done = [], 0
    for start, end, kept in _found(plain):
        pieces += [text[done : places[start]], kept]
        done = places[end - 1] + 1
    return "".join([*pieces, text[done:]]) if pieces else text


# ---- one spelling ------------------------------------------------------------------------------------------


def _may_be_digit(char: str) -> bool:
    return char.isdigit() or char in SPOKEN


@lru_cache(maxsize=4096)
def _one_plain(char: str) -> str:
    """A character in its plain spelling; an empty one for what is not seen between digits (joiners, accents)."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    alike = SPOKEN.get(char) or ALIKE.get(char)
    if alike:
        return alike
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Pd" or char.isspace():
        return "-" if category == "Pd" else " "
    folded = unicodedata.normalize("NFKC", char).upper()
    return folded if len(folded) == 1 else "?"


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in plain spelling, and where each of its characters stood."""
    spelt = [(place, _one_plain(char)) for place, char in enumerate(text)]
    return "".join(one for _, one in spelt), [place for place, one in spelt if one]


# ---- finding -----------------------------------------------------------------------------------------------


def _found(plain: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each number in the plain spelling, and what is left of it; in order, none over another."""
    ids = [found.span() for found in OWN_ID.finditer(plain) if re.search("[A-F]", found[0])]
    for run in RUN.finditer(plain):
        if not any(start <= run.start() < end for start, end in ids):
            yield from _found_in_run(plain, run.start(), run.end())


def _found_in_run(plain: str, begin: int, end: int) -> Iterator[tuple[int, int, str]]:
    at = [place for place in range(begin, end) if plain[place].isdigit()]
    digits = "".join(plain[place] for place in at)
    is_abroad = plain[max(0, begin - 3) : begin].rstrip(" (").endswith("+")
    if len(digits) < (FEWEST_ABROAD if is_abroad else SHORTEST - 1):
        return
    # Where a group of digits begins and ends: a number does not begin in the midst of a short group.
    begins = {i for i in range(len(at)) if i == 0 or at[i] - at[i - 1] > 1}
    ends = {i + 1 for i in range(len(at)) if i + 1 == len(at) or i + 1 in begins}
    letter = _letter_behind(plain, end)
    first = 0
    while first < len(digits):
        length, kept = _number_at(digits, first, begins, ends, letter=letter, is_abroad=is_abroad and first == 0)
        if not length:
            first += 1
            continue
        last = first + length
        is_with_letter = last > len(digits)
        stop = letter + 1 if is_with_letter else at[last - 1] + 1
        yield at[first], stop, kept
        first = last


def _letter_behind(plain: str, end: int) -> int:
    """The place of an X that ends an identity number behind these digits, or 0."""
    behind = re.match(r"[ \-./]{0,3}X(?![A-Z])", plain[end : end + 5])
    return end + behind.end() - 1 if behind else 0


def _number_at(
    digits: str, first: int, begins: set[int], ends: set[int], *, letter: int, is_abroad: bool
) -> tuple[int, str]:
    """How many characters from here on are one number, and what is left of it; 0 where none begins here."""
    found = _numbers_at(digits, first, begins, ends, letter=letter, is_abroad=is_abroad)
    return next((one for one in found if one[0]), (0, ""))


def _numbers_at(
    digits: str, first: int, begins: set[int], ends: set[int], *, letter: int, is_abroad: bool
) -> Iterator[tuple[int, str]]:
    """What may begin here, the surest first; 0 for the length of what does not."""
    rest, is_begun = digits[first:], first in begins
    group = next(end for end in range(first + 1, len(digits) + 1) if end in ends) - first
    if letter and len(rest) == 17 and _is_identity(rest + "X"):
        yield 18, IDENTITY
    if is_begun and first + 18 in ends and _is_identity(rest[:18]):
        yield 18, IDENTITY
    if is_begun and first + 15 in ends and _is_old_identity(rest[:15]):
        yield 15, IDENTITY
    if is_begun:
        phone = _phone_length(rest, first, ends)
        yield phone, f"[phone …{rest[phone - 4 : phone]}]"
        card = _card_length(rest, first, ends)
        yield card, f"[card …{rest[card - 4 : card]}]"
        # Which digits of a longer group are the card's cannot be told, so none is kept.
        yield group if group > 13 and _hides_card(rest[:group]) else 0, "[card number]"
    if group >= 18 and _is_identity(rest[:18]):
        yield 18, IDENTITY
    if is_abroad and rest[0] != "0":
        abroad = max((end for end in ends if FEWEST_ABROAD <= end <= MOST_ABROAD), default=0)
        yield abroad, f"[phone …{rest[abroad - 4 : abroad]}]"


def _card_length(rest: str, first: int, ends: set[int]) -> int:
    """The length of a card's number of whole groups that begins here, 0 where there is none."""
    if not ISSUED.match(rest):
        return 0
    lengths = range(min(19, len(rest)), 12, -1)
    return next((length for length in lengths if first + length in ends and _is_luhn(rest[:length])), 0)


def _hides_card(group: str) -> bool:
    """Whether a card's number stands somewhere in digits with nothing between, or they are too many to be looked at."""
    if len(group) > LONGEST_GROUP:
        return True
    starts = (start for start in range(len(group) - 12) if ISSUED.match(group, start))
    return any(
        _is_luhn(group[start:end]) for start in starts for end in range(start + 13, min(start + 19, len(group)) + 1)
    )


def _phone_length(rest: str, first: int, ends: set[int]) -> int:
    found = PHONE.match(rest)
    return found.end() if found and first + found.end() in ends else 0


def _is_luhn(digits: str) -> bool:
    doubled = (2 * int(one) for one in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(one - 9 if one > 9 else one for one in doubled)) % 10 == 0


def _is_identity(text: str) -> bool:
    if text[0] not in "12345678" or not text[:17].isdigit():
        return False
    rest = sum(weight * int(one) for weight, one in zip(WEIGHTS, text, strict=False)) % 11
    return text[17] == CHECKS[rest] or _is_day(text[6:10], text[10:12], text[12:14])


def _is_old_identity(digits: str) -> bool:
    return len(digits) == 15 and digits[0] in "12345678" and _is_day("19" + digits[6:8], digits[8:10], digits[10:12])


def _is_day(year: str, month: str, day: str) -> bool:
    if not "1880" <= year <= "2100":
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
