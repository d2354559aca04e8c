"""The agent's pages: find a customer, see one decision, record what the customer answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.staticfiles import StaticFiles

from serving.access import Access, Caller, needing
from serving.agent import kept_pages, let_in_pages, live_calls, settings_pages, signing_in
from serving.agent.answers import (
    LONGEST_NOTE,
    Answer,
    answers_by_offer,
    enforce_shown,
    problem_with,
    why_not_by_offer,
)
from serving.agent.csrf import enforce_token
from serving.agent.desk import AgentDesk
from serving.agent.headers import SecureHeaders
from serving.agent.languages import language_of, translations
from serving.agent.on_call import own_act_pages, sign_pages
from serving.agent.on_call import pages as call_pages
from serving.agent.on_call.waiting import waiting_calls
from serving.agent.opening import ask_why
from serving.agent.places import see
from serving.agent.preferences import preferences_for
from serving.agent.problems import show_problems_as_pages
from serving.agent.rendering import render
from serving.agent.team import pages as team_pages
from serving.agent.wording import ANSWERS, N_
from serving.calls.desk import CallDesk

__all__ = ["agent_app"]

STATIC_DIR = Path(__file__).parent / "static"
MOST_FOUND = 20
LONGEST_SEARCH = 64

router = APIRouter()

Reason = Annotated[str, Form(max_length=500)]


def _desk(request: Request) -> AgentDesk:
    open_desk: Callable[[], AgentDesk] = request.app.state.open_desk
    return open_desk()


Desk = Annotated[AgentDesk, Depends(_desk)]
Deciding = Annotated[Caller, Depends(needing("decisions:write"))]
Reading = Annotated[Caller, Depends(needing("decisions:read"))]
Telling = Annotated[Caller, Depends(needing("outcomes:write"))]


def _decision_page(
    request: Request, desk: AgentDesk, view: dict[str, Any], *, notice: str = "", refused: Answer | None = None
) -> Response:
    """The page of a recorded decision.

    `refused`: an answer that was not recorded; it is shown again as typed, so that nothing is lost.
    """
    values = {
        "view": view,
        "answered": answers_by_offer(desk.outcomes_of(view["decision_id"])),
        "why_not": why_not_by_offer(view["not_offered"]),
        "notice": notice,
        "refused": refused,
        "longest_note": LONGEST_NOTE,
        "prefs": preferences_for(request),
    }
    return render(request, "decision.html", values, status=422 if refused else 200)


def _what_was_recorded(request: Request, desk: AgentDesk, view: dict[str, Any]) -> str:
    """The sentence that confirms the answer which has just been sent, or an empty one."""
    answer = answers_by_offer(desk.outcomes_of(view["decision_id"])).get(request.query_params.get("answered", ""))
    title = next((one["title"] for one in view["offers"] if answer and one["offer_id"] == answer["offer_id"]), "")
    if answer is None or not title:
        return ""
    is_new = "again" not in request.query_params
    message = N_("Recorded: %(title)s, %(answer)s.") if is_new else N_("Nothing changed: %(title)s, %(answer)s.")
    say = translations(language_of(request)).gettext
    return say(message) % {"title": title, "answer": say(ANSWERS[answer["outcome"]])}


@router.get("/")
def find_page(request: Request, desk: Desk, agent: Deciding, q: str = "") -> Response:
    """The agent's calls, a search box and the customers whose number begins with what was typed."""
    text = q.strip()[:LONGEST_SEARCH]
    customers = desk.find_customers(text, MOST_FOUND)
    values = {"text": text, "customers": customers, "most": MOST_FOUND}
    return render(request, "find.html", values | waiting_calls(request, agent.name))


@router.post("/decisions", dependencies=[Depends(enforce_token)])
def decide(
    request: Request, desk: Desk, agent: Deciding, customer_id: Annotated[str, Form()], reason: Reason = ""
) -> Response:
    """Decide, record, and go to the page of the record: reloading that page decides nothing."""
    customer_id = customer_id.strip()
    asked = ask_why(request, desk, agent, customer_id, reason, {"customer_id": customer_id})
    if asked is not None:
        return asked
    view = desk.decide_for_agent(customer_id, language_of(request), agent.name)
    return see(request, f"/decisions/{view['decision_id']}")


@router.get("/decisions/{decision_id}")
def decision_page(request: Request, desk: Desk, agent: Reading, decision_id: str) -> Response:
    """A decision as it was recorded, with the answers so far."""
    return _opened(request, desk, agent, decision_id, "")


@router.post("/decisions/{decision_id}", dependencies=[Depends(enforce_token)])
def decision_page_for_a_reason(
    request: Request, desk: Desk, agent: Reading, decision_id: str, reason: Reason = ""
) -> Response:
    """The same page, for who said why they open it."""
    return _opened(request, desk, agent, decision_id, reason)


def _opened(request: Request, desk: AgentDesk, agent: Caller, decision_id: str, reason: str) -> Response:
    view = desk.decision_for_agent(decision_id)
    asked = ask_why(request, desk, agent, view["customer_id"], reason, {}, decision_id)
    if asked is not None:
        return asked
    if reason:
        return see(request, f"/decisions/{decision_id}")
    return _decision_page(request, desk, view, notice=_what_was_recorded(request, desk, view))


@router.post("/decisions/{decision_id}/answers", dependencies=[Depends(enforce_token)])
def answer_offer(
    request: Request,
    desk: Desk,
    agent: Telling,
    decision_id: str,
    offer_id: Annotated[str, Form()],
    outcome: Annotated[str, Form()],
    reason_code: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Record one answer, once: a second one to the same offer changes nothing and says so."""
    view = desk.decision_for_agent(decision_id)
    asked = ask_why(request, desk, agent, view["customer_id"], "", {}, decision_id)
    if asked is not None:
        return asked
    answer = Answer(offer_id, outcome, reason_code, note.strip())
    enforce_shown(answer, view)
    if problem := problem_with(answer):
        sentence = translations(language_of(request)).gettext(problem)
        return _decision_page(request, desk, view, notice=sentence, refused=answer)
    is_new = offer_id not in answers_by_offer(desk.outcomes_of(decision_id))
    if is_new:
        # Off the telephone one decision stands for one call.
        _, is_new = desk.record_outcome(
            decision_id, offer_id, outcome, reason_code, answer.note, agent.name, decision_id
        )
    query = {"answered": offer_id} | ({} if is_new else {"again": "1"})
    return see(request, f"/decisions/{view['decision_id']}", urlencode(query))


@router.get("/decisions")
@router.get("/decisions/{decision_id}/answers")
def address_of_a_form(request: Request, decision_id: str = "") -> Response:
    """Whoever opens the address that a form was sent to gets the page of that form."""
    place = f"/decisions/{quote(decision_id)}" if decision_id else "/"
    return see(request, place, request.url.query)


def agent_app(
    open_desk: Callable[[], AgentDesk], access: Access, language: str = "zh-CN", calls: CallDesk | None = None
) -> FastAPI:
    """The pages as an app to be mounted (under `/agent`); `language` is shown to who asks for none.

    `calls`: whose calls are followed live; without one there are none.
    `open_desk` is asked at each request: while a part of the service is missing it raises NotReady, and
    the page says so. `access` says who asks; only signing in is for everybody.
    """
    app = FastAPI(openapi_url=None)
    app.state.open_desk, app.state.access, app.state.language = open_desk, access, language
    app.state.has_form_tokens, app.state.calls = True, calls
    # The stream and the button of calls before a call's own place, whose name could be theirs.
    parts = (
        live_calls, call_pages, sign_pages, own_act_pages, signing_in, kept_pages, let_in_pages, settings_pages,
        team_pages,
    )  # fmt: skip
    for part in (router, *(one.router for one in parts)):
        app.include_router(part)
    app.mount("/static", StaticFiles(directory=STATIC_DIR), name="static")
    app.add_middleware(SecureHeaders)
    show_problems_as_pages(app)
    return app
