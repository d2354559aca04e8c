"""The agent's pages: find a customer, see one decision, record what the customer answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

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
from serving.agent.live_calls import router as live_calls
from serving.agent.problems import show_problems_as_pages
from serving.agent.rendering import render
from serving.agent.signed_in import NOBODY_SIGNED_IN
from serving.agent.wording import ANSWERS, N_
from serving.calls.desk import CallDesk

__all__ = ["agent_app"]

STATIC_DIR = Path(__file__).parent / "static"
MOST_FOUND = 20
LONGEST_SEARCH = 64

router = APIRouter()


def _desk(request: Request) -> AgentDesk:
    open_desk: Callable[[], AgentDesk] = request.app.state.open_desk
    return open_desk()


Desk = Annotated[AgentDesk, Depends(_desk)]


def _see(request: Request, place: str, query: str = "") -> RedirectResponse:
    """Send the browser on to read another page of this app."""
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}{place}" + (f"?{query}" if query else ""), 303)


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
def find_page(request: Request, desk: Desk, q: str = "") -> Response:
    """A search box and the customers whose number begins with what was typed."""
    text = q.strip()[:LONGEST_SEARCH]
    customers = desk.find_customers(text, MOST_FOUND)
    return render(request, "find.html", {"text": text, "customers": customers, "most": MOST_FOUND})


@router.post("/decisions", dependencies=[Depends(enforce_token)])
def decide(request: Request, desk: Desk, customer_id: Annotated[str, Form()]) -> Response:
    """Decide, record, and go to the page of the record: reloading that page decides nothing."""
    view = desk.decide_for_agent(customer_id.strip(), language_of(request), NOBODY_SIGNED_IN)
    return _see(request, f"/decisions/{view['decision_id']}")


@router.get("/decisions/{decision_id}")
def decision_page(request: Request, desk: Desk, decision_id: str) -> Response:
    """A decision as it was recorded, with the answers so far."""
    view = desk.decision_for_agent(decision_id)
    return _decision_page(request, desk, view, notice=_what_was_recorded(request, desk, view))


@router.post("/decisions/{decision_id}/answers", dependencies=[Depends(enforce_token)])
def answer_offer(
    request: Request,
    desk: Desk,
    decision_id: str,
    offer_id: Annotated[str, Form()],
    outcome: Annotated[str, Form()],
    reason_code: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Record one answer, once: a second one to the same offer changes nothing and says so."""
    view = desk.decision_for_agent(decision_id)
    answer = Answer(offer_id, outcome, reason_code, note.strip())
    enforce_shown(answer, view)
    if problem := problem_with(answer):
        sentence = translations(language_of(request)).gettext(problem)
        return _decision_page(request, desk, view, notice=sentence, refused=answer)
    is_new = offer_id not in answers_by_offer(desk.outcomes_of(decision_id))
    if is_new:
        # Until telephony brings calls of its own, one decision stands for one call.
        _, is_new = desk.record_outcome(
            decision_id, offer_id, outcome, reason_code, answer.note, NOBODY_SIGNED_IN, decision_id
        )
    query = {"answered": offer_id} | ({} if is_new else {"again": "1"})
    return _see(request, f"/decisions/{view['decision_id']}", urlencode(query))


@router.get("/decisions")
@router.get("/decisions/{decision_id}/answers")
def address_of_a_form(request: Request, decision_id: str = "") -> Response:
    """Whoever opens the address that a form was sent to gets the page of that form."""
    place = f"/decisions/{quote(decision_id)}" if decision_id else "/"
    return _see(request, place, request.url.query)


def agent_app(open_desk: Callable[[], AgentDesk], language: str = "zh-CN", calls: CallDesk | None = None) -> FastAPI:
    """The pages as an app to be mounted (under `/agent`); `language` is shown to who asks for none.

    `calls`: whose calls are followed live; without one there are none.
    `open_desk` is asked at each request: while a part of the service is missing it raises NotReady, and
    the page says so.
    """
    app = FastAPI(openapi_url=None)
    app.state.open_desk, app.state.language, app.state.calls = open_desk, language, calls
    app.include_router(router)
    app.include_router(live_calls)
    app.mount("/static", StaticFiles(directory=STATIC_DIR), name="static")
    app.add_middleware(SecureHeaders)
    show_problems_as_pages(app)
    return app
