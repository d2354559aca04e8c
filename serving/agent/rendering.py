"""Templates with their language: from a name and values to a page of HTML."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from linewise.core.clock import as_utc
from linewise.core.formatters import show_date
from linewise.ledger.sessions import IDLE_AFTER
from serving.agent import wording
from serving.agent.csrf import keep_token, token_of
from serving.agent.languages import keep_language, language_of, translations
from serving.agent.limit_curve import limit_curve
from serving.agent.templating import environment_of, language_links

__all__ = ["TEMPLATES_DIR", "environment", "render"]

TEMPLATES_DIR = Path(__file__).parent / "templates"


def _day(moment: str | date, language: str) -> str:
    """A date, or the date of an ISO 8601 text, in words."""
    day = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return show_date(day, language)


def _clock(moment: datetime, zone: tzinfo) -> str:
    """The hour of a moment of the ledger, to the second, where the bank does business."""
    return f"{as_utc(moment).astimezone(zone):%H:%M:%S}"


def _session_seconds() -> int:
    """How long a page may stay open before its session ends: whoever got the page has just been there."""
    return int(IDLE_AFTER.total_seconds())


@cache
def environment(language: str) -> Environment:
    """The templates in one language: escaping always, an unknown name is an error."""
    made = environment_of(TEMPLATES_DIR, translations(language), language)
    made.filters |= {"day": partial(_day, language=language), "clock": _clock, "limit_curve": limit_curve}
    made.globals |= {"wording": wording}
    return made


def render(request: Request, template: str, values: Mapping[str, Any] | None = None, status: int = 200) -> HTMLResponse:
    """One page in the language of the request; it is never cached, for it is about a customer."""
    token, language = token_of(request), language_of(request)
    html = (
        environment(language)
        .get_template(template)
        .render(
            values or {},
            base=request.scope.get("root_path", ""),
            csrf_token=token,
            caller=getattr(request.state, "caller", None),
            session_seconds=_session_seconds(),
            has_settings=request.app.state.calls is not None,
            language_links=language_links(request),
        )
    )
    response = HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Content-Language": language})
    keep_token(request, response, token)
    keep_language(request, response)
    return response
