"""Into how many parts a text message falls: each is billed, and a handset puts them together again.

After 3GPP TS 23.038 (the seven-bit alphabet) and TS 23.040 (the header by which parts find each other).
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Parts", "parts_of"]

SEVEN_BITS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")
"""Characters of the alphabet's extension, which take two places."""

Coding = Literal["GSM-7", "UCS-2"]
LONGEST: dict[Coding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
"""Places in a message of one part, and in each part of a longer one."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How a message is coded, how many places it takes, and in how many parts it is sent."""

    coding: Coding
    place_count: int
    part_count: int


def parts_of(text: str) -> Parts:
    """The parts of a text as it stands on a handset; one character outside the seven-bit alphabet recodes all of it.

    >>> parts_of("a" * 161)
    Parts(coding='GSM-7', place_count=161, part_count=2)
    """
    coding: Coding = "GSM-7" if all(one in SEVEN_BITS or one in ESCAPED for one in text) else "UCS-2"
    widths = [_width(one, coding) for one in text]
    alone, each = LONGEST[coding]
    if sum(widths) <= alone:
        return Parts(coding, sum(widths), 1)
    count, filled = 1, 0
    for width in widths:
        # What takes two places stands in one part.
        if filled + width > each:
            count, filled = count + 1, 0
        filled += width
    return Parts(coding, sum(widths), count)


def _width(char: str, coding: Coding) -> int:
    return 2 if (char in ESCAPED if coding == "GSM-7" else ord(char) > 0xFFFF) else 1
