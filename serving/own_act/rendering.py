"""Templates of the customer's page with their language: from a name and values to a page of HTML."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from linewise.core.formatters import show_date, show_money, show_percent
from serving.agent.csrf import keep_token, token_of
from serving.agent.languages import LANGUAGES, asked_language, catalogue_of, keep_language

__all__ = ["LOCALE_DIR", "language_for", "piece", "render", "say"]

ROOM = Path(__file__).parent
LOCALE_DIR = ROOM / "locale"


def say(language: str, message: str, **holes: object) -> str:
    """A message of the catalogue in a language."""
    return catalogue_of(LOCALE_DIR, "own_act", language).gettext(message) % holes


def language_for(request: Request, spoken: str) -> str:
    """The language asked for or kept, else the one that was spoken in the call, else that of the settings."""
    fitting = spoken if spoken in LANGUAGES else str(request.app.state.language)
    return asked_language(request) or fitting


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    messages = catalogue_of(LOCALE_DIR, "own_act", language)
    made.install_gettext_callables(messages.gettext, messages.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "money": partial(show_money, language=language),
        "percent": partial(show_percent, language=language),
        "day": partial(show_date, language=language),
    }
    made.globals |= {"language": language}
    return made


def piece(language: str, template: str, values: Mapping[str, Any]) -> str:
    """A part of a page, to be measured before it is shown."""
    return _environment(language).get_template(template).render(values)


def render(
    request: Request, language: str, template: str, values: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """A page in a language; it is never cached, nor found by a search engine.

    kept: of the values, what the links to the other languages carry on.
    """
    token = token_of(request)
    kept = dict(values.get("kept", {}))
    links = [
        (tag, name, f"?{request.url.include_query_params(lang=tag, **kept).query}") for tag, name in LANGUAGES.items()
    ]
    base = request.scope.get("root_path", "")
    html = piece(language, template, {**values, "base": base, "csrf_token": token, "language_links": links})
    response = HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Content-Language": language})
    keep_token(request, response, token)
    keep_language(request, response)
    return response
