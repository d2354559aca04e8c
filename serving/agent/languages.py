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

__all__ = ["LANGUAGES", "asked_language", "catalogue_of", "keep_language", "language_of", "translations"]

LANGUAGES: Mapping[str, str] = {"zh-CN": "中文", "en": "English"}
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGE_COOKIE = "linewise_language"
A_YEAR_SECONDS = 365 * 24 * 3600


def translations(language: str) -> Translations:
    """The messages of the agent's screen in one of LANGUAGES."""
    return catalogue_of(LOCALE_DIR, "agent", language)


@cache
def catalogue_of(folder: Path, domain: str, language: str) -> Translations:
    """The messages of a room, whose catalogues lie in that folder, in one of LANGUAGES."""
    with (folder / babel_locale(language) / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file, locale=babel_locale(language), domain=domain)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=domain)


def language_of(request: Request) -> str:
    """The language asked for in the address (`?lang=`), else the one kept, else that of the settings."""
    return asked_language(request) or str(request.app.state.language)


def asked_language(request: Request) -> str:
    """The language asked for in the address, else the one kept, else an empty one."""
    asked = (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""))
    return next((one for one in asked if one in LANGUAGES), "")


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
