"""`/v1/outcomes`: what became of a suggestion."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from serving.access.caller import Caller, needing
from serving.calls import CallDesk
from serving.doors.bodies import OutcomeIn, OutcomeOut
from serving.plain_errors import errors
from serving.scoring.outcomes import Told
from serving.scoring.recommender import Recommender

__all__ = ["router"]

router = APIRouter()

Teller = Annotated[Caller, Depends(needing("outcomes:write"))]


@router.post("/v1/outcomes", status_code=201, responses=errors(404, 409, 410, 422, 507))
def record_outcome(request: Request, body: OutcomeIn, response: Response, _caller: Teller) -> OutcomeOut:
    """Record an answer; sent again it changes nothing and gives the id that it has, with status 200.

    Once another answer stands, the same one again is a new one, unless it occurred before that one.
    """
    desk: Recommender = request.app.state.recommender()
    outcome_id, is_new = desk.record(body.decision_id, Told(**body.model_dump(exclude={"decision_id"})))
    if not is_new:
        response.status_code = 200
    elif body.call_id:
        calls: CallDesk = request.app.state.calls
        calls.heed(body.call_id)
    until = desk.awaited_until(body.decision_id, body.offer_id) if body.outcome == "consent_captured" else None
    return OutcomeOut(outcome_id=outcome_id, is_new=is_new, awaiting_customer_until=until)
