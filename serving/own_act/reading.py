"""The time that a customer is given to read: by the length of what stands there, from its opening to the yes."""

import hmac
import math
import re
from datetime import datetime
from html.parser import HTMLParser

from linewise.core.moments import from_microseconds, microseconds
from linewise.ledger.keys import KeyStore

__all__ = ["LONGEST_SECONDS", "opening_of", "reading_seconds", "seconds_since", "words_in"]

LONGEST_SECONDS = 120
"""Nobody is kept waiting longer than that, however much there is to read."""

WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:[.,'’\-][^\W_\u3400-\u9fff]+)*")
"""A Chinese character, or a word or number of another script; either takes about as long to read."""

SIGNED_DIGITS = 32


class _Words(HTMLParser):
    """What is read at once: what is folded away is read by who unfolds it."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._folded = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._folded += tag == "details"

    def handle_endtag(self, tag: str) -> None:
        self._folded -= tag == "details"

    def handle_data(self, data: str) -> None:
        if not self._folded:
            self.text.append(data)


def words_in(html: str) -> int:
    """How many words and Chinese characters a piece of a page shows at once.

    >>> words_in("<p>You pay ¥1,234.50 in all.</p><details>and more</details>"), words_in("<p>共付 12 期</p>")
    (6, 4)
    """
    reader = _Words()
    reader.feed(html)
    return len(WORD.findall(" ".join(reader.text)))


def reading_seconds(html: str, per_minute: int, least: int) -> int:
    """For how long that is read before a yes counts."""
    return min(max(math.ceil(60 * words_in(html) / per_minute), least), LONGEST_SECONDS)


def opening_of(keys: KeyStore, act_id: str, wall: datetime) -> str:
    """The moment at which a page was opened, signed: the browser carries it, and cannot make one up."""
    moment = str(microseconds(wall))
    return f"{moment}.{_signature(keys, act_id, moment)}"


def seconds_since(keys: KeyStore, act_id: str, opening: str, wall: datetime) -> float | None:
    """How long ago that was; None for what this service has not signed, or a moment yet to come."""
    moment, _, signature = opening.partition(".")
    expected = _signature(keys, act_id, moment)
    if not (moment.isascii() and moment.isdigit() and hmac.compare_digest(signature.encode(), expected.encode())):
        return None
    seconds = (wall - from_microseconds(int(moment))).total_seconds()
    return seconds if seconds >= 0 else None


def _signature(keys: KeyStore, act_id: str, moment: str) -> str:
    return keys.lookup(f"page of {act_id} opened at {moment}")[:SIGNED_DIGITS]
