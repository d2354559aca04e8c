"""`/v1/bookings`: what the core system did upon a quote."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from serving.access.caller import Caller, needing
from serving.doors.bodies import BookingIn, BookingOut, CancellingIn
from serving.plain_errors import errors
from serving.scoring.recommender import Recommender

__all__ = ["router"]

router = APIRouter()

Booker = Annotated[Caller, Depends(needing("bookings:write"))]


@router.post("/v1/bookings", status_code=201, responses=errors(404, 409, 422, 507))
def book(request: Request, body: BookingIn, response: Response, _caller: Booker) -> BookingOut:
    """Book a quote; sent again under its reference it changes nothing, with status 200."""
    desk: Recommender = request.app.state.recommender()
    booking, is_new = desk.book(body.quote_id, body.amount_amt, body.core_reference, body.booked_at)
    if not is_new:
        response.status_code = 200
    return BookingOut(
        quote_id=booking.quote_id,
        core_reference=booking.core_reference,
        amount_amt=booking.amount_amt,
        booked_at=booking.booked_at,
        is_new=is_new,
    )


@router.post("/v1/bookings/cancelled", status_code=201, responses=errors(404, 409, 422, 507))
def cancel_booking(request: Request, body: CancellingIn, response: Response, _caller: Booker) -> dict[str, Any]:
    """Take a booking back: what it spent is free again; sent again it changes nothing, with status 200."""
    desk: Recommender = request.app.state.recommender()
    is_new = desk.cancel_booking(body.quote_id, body.reason)
    if not is_new:
        response.status_code = 200
    return {"quote_id": body.quote_id, "is_new": is_new}
