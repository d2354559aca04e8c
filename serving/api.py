"""The HTTP doors: one FastAPI app, errors in plain words, mounted into the BentoML service."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from linewise import __version__
from linewise.core.errors import LinewiseError
from linewise.ledger.asked import Asked
from serving.agent.pages import agent_app
from serving.calls.desk import CallDesk
from serving.calls.router import router as calls_router
from serving.plain_errors import errors
from serving.scoring.audience import view_of
from serving.scoring.call import Call
from serving.scoring.duties_view import duties_view
from serving.scoring.field_scopes import Audience
from serving.scoring.outcomes import Told
from serving.scoring.quoting import quotes_view
from serving.scoring.recommender import Recommender

__all__ = ["make_app"]

log = logging.getLogger("linewise.api")

Id = Annotated[str, Field(min_length=1, max_length=64)]
OutcomeName = Literal[
    "shown", "expanded", "pitched", "accepted", "postponed", "declined", "not_pitched", "disclosure_read",
    "consent_captured", "ordered", "cancelled_in_cooling_off", "activated", "complaint_within_30d",
]  # fmt: skip
ShortText = Annotated[str, Field(max_length=64)]


# Until people sign in the caller names the view; then the role of whoever asks decides it.
View = Literal["full", "customer", "agent", "reviewer", "risk", "auditor"]


def _seen(answer: dict[str, Any], view: View) -> dict[str, Any]:
    """The answer for the view asked for; `full` is what an auditor sees."""
    audience: Audience = "auditor" if view == "full" else view
    return view_of(answer, audience)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


CallReason = Literal["balance", "bill", "limit", "card", "loan", "payment_difficulty", "complaint", "other"]


class CallIn(_Body):
    """The call or visit in which a decision is asked for; what nobody said is left out."""

    call_id: ShortText = ""
    agent_id: ShortText = ""
    is_identity_verified: bool = True
    reason: CallReason | None = None
    tone: Literal["calm", "hurried", "upset"] | None = None
    is_outbound: bool = False
    is_third_person_calling: bool = False
    has_voiced_complaint: bool = False
    has_signalled_hardship: bool = False
    has_asked_for_human: bool = False
    is_willing_to_repay: bool | None = None
    has_reported_fraud: bool = False
    needs_specialist: bool = False

    def as_call(self) -> Call:
        """The call as a decision takes it; that the identity was verified goes beside it."""
        return Call(**self.model_dump(exclude={"is_identity_verified"}))


class AskedIn(_Body):
    """What the customer asks for, with the act that shows it: the call or its recording, the session, the form."""

    what: Literal["offer", "limit", "plan"]
    act: Literal["call", "recording", "app", "web", "branch", "letter"]
    reference: Annotated[str, Field(max_length=128)]
    amount_amt: Annotated[int, Field(gt=0, lt=1 << 53)] | None = None
    action_id: ShortText = ""
    asked_at: datetime | None = None


class DecisionIn(_Body):
    """A request for one decision; without `asked` it is the bank that proposes."""

    customer_id: Id
    channel: Literal["voice", "app", "web", "branch", "ivr"] = "voice"
    language: Literal["zh-CN", "en"] | None = None
    call: CallIn = CallIn()
    asked: AskedIn | None = None


class OutcomeIn(_Body):
    """What became of one offer, of the limit (`LIMIT`) or of a plan (`PLAN-36`)."""

    decision_id: Id
    offer_id: Id
    outcome: OutcomeName
    reason_code: ShortText = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    call_id: ShortText = ""
    agent_id: ShortText = ""
    occurred_at: datetime | None = None
    not_before: date | None = None


class BookingIn(_Body):
    """What the core system booked upon a quote, under its own reference, by which it may be sent again."""

    quote_id: Id
    amount_amt: Annotated[int, Field(gt=-(1 << 53), lt=1 << 53)]
    core_reference: Annotated[str, Field(max_length=128)]
    booked_at: datetime | None = None


class CancellingIn(_Body):
    """Why the core system took a booking back."""

    quote_id: Id
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class BookingOut(BaseModel):
    """The booking, and whether it was new or already there."""

    quote_id: str
    core_reference: str
    amount_amt: int
    booked_at: datetime
    is_new: bool


class OutcomeOut(BaseModel):
    """The outcome's id, and whether it was new or already there."""

    outcome_id: str
    is_new: bool


def _asked(body: AskedIn | None, now: datetime) -> Asked | None:
    return None if body is None else Asked(**body.model_dump() | {"asked_at": body.asked_at or now})


def _error(status: int, error: str, detail: str) -> JSONResponse:
    return JSONResponse(status_code=status, content={"error": error, "detail": detail})


def _on_linewise_error(_request: Request, err: Exception) -> Response:
    assert isinstance(err, LinewiseError)  # noqa: S101  registered for that class alone
    return _error(err.http_status, err.code, str(err))


def _on_malformed(_request: Request, err: Exception) -> Response:
    assert isinstance(err, RequestValidationError)  # noqa: S101  registered for that class alone
    if any(one["type"] == "json_invalid" for one in err.errors()):
        return _error(422, "MalformedRequest", "The request cannot be read: its body is not JSON.")
    fields = sorted({".".join(str(part) for part in one["loc"][1:]) or "the body" for one in err.errors()})
    return _error(422, "MalformedRequest", f"The request cannot be read: see {', '.join(fields)}.")


def _on_unexpected(request: Request, err: Exception) -> Response:
    # What happened goes to the log; the caller learns only that it was not their fault.
    log.error("unexpected error at %s", request.url.path, exc_info=err)
    return _error(500, "InternalError", "Something went wrong on our side; it was logged.")


def make_app(recommender: Callable[[], Recommender], language: str = "zh-CN") -> FastAPI:
    """The app over a recommender, with the agent's pages under `/agent/` in `language` by default.

    `recommender` is asked at each request, so that a service that started before its bank, features or
    models were there answers 503 with what to run, and works as soon as they are.
    """
    app = FastAPI(title="Linewise", version=__version__, docs_url=None, redoc_url=None)
    app.add_exception_handler(LinewiseError, _on_linewise_error)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(Exception, _on_unexpected)
    app.state.calls = calls = CallDesk(recommender, language)
    app.include_router(calls_router)

    @app.post("/v1/decisions", status_code=201, responses=errors(403, 404, 422, 503, 507))
    def make_decision(body: DecisionIn, view: View = "full") -> dict[str, Any]:
        """Decide for one customer; recorded before it is answered."""
        desk = recommender()
        answer = desk.decide_one(
            body.customer_id,
            body.channel,
            body.language,
            verified=body.call.is_identity_verified,
            call=body.call.as_call(),
            asked=_asked(body.asked, desk.clock.now()),
        )
        decision_id = answer["decision_id"]
        duties, quotes = desk.duties_of(decision_id), desk.quotes_of(decision_id)
        return _seen(answer, view) | {"duties": duties_view(duties, view), "quotes": quotes_view(quotes, view)}

    @app.get("/v1/decisions/{decision_id}", responses=errors(404, 410, 503))
    def get_decision(decision_id: str, view: View = "full") -> dict[str, Any]:
        """A decision as it was recorded, with the outcomes, duties and quotes so far."""
        desk = recommender()
        answer = desk.recorded(decision_id)
        told = {"outcomes": [dict(one) for one in desk.outcomes_of(decision_id)]}
        told["duties"] = duties_view(desk.duties_of(decision_id), view)
        told["quotes"] = quotes_view(desk.quotes_of(decision_id), view)
        return _seen(answer, view) | told

    @app.post("/v1/outcomes", status_code=201, responses=errors(404, 409, 410, 422, 503, 507))
    def record_outcome(body: OutcomeIn, response: Response) -> OutcomeOut:
        """Record an answer; sent again it changes nothing and gives the id that it has, with status 200.

        Once another answer stands, the same one again is a new one, unless it occurred before that one.
        """
        outcome_id, is_new = recommender().record(body.decision_id, Told(**body.model_dump(exclude={"decision_id"})))
        if not is_new:
            response.status_code = 200
        elif body.call_id:
            calls.heed(body.call_id)
        return OutcomeOut(outcome_id=outcome_id, is_new=is_new)

    @app.post("/v1/bookings", status_code=201, responses=errors(404, 409, 422, 503, 507))
    def book(body: BookingIn, response: Response) -> BookingOut:
        """Book a quote; sent again under its reference it changes nothing, with status 200."""
        booking, is_new = recommender().book(body.quote_id, body.amount_amt, body.core_reference, body.booked_at)
        if not is_new:
            response.status_code = 200
        return BookingOut(
            quote_id=booking.quote_id,
            core_reference=booking.core_reference,
            amount_amt=booking.amount_amt,
            booked_at=booking.booked_at,
            is_new=is_new,
        )

    @app.post("/v1/bookings/cancelled", status_code=201, responses=errors(404, 409, 422, 503, 507))
    def cancel_booking(body: CancellingIn, response: Response) -> dict[str, Any]:
        """Take a booking back: what it spent is free again; sent again it changes nothing, with status 200."""
        is_new = recommender().cancel_booking(body.quote_id, body.reason)
        if not is_new:
            response.status_code = 200
        return {"quote_id": body.quote_id, "is_new": is_new}

    @app.get("/", include_in_schema=False)
    def root() -> Response:
        """Whoever opens the bare address is an agent looking for the screen."""
        return RedirectResponse("/agent/")

    app.mount("/agent", agent_app(recommender, language, calls))
    return app
