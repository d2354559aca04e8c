"""Templates of a room with the messages of a language, and how a page links to itself in the other languages."""

from functools import partial
from pathlib import Path

from babel.support import Translations
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from linewise.core.formatters import show_date, show_money, show_percent
from serving.agent.languages import LANGUAGES

__all__ = ["environment_of", "language_links"]


def environment_of(templates_dir: Path, messages: Translations, language: str) -> Environment:
    """The templates of a folder in one language: escaping always, an unknown name is an error.

    They write money, shares and days (`money`, `percent`, `day`) as one does in that language.
    """
    made = Environment(
        loader=FileSystemLoader(templates_dir),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(messages.gettext, messages.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "money": partial(show_money, language=language),
        "percent": partial(show_percent, language=language),
        "day": partial(show_date, language=language),
    }
    made.globals |= {"language": language}
    return made


def language_links(request: Request, **kept: str) -> list[tuple[str, str, str]]:
    """Tag, name and address of this same page in every language; kept: what the links carry on."""
    return [
        (tag, name, f"?{request.url.include_query_params(lang=tag, **kept).query}") for tag, name in LANGUAGES.items()
    ]
