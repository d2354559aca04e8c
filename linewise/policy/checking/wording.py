"""How long texts are, and whether each is in its own language."""

import re
from collections.abc import Iterator

from linewise.policy.catalogue.texts import LANGUAGES, spoken_sentences
from linewise.policy.checking.draft import Draft
from linewise.policy.checking.finding import Finding, Grade
from linewise.policy.checking.texts import PolicyText, texts_of

__all__ = ["in_their_language", "sentence_lengths", "time_to_say", "treatment_lengths"]

LONGEST_SENTENCE_COUNT = 30
"""Characters of a spoken sentence: agent screen, section 3."""
LONGEST_SENTENCE_WORDS = 30
LONGEST_TITLE = {"zh-CN": 40, "en": 80}
MOST_SENTENCES_OF = {"talk_track": 2, "menu_line": 1}
LONGEST_SECONDS = 45
"""Talk track and disclosure together: longer than that nobody listens; our default."""

HAN = re.compile(r"[一-鿿]")


def in_their_language(draft: Draft) -> Iterator[Finding]:
    """A text in Chinese has Chinese characters, and one in English has none."""
    for text in texts_of(draft):
        for language, said in text.text.by_language().items():
            if bool(HAN.search(said)) != (language == "zh-CN"):
                yield text.finding(
                    draft, "language", "error", language, f"{said!r} is not in {language}.", "Write it in its language."
                )


def sentence_lengths(draft: Draft) -> Iterator[Finding]:
    """Titles fit their card, a talk track has two sentences at most, and each can be said in a breath."""
    for text in texts_of(draft):
        for language, said in text.text.by_language().items():
            if text.role == "title":
                yield from _title(draft, text, language, said)
            elif text.role != "benefit":
                yield from _spoken(draft, text, language, said)


def _title(draft: Draft, text: PolicyText, language: str, said: str) -> Iterator[Finding]:
    if len(said) > LONGEST_TITLE[language]:
        problem = f"the title {said!r} has {len(said)} characters, at most {LONGEST_TITLE[language]} fit."
        yield text.finding(draft, "length", "error", language, problem, "Shorten it.")


def _spoken(draft: Draft, text: PolicyText, language: str, said: str) -> Iterator[Finding]:
    sentences = spoken_sentences(said)
    # What is read out by duty may be longer; what is said freely may not.
    grade: Grade = "error" if text.role == "spoken" else "warning"
    for one in sentences:
        count = len(one) if language == "zh-CN" else len(one.split())
        longest = LONGEST_SENTENCE_COUNT if language == "zh-CN" else LONGEST_SENTENCE_WORDS
        if count > longest:
            unit = "characters" if language == "zh-CN" else "words"
            problem = f"{one!r} has {count} {unit}, at most {longest} can be said in one breath."
            yield text.finding(draft, "length", grade, language, problem, "Make two sentences of it.")
    name = text.loc[-1] if text.loc else ""
    most = MOST_SENTENCES_OF.get(str(name))
    if most is not None and len(sentences) > most:
        problem = f"{name!r} has at most {most} sentence{'s' * (most > 1)}; this one has {len(sentences)}."
        yield text.finding(draft, "length", "error", language, problem, "Leave out what the terms say.")


def treatment_lengths(draft: Draft) -> Iterator[Finding]:
    """What a channel carries fits into it, with what always follows."""
    for offer in draft.offers:
        for place, channel in enumerate(offer.entry.channels):
            treatment = draft.treatments.get(channel)
            if treatment is None:
                problem = f"{channel!r} has no treatment, so nothing can be said there."
                next_step = f"Add a treatment for {channel!r}, or take the channel out."
                yield draft.about_offer("treatment", "error", offer, ("channels", place), problem, next_step)
                continue
            used = getattr(offer.entry, treatment.uses)
            if used is None:
                problem = f"in {channel!r} the {treatment.uses} is said, and there is none."
                next_step = f"Write {treatment.uses!r} in both languages, or take the channel out."
                yield draft.about_offer("treatment", "error", offer, ("channels", place), problem, next_step)
                continue
            for language, longest in zip(
                LANGUAGES, (treatment.longest_zh_count, treatment.longest_en_count), strict=True
            ):
                ending = treatment.ending.in_language(language) if treatment.ending else ""
                count = len(used.in_language(language)) + len(ending)
                if count > longest:
                    problem = f"in {channel!r} the {treatment.uses} takes {count} characters, at most {longest} fit."
                    steps = (treatment.uses, language)
                    yield draft.about_offer("treatment", "error", offer, steps, problem, "Shorten the text.")


def time_to_say(draft: Draft) -> Iterator[Finding]:
    """Talk track and disclosure together are said in a time for which somebody listens."""
    if draft.speaking_rate is None:
        return
    for offer in draft.offers:
        for language in LANGUAGES:
            texts = (offer.entry.talk_track, offer.entry.disclosure.text)
            seconds = sum(draft.speaking_rate.seconds(text.in_language(language), language) for text in texts)
            if seconds > LONGEST_SECONDS:
                problem = f"it takes {seconds} seconds to say it all, at most {LONGEST_SECONDS} are listened to."
                steps = ("disclosure", "text", language)
                yield draft.about_offer("time", "warning", offer, steps, problem, "Shorten the disclosure.")
