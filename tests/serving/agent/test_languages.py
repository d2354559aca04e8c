"""Both catalogues are complete, and the language stays where the agent put it."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

import serving.agent
from serving.agent.languages import LANGUAGES, LOCALE_DIR, translations
from tests.serving.agent.reading import text_of

PACKAGE = Path(serving.agent.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
HOLE = re.compile(r"%\(\w+\)s")


def used_messages() -> set[str | tuple[str, ...]]:
    options = {"templates/**.html": {"silent": "false"}}
    found = extract_from_dir(PACKAGE, METHODS, options, keywords=KEYWORDS, strip_comment_tags=False)
    return {message for _, _, message, _, _ in found}


def catalogue(language: str) -> dict[str | tuple[str, ...], tuple[str, ...]]:
    folder = {"zh-CN": "zh_Hans_CN"}.get(language, language)
    with (LOCALE_DIR / folder / "LC_MESSAGES" / "agent.po").open("rb") as file:
        messages = [one for one in read_po(file) if one.id]
    assert not [one.id for one in messages if one.fuzzy]
    return {one.id: (one.string,) if isinstance(one.string, str) else tuple(one.string or ()) for one in messages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_holds_exactly_the_messages_that_are_used(language: str) -> None:
    assert set(catalogue(language)) == used_messages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_and_each_fills_the_same_holes(language: str) -> None:
    for message, strings in catalogue(language).items():
        wanted = set(HOLE.findall(message if isinstance(message, str) else message[-1]))
        assert strings
        for string in strings:
            assert string
            assert set(HOLE.findall(string)) == wanted


@pytest.mark.parametrize(("days", "said"), [(1, "1 day old"), (2, "2 days old")])
def test_english_counts_one_apart(days: int, said: str) -> None:
    say = translations("en").ngettext
    assert say("%(num)s day old", "%(num)s days old", days) % {"num": days} == said


def test_templates_hold_no_words_of_their_own() -> None:
    marked = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|<[^>]*>", re.DOTALL)
    allowed = {"Linewise", "Alt", *"ADGHLMNPQRTUW", "&middot;"}
    for path in (PACKAGE / "templates").rglob("*.html"):
        words = set(re.findall(r"[^\W\d_]+", marked.sub(" ", path.read_text(encoding="utf-8"))))
        assert words <= allowed, path.name


def test_chinese_is_the_default_and_the_choice_is_kept(client: TestClient) -> None:
    assert "查找客户" in text_of(client.get("/agent/"))
    assert "Find a customer" in text_of(client.get("/agent/?lang=en"))
    assert "Find a customer" in text_of(client.get("/agent/"))
    assert "查找客户" in text_of(client.get("/agent/?lang=zh-CN"))


@pytest.mark.parametrize("asked", ["", "fr", "../../etc", "<b>"])
def test_unknown_language_is_passed_over(client: TestClient, asked: str) -> None:
    assert "查找客户" in text_of(client.get("/agent/", params={"lang": asked}))


def test_changing_the_language_keeps_the_search(client: TestClient) -> None:
    assert 'href="?q=25&amp;lang=en"' in client.get("/agent/?q=25").text
