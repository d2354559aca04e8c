"""Templates of the customer's page with their language: from a name and values to a page of HTML."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from serving.agent.csrf import keep_token, token_of
from serving.agent.languages import LANGUAGES, asked_language, catalogue_of, keep_language
from serving.agent.templating import environment_of, language_links

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
    return environment_of(ROOM / "templates", catalogue_of(LOCALE_DIR, "own_act", language), language)


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
    links = language_links(request, **values.get("kept", {}))
    base = request.scope.get("root_path", "")
    html = piece(language, template, {**values, "base": base, "csrf_token": token, "language_links": links})
    response = HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Content-Language": language})
    keep_token(request, response, token)
    keep_language(request, response)
    return response
