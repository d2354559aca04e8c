"""The languages of the screen: which one a request wants, and its message catalogue.

Catalogues are kept as `.po` text only and compiled in memory at the start: two of a few kilobytes take
milliseconds, so there is no build step that a user could forget and no binary that could disagree with
its source.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from fastapi import Request, Response

from linewise.core.formatters import babel_locale

__all__ = ["LANGUAGES", "keep_language", "language_of", "translations"]

LANGUAGES: Mapping[str, str] = {"zh-CN": "中文", "en": "English"}
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGE_COOKIE = "linewise_language"
A_YEAR_SECONDS = 365 * 24 * 3600


@cache
def translations(language: str) -> Translations:
    """The messages of one of LANGUAGES."""
    folder = LOCALE_DIR / babel_locale(language) / "LC_MESSAGES"
    with (folder / "agent.po").open("rb") as file:
        catalogue = read_po(file, locale=babel_locale(language), domain="agent")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="agent")


def language_of(request: Request) -> str:
    """The language asked for in the address (`?lang=`), else the one kept, else that of the settings."""
    asked = (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""))
    return next((one for one in asked if one in LANGUAGES), str(request.app.state.language))


def keep_language(request: Request, response: Response) -> None:
    """Remember a language that was asked for in the address."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            asked,
            max_age=A_YEAR_SECONDS,
            path=request.scope.get("root_path") or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
