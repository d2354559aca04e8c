"""The page behind a customer's link: who asks and why, all costs, time to read them, and a yes or a no."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from markupsafe import Markup
from starlette.exceptions import HTTPException as StarletteHTTPException

from linewise.core.errors import LinewiseError, TooManyRequests
from linewise.ledger.own_acts import hash_of_token
from linewise.ledger.reaching import reaching
from serving.access import Access
from serving.access.rates import Rate
from serving.agent.csrf import enforce_token
from serving.agent.headers import SECURE_HEADERS, SecureHeaders
from serving.agent.wording import N_
from serving.own_act.reading import opening_of, reading_seconds, seconds_since
from serving.own_act.rendering import language_for, piece, render, say
from serving.own_act.words import OTHERWISE, OVER, PLANS, PROBLEMS, REASONS
from serving.scoring.own_act_desks.customers import Awaited, CustomersDesk
from serving.scoring.recommender import Recommender

__all__ = ["OWN_HEADERS", "own_act_app"]

STATIC_DIR = Path(__file__).parent / "static"

CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

OWN_HEADERS = MappingProxyType(
    {
        **SECURE_HEADERS,
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in CONTENT_POLICY.items()),
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
)
"""Stricter than on the agent's screen: nobody frames the page on which a customer agrees."""

OPENED_PER_MINUTE = 60
"""How often one link is opened or answered in a minute."""

LAST = 4

MOST_DIGITS = 15

NOT_READ_YET = N_("Not sent yet: please read on, and agree in %(seconds)s seconds.")
NOT_TICKED = N_("Not sent yet: tick that you have read the costs and terms.")

router = APIRouter()

Word = Annotated[str, Form(max_length=128)]


@dataclass(frozen=True)
class AnswerFields:
    """The form as it is sent; seen: the hash of the figures that were shown; amount: of what, in minor units."""

    answer: Word
    has_read: Word = ""
    seen: Word = ""
    opening: Word = ""
    reason: Word = ""
    amount: Word = ""


def _with_rate(request: Request, token: str) -> None:
    """Raise TooManyRequests for an address, or a link, that asks too often."""
    access: Access = request.app.state.access
    request.app.state.addresses.take(access.address_of(request))
    request.app.state.links.take(hash_of_token(token))


def _desk(request: Request) -> CustomersDesk:
    desk: CustomersDesk = request.app.state.desk
    return desk


Desk = Annotated[CustomersDesk, Depends(_desk)]
RATED = Depends(_with_rate)


def _over(request: Request, found: Awaited) -> Response:
    happened, then = OVER[found.stands]
    values = {
        "happened": happened,
        "then": then,
        "calls": found.stands in {"expired", "stopped", "taken_back"},
        "terms": found.terms,
        "plans": PLANS,
    }
    is_answered = found.stands in {"agreed", "refused"}
    return render(request, language_for(request, found.act.language), "over.html", values, 200 if is_answered else 410)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What stands on the page, the seconds that it takes to read, and how many of them are left since its opening."""

    html: str
    needed: int
    left: int
    opening: str


def _amount(text: str) -> int | None:
    # An amount that was chosen, in minor units; what is no number chooses nothing.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def _opened_for(found: Awaited) -> str:
    # Another amount has other costs: they are read from when they were first shown.
    is_whole = found.amount_amt == max(found.amounts, default=found.amount_amt)
    return found.act.act_id if is_whole else f"{found.act.act_id} for {found.amount_amt}"


def _read(request: Request, desk: CustomersDesk, found: Awaited, opening: str) -> _Reading:
    act, recommender, wall = found.act, _recommender(request), desk.wall()
    settings, keys = recommender.settings, recommender.ledger.keys
    hours = max(1, round((act.life - (wall - act.recorded_at)).total_seconds() / 3600))
    values = {
        "terms": found.terms,
        "plans": PLANS,
        "decided_at": found.decided_at,
        "digits": act.customer_id[-LAST:],
        "hours": hours,
        "has_choice": len(found.amounts) > 1,
    }
    html = piece(language_for(request, act.language), "terms.html", values)
    needed = reading_seconds(html, settings.reading_per_minute, settings.reading_seconds_least)
    opened_for = _opened_for(found)
    seconds = seconds_since(keys, opened_for, opening, wall)
    if seconds is None:
        opening, seconds = opening_of(keys, opened_for, wall), 0.0
    return _Reading(html, needed, max(0, math.ceil(needed - seconds)), opening)


def _page(
    request: Request, found: Awaited, reading: _Reading, *, problem: str = "", has_read: bool = False
) -> Response:
    """The page with its form; problem: why what was sent does not count yet."""
    language = language_for(request, found.act.language)
    values: dict[str, Any] = {
        "terms_html": Markup(reading.html),  # noqa: S704  rendered by our own template, which escapes
        "terms": found.terms,
        "reading": reading,
        "seen": found.seen_hash,
        "amounts": found.amounts,
        "amount_amt": found.amount_amt,
        "has_read": has_read,
        "reasons": REASONS,
        "problem": say(language, problem, seconds=reading.left) if problem else "",
        "kept": {"opening": reading.opening, "amount": str(found.amount_amt)},
    }
    return render(request, language, "act.html", values, 422 if problem else 200)


def _recommender(request: Request) -> Recommender:
    recommender: Recommender = request.app.state.recommender()
    return recommender


@router.get("/{token}", dependencies=[RATED])
def show(request: Request, desk: Desk, token: str, opening: str = "", amount: str = "") -> Response:
    """What the link leads to, as it stands now; that it was opened is written down before it is shown.

    amount: minor units of what the customer would take of it.
    """
    with reaching():
        found = desk.look(token, _amount(amount))
        if found is None:
            raise HTTPException(404)
        if found.stands != "awaiting_customer":
            return _over(request, found)
        return _page(request, found, _read(request, desk, found, opening))


@router.post("/{token}", dependencies=[RATED, Depends(enforce_token)])
def answer(request: Request, desk: Desk, token: str, typed: Annotated[AnswerFields, Depends()]) -> Response:
    """The customer's yes or no: once, in however many tabs, and a yes only after the time to read."""
    with reaching():
        if typed.answer == "refuse":
            stands = desk.refuse(token, typed.reason if typed.reason in REASONS else "")
        elif typed.answer == "agree":
            amount_amt = _amount(typed.amount)
            found = desk.look(token, amount_amt)
            if found is not None and found.stands == "awaiting_customer":
                reading = _read(request, desk, found, typed.opening)
                problem = NOT_READ_YET if reading.left else "" if typed.has_read else NOT_TICKED
                if problem:
                    return _page(request, found, reading, problem=problem, has_read=bool(typed.has_read))
            stands = desk.agree(token, typed.seen, amount_amt)
        else:
            raise HTTPException(422)
    if stands is None:
        raise HTTPException(404)
    return RedirectResponse(request.url.path, 303)


def _problem(request: Request, status: int) -> Response:
    happened, then = PROBLEMS.get(status, OTHERWISE)
    values = {"happened": happened, "then": then, "calls": True, "terms": {}, "plans": PLANS}
    return render(request, language_for(request, ""), "over.html", values, status)


def _tell_problems_plainly(app: FastAPI) -> None:
    @app.exception_handler(LinewiseError)
    def on_refusal(request: Request, error: LinewiseError) -> Response:
        response = _problem(request, error.http_status)
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.wait_seconds)
        return response

    @app.exception_handler(RequestValidationError)
    def on_malformed_form(request: Request, error: RequestValidationError) -> Response:
        return _problem(request, 422)

    @app.exception_handler(StarletteHTTPException)
    def on_http_error(request: Request, error: HTTPException) -> Response:
        return _problem(request, error.status_code)

    @app.exception_handler(Exception)
    def on_anything_else(request: Request, error: Exception) -> Response:
        response = _problem(request, 500)
        # Starlette answers these outside of all middleware, so the headers are added here.
        for name, value in OWN_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def own_act_app(recommender: Callable[[], Recommender], access: Access, language: str = "zh-CN") -> FastAPI:
    """The customers' pages as an app to be mounted (under `/own`): for whoever holds a link, and nobody signs in.

    `recommender` is asked at each request; `access` knows where requests come from.
    """
    app = FastAPI(openapi_url=None)
    app.state.recommender, app.state.access, app.state.language = recommender, access, language
    app.state.desk = CustomersDesk(recommender)
    settings = access.settings
    app.state.addresses = Rate(settings.address_per_minute, settings.workers)
    app.state.links = Rate(OPENED_PER_MINUTE, 1)
    app.mount("/static", StaticFiles(directory=STATIC_DIR), name="static")
    app.include_router(router)
    app.add_middleware(SecureHeaders, headers=OWN_HEADERS)
    _tell_problems_plainly(app)
    return app
