"""Words of the catalogue in both languages of the screen, and how long it takes to say them."""

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from linewise.ledger.events import LINE_NAME, LONGEST_LINE_NAME
from linewise.policy.yaml_source import Strict

__all__ = ["LANGUAGES", "Disclosure", "Rebuttals", "Sentences", "SpeakingRate", "spoken_sentences"]

LANGUAGES = ("zh-CN", "en")

SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+")
"""Where a speaker breathes: a Chinese mark ends a sentence by itself, a Latin one with the space after it."""


class Sentences(Strict):
    """The same text in every language of the screen."""

    zh_cn: Annotated[str, Field(alias="zh-CN", min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        """The text in that language; English where the language is unknown."""
        return self.zh_cn if language == "zh-CN" else self.en

    def by_language(self) -> dict[str, str]:
        """Language tag to text."""
        return {"zh-CN": self.zh_cn, "en": self.en}


class Disclosure(Strict):
    """What must be read to the customer, with the version of its wording."""

    disclosure_id: Annotated[str, Field(min_length=1)]
    version: Annotated[str, Field(min_length=1)]
    text: Sentences

    @model_validator(mode="after")
    def _has_a_name_that_can_be_recorded(self) -> Self:
        name = f"{self.disclosure_id}/{self.version}"
        if len(name) > LONGEST_LINE_NAME or not LINE_NAME.fullmatch(name):
            raise ValueError(
                f"the disclosure {name!r} is recorded under its id and version: letters, digits, . _ and - of at most "
                f"{LONGEST_LINE_NAME} characters in all"
            )
        return self


class Rebuttals(Strict):
    """What an agent may answer to the two commonest objections; each may be said once and is never a push."""

    too_expensive: Sentences
    no_need: Sentences


class SpeakingRate(Strict):
    """How fast a person reads aloud so that another can follow."""

    zh_characters_a_minute: Annotated[int, Field(gt=0)]
    en_words_a_minute: Annotated[int, Field(gt=0)]
    source: Annotated[str, Field(min_length=1)]

    def seconds(self, text: str, language: str) -> int:
        """Seconds to say the text, rounded up.

        >>> rate = SpeakingRate(zh_characters_a_minute=240, en_words_a_minute=150, source="k")
        >>> rate.seconds("您可以办一张没有年费的卡。", "zh-CN"), rate.seconds("A card without a fee.", "en")
        (4, 2)
        """
        if language == "zh-CN":
            # A figure such as 13.00% is read out digit by digit: letters and digits count like characters.
            count, a_minute = len(re.findall(r"[\w%]", text)), self.zh_characters_a_minute
        else:
            count, a_minute = len(text.split()), self.en_words_a_minute
        return -(-count * 60 // a_minute)


def spoken_sentences(text: str) -> list[str]:
    """The sentences of a text, as they are spoken.

    >>> spoken_sentences("没有年费。随时可以停用。"), spoken_sentences("No fee, 13.00% a year. Stop it any time.")
    (['没有年费。', '随时可以停用。'], ['No fee, 13.00% a year.', 'Stop it any time.'])
    """
    return [one.strip() for one in SENTENCE_END.split(text) if one and one.strip()]
