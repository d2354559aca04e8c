"""Both catalogues of the customer's page are complete, and its templates hold no words of their own."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import serving.own_act
from linewise.core.formatters import babel_locale
from serving.agent.languages import LANGUAGES
from serving.own_act.rendering import LOCALE_DIR
from tests.serving.agent.test_languages import HOLE, KEYWORDS, METHODS

PACKAGE = Path(serving.own_act.__file__).parent
Messages = dict[str | tuple[str, ...], tuple[str, ...]]


def used_messages() -> set[str | tuple[str, ...]]:
    options = {"templates/**.html": {"silent": "false"}}
    return {message for _, _, message, _, _ in extract_from_dir(PACKAGE, METHODS, options, keywords=KEYWORDS)}


def catalogue(language: str) -> Messages:
    with (LOCALE_DIR / babel_locale(language) / "LC_MESSAGES" / "own_act.po").open("rb") as file:
        messages = [one for one in read_po(file) if one.id]
    return {one.id: (one.string,) if isinstance(one.string, str) else tuple(one.string or ()) for one in messages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_what_is_said_and_fills_the_same_holes(language: str) -> None:
    said = catalogue(language)
    assert set(said) == used_messages()
    for message, strings in said.items():
        wanted = set(HOLE.findall(message if isinstance(message, str) else message[-1]))
        assert all(string and set(HOLE.findall(string)) == wanted for string in strings)


def test_templates_hold_no_words_of_their_own() -> None:
    marked = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|<[^>]*>", re.DOTALL)
    for path in (PACKAGE / "templates").rglob("*.html"):
        assert not re.findall(r"[^\W\d_]+", marked.sub(" ", path.read_text(encoding="utf-8")))
