"""`/v1/decisions`: a decision made, or read again, as whoever asks may see it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic_core import to_json

from linewise.ledger.quotes import Quote
from serving.access.caller import Caller, access_of, needing
from serving.access.scopes import View, view_for
from serving.doors.bodies import DecisionIn
from serving.plain_errors import errors
from serving.scoring.audience import view_of
from serving.scoring.duties_view import duties_view
from serving.scoring.field_scopes import Audience
from serving.scoring.quoting import quotes_view
from serving.scoring.recommender import Recommender

__all__ = ["router"]

router = APIRouter()

Writer = Annotated[Caller, Depends(needing("decisions:write"))]
Reader = Annotated[Caller, Depends(needing("decisions:read"))]
Reason = Annotated[str, Query(max_length=500)]


def _seen(
    answer: dict[str, Any], duties: Sequence[dict[str, Any]], quotes: Sequence[Quote], audience: Audience
) -> dict[str, Any]:
    return view_of(answer, audience) | {
        "duties": duties_view(duties, audience),
        "quotes": quotes_view(quotes, audience),
    }


@router.post("/v1/decisions", status_code=201, response_model=dict[str, Any], responses=errors(404, 422, 507))
def make_decision(request: Request, body: DecisionIn, caller: Writer, view: View | None = None) -> Response:
    """Decide for one customer; recorded before it is answered, with the look at the customer beside it.

    `view`: as whom to see it, at most what the key may; all that it may where it is left out.
    """
    desk: Recommender = request.app.state.recommender()
    audience = view_for(caller.scopes, view)
    recorded = desk.decide_in_full(
        body.customer_id,
        body.channel,
        body.language,
        verified=body.call.is_identity_verified,
        call=body.call.as_call(),
        asked=None if body.asked is None else body.asked.as_asked(desk.clock.now()),
        beside=access_of(request).look_beside(caller, body.customer_id),
    )
    seen = _seen(recorded.answer, recorded.duties, recorded.quotes, audience)
    # Spelled here: what is left to the framework to spell goes to another thread once more.
    return Response(to_json(seen, inf_nan_mode="null"), 201, media_type="application/json")


@router.get("/v1/decisions/{decision_id}", responses=errors(404, 410))
def get_decision(
    request: Request, decision_id: str, caller: Reader, view: View | None = None, reason: Reason = ""
) -> dict[str, Any]:
    """A decision as it was recorded, with the outcomes, duties and quotes so far.

    `reason`: why a person opens it whose call it is not; a key needs none.
    """
    desk: Recommender = request.app.state.recommender()
    audience = view_for(caller.scopes, view)
    answer = desk.recorded(decision_id)
    customer_id = str(answer["customer_id"])
    is_for_two = caller.is_person and desk.is_for_two(customer_id)
    access_of(request).look(caller, customer_id, is_for_two=is_for_two, reason=reason, decision_id=decision_id)
    seen = _seen(answer, desk.duties_of(decision_id), desk.quotes_of(decision_id), audience)
    return seen | {"outcomes": [dict(one) for one in desk.outcomes_of(decision_id)]}
