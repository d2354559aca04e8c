"""Words that no text of a policy may carry: the list is data, with a source for each."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from linewise.policy.checking.draft import Draft
from linewise.policy.checking.finding import Finding
from linewise.policy.checking.texts import PolicyText, texts_of
from linewise.policy.standard_folder import policy_folder
from linewise.policy.yaml_source import Strict, load_checked

__all__ = ["WordsFile", "prohibited_words"]

Words = tuple[Annotated[str, Field(min_length=2)], ...]


class _WordGroup(Strict):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z_]+$")]
    zh_cn: Annotated[Words, Field(alias="zh-CN")]
    en: Words
    unless: Words = ()
    kinds: tuple[Literal["service", "retention", "promotional", "mandatory"], ...] = ()
    grade: Literal["error", "warning"]
    because: str
    instead: str
    source: str

    def met_in(self, text: str, language: str) -> str | None:
        """The first of the words that the text carries, or None."""
        bare = text.lower() if language == "en" else text
        for allowed in self.unless:
            bare = bare.replace(allowed.lower() if language == "en" else allowed, " ")
        words = self.en if language == "en" else self.zh_cn
        return next((word for word in words if (word.lower() if language == "en" else word) in bare), None)


class WordsFile(Strict):
    """The shape of words.yaml."""

    version: str
    words: Annotated[list[_WordGroup], Field(min_length=1)]


def prohibited_words(draft: Draft) -> Iterator[Finding]:
    """Words that are prohibited, by the list of the folder, or by ours where it has none."""
    own = draft.root / "words.yaml"
    path = own if own.is_file() else policy_folder(None) / "words.yaml"
    groups = load_checked(path, WordsFile).words
    for text in texts_of(draft):
        for group in groups:
            if not group.kinds or text.kind in group.kinds:
                yield from _met(draft, text, group)


def _met(draft: Draft, text: PolicyText, group: _WordGroup) -> Iterator[Finding]:
    for language, said in text.text.by_language().items():
        if word := group.met_in(said, language):
            problem = f"{said!r} carries {word!r} ({group.code}). {group.because}"
            yield text.finding(draft, "words", group.grade, language, problem, f"{group.instead} {group.source}")
