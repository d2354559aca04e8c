"""What a gateway refuses in a promotional message, told before anybody is on a list and again before a file is written.

Templates without variables, a signature that the gateway puts in brackets of its own, an ending that says how to
refuse, links to addresses that can be known, no symbols: as gateways of mainland China publish their rules.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from linewise.core.scrubbing import scrub
from linewise.policy.catalogue import Catalogue, treated

__all__ = ["Message", "Refusal", "message_of", "refusals_of"]

VARIABLE = re.compile(r"\$\{|\{\{|\}\}|\{[^}]*\}|#[\w.]+#|\[\[|<%|%[sd]\b|%\(\w+\)[sd]|&\w+&")
"""How gateways and templates mark what is filled in."""

BRACKETS = re.compile(r"[【】]")
SIGNED = re.compile(r"[【】\[\]]")
HOW_TO_REFUSE = re.compile(r"拒收|退订|回复?\s*(?:TD|T|N|R)\b|\bSTOP\b|\bunsubscribe\b|\bopt[ -]out\b", re.IGNORECASE)
LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s，。；、）)】]+"
    r"|(?<![a-z0-9@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s，。；、）)】]*",
    re.IGNORECASE,
)
"""With its scheme, or a domain that begins with www or has a path: what handsets make a link of."""

SHORTENERS = frozenset(
    {
        "bit.ly", "tinyurl.com", "goo.gl", "t.co", "ow.ly", "is.gd", "rb.gy", "cutt.ly", "t.cn", "url.cn", "dwz.cn",
        "suo.im", "suo.nz", "mrw.so", "w.url.cn", "tb.cn", "rebrand.ly", "shorturl.at",
    }
)  # fmt: skip
"""Addresses behind which anybody's page may stand; a short one of the bank's own is none of them."""

NUMERIC_HOST = re.compile(r"|[\d.]+|.*:.*")
PROGRAM = re.compile(r"\.(?:apk|ipa|exe)$", re.IGNORECASE)
SYMBOLS = frozenset("©®™°")
"""Symbols in names of products, which gateways take."""

LONGEST_MESSAGE = 500
"""Characters with the signature."""


@dataclass(frozen=True, slots=True)
class Message:
    """A promotional message: its text, what it always ends with (empty where nothing), under which signature."""

    says: str
    ending: str
    signature: str

    @property
    def whole(self) -> str:
        """As it stands on a handset: the gateway puts the signature in front, a Latin one in Latin brackets."""
        if not self.signature:
            return self.says
        return f"[{self.signature}]{self.says}" if self.signature.isascii() else f"【{self.signature}】{self.says}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a gateway does not take a message: what is wrong with it, what was expected, and what to do."""

    problem: str
    expected: str
    next_step: str = "Word the offer otherwise in catalogue.yaml."


def message_of(catalogue: Catalogue, offer_id: str, channel: str, language: str, signature: str) -> Message:
    """The message in which an offer is put by a channel."""
    ending = catalogue.treatments[channel].ending
    return Message(
        treated(catalogue, offer_id, channel, language).says,
        "" if ending is None else ending.in_language(language),
        signature,
    )


def refusals_of(message: Message, channel: str) -> Iterator[Refusal]:
    """Everything that speaks against sending the message; what an app shows has to be the same for all, and no more."""
    if VARIABLE.search(message.says):
        yield Refusal(
            f"it has a variable in it: {message.says!r}.",
            "A text that is the same for everybody was expected: promotional templates carry no variables.",
            "Word the offer without it in catalogue.yaml; personal amounts stand behind a link.",
        )
    if channel == "sms":
        yield from _unrefusable(message)
        yield from _wrongly_signed(message)
        yield from _unfit_links(message.says)
        yield from _unfit_characters(message)


def _unrefusable(message: Message) -> Iterator[Refusal]:
    if not HOW_TO_REFUSE.search(message.ending):
        yield Refusal(
            "it does not end with how to refuse.",
            "An `ending` of the treatment of sms was expected, such as 拒收请回复R.",
            "Write it into the treatments of catalogue.yaml.",
        )


def _wrongly_signed(message: Message) -> Iterator[Refusal]:
    if not message.signature.strip():
        yield Refusal(
            "it has no signature.",
            "The name under which the gateway knows the bank was expected: refusals are kept by it.",
            "Write it beside the template's code in the campaign's file.",
        )
    elif SIGNED.search(message.signature):
        yield Refusal(
            f"its signature {message.signature!r} has brackets.",
            "The name alone was expected: the gateway puts it in brackets.",
            "Write it so in the campaign's file.",
        )
    if BRACKETS.search(message.says):
        yield Refusal(
            "it has 【 or 】 in its text, where only signatures stand in them.", "Other brackets were expected."
        )


def _unfit_links(says: str) -> Iterator[Refusal]:
    for link in (one.rstrip(".,;:!?") for one in LINK.findall(says)):
        named = _parsed(link)
        host = (named.hostname or "").removeprefix("www.")
        if host in SHORTENERS:
            yield Refusal(
                f"its link {link!r} is of a public shortener.",
                "An address of the bank's own was expected: behind that one anybody's page may stand.",
            )
        elif NUMERIC_HOST.fullmatch(host):
            yield Refusal(f"its link {link!r} names no domain.", "An address of the bank's own domain was expected.")
        elif PROGRAM.search(named.path):
            yield Refusal(f"its link {link!r} loads a program.", "A page of the bank's own was expected.")
        elif named.scheme not in ("", "https"):
            yield Refusal(f"its link {link!r} is not sealed.", "A link with https was expected.")


def _parsed(link: str) -> SplitResult:
    with suppress(ValueError):
        return urlsplit(link if "://" in link else f"//{link}")
    return SplitResult("", "", "", "", "")


def _unfit_characters(message: Message) -> Iterator[Refusal]:
    if symbols := sorted({one for one in message.whole if _is_symbol(one)}):
        told = " ".join(symbols)
        yield Refusal(f"it has symbols that gateways do not take: {told}.", "Letters, digits and marks were expected.")
    if scrub(message.says) != message.says:
        yield Refusal(
            "it has the number of a card, an identity card or a person's telephone in it.",
            "A text without any was expected; the number of the bank's own hotline is short enough.",
        )
    if len(message.whole) > LONGEST_MESSAGE:
        yield Refusal(
            f"it has {len(message.whole)} characters with its signature.",
            f"At most {LONGEST_MESSAGE} were expected.",
        )


def _is_symbol(char: str) -> bool:
    return char not in SYMBOLS and (unicodedata.category(char) == "So" or ord(char) > 0xFFFF)
